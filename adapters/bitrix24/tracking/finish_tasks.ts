/** What finished tasks say: the meaning of their answers, and all that is collected from them. */
import { Bitrix24Error } from "../../../lib/bitrix24/bitrix24_error.ts";
import { BATCH_LIMIT, type Bitrix24Client } from "../../../lib/bitrix24/client.ts";
import { GatheredCalls } from "../../../lib/bitrix24/gathered_calls.ts";
import { errorText } from "../../../lib/telemetry/error_text.ts";
import type { PortalTask } from "../portal_task.ts";
import type { AnswerTexts } from "./answer_texts.ts";
import { collect, type Collectable, type Collected } from "./collect.ts";
import type { Failure } from "./look_at_tasks.ts";

export interface Finish {
  readonly kind: "finished";
  readonly task: PortalTask;
  readonly answer: string | undefined;
  readonly collected: Collected;
}

export interface FinishTasksDeps {
  readonly client: Bitrix24Client;
  readonly answers: AnswerTexts;
  /** Rejects with a Bitrix24Error when the portal does not say whether it has what is to be collected. */
  readonly whatToCollect: (signal: AbortSignal) => Promise<ReadonlySet<Collectable>>;
}

/** By the portal's task id. A task of which anything stays unknown is not finished yet. */
export async function finishTasks(
  tasks: readonly PortalTask[],
  { client, answers, whatToCollect }: FinishTasksDeps,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Finish | Failure>> {
  if (tasks.length === 0) return new Map();
  const textOf = await answerTexts(tasks, answers, signal);
  const calls = new GatheredCalls(client, BATCH_LIMIT, signal);
  const finish = async (task: PortalTask, what: ReadonlySet<Collectable>): Promise<Finish | Failure> => {
    const answer = task.ufResultAnswer === null ? { text: undefined } : textOf(task.ufResultAnswer);
    // An approval that nobody can read must not reach the process as a no.
    if ("kind" in answer) return answer;
    try {
      return { kind: "finished", task, answer: answer.text, collected: await collect(task.id, what, calls) };
    } catch (error) {
      return notCollected(error);
    }
  };
  try {
    const what = await whatToCollect(signal);
    return new Map(await Promise.all(tasks.map(async (task) => [task.id, await finish(task, what)] as const)));
  } catch (error) {
    const failure = notCollected(error);
    return new Map(tasks.map(({ id }) => [id, failure]));
  }
}

/** A right that the webhook lacks for one of the methods keeps no other task from being finished. */
function notCollected(error: unknown): Failure {
  if (!(error instanceof Bitrix24Error)) throw error;
  const kind = error.failure === "limited" || error.failure === "unavailable" ? "down" : "retry";
  return { kind, reason: `Cannot read what people said in the task: ${error.message}` };
}

/** What an answer id means, or why that is not known. */
type TextOf = (answerId: string) => { readonly text: string } | Failure;

async function answerTexts(
  tasks: readonly PortalTask[],
  answers: AnswerTexts,
  signal: AbortSignal,
): Promise<TextOf> {
  const ids = tasks.flatMap(({ ufResultAnswer }) => ufResultAnswer ?? []);
  if (ids.length === 0) return () => ({ kind: "retry", reason: "No answer was read." });
  try {
    const texts = await answers.covering(ids, signal);
    return (id) => {
      const text = texts.get(id);
      return text === undefined
        ? { kind: "retry", reason: `Bitrix24 does not say what the answer ${id} means.` }
        : { text };
    };
  } catch (error) {
    const kind = error instanceof Bitrix24Error && error.isAboutPortal ? "down" : "retry";
    const reason = `Cannot read what the answers in Bitrix24 mean: ${errorText(error)}`;
    return () => ({ kind, reason });
  }
}
