/** How far the portal's tasks are: 2,500 of them with one request, 50 ids to a search and 50 searches to a batch. */
import { BATCH_LIMIT, type Bitrix24Client } from "../../lib/bitrix24/client.ts";
import type { SentMessage } from "../../lib/messages/sent_message.ts";
import { errorText } from "../../lib/telemetry/error_text.ts";
import type { Progress } from "../target_system.ts";
import type { AnswerTexts } from "./answer_texts.ts";
import { completedTaskResponse, listedTasks, type PortalTask, taskIdIn } from "./portal_task.ts";

export interface TrackTasksDeps {
  readonly client: Bitrix24Client;
  readonly answers: AnswerTexts;
}

/** The code with which a process may catch that a person declined its task. */
export const DECLINED = "TASK_DECLINED";

const SHOWN_FIELDS = ["ID", "TITLE", "STATUS", "UF_RESULT_EXPECTED", "UF_RESULT_ANSWER"];
/** The page size of `tasks.task.list`. */
const IDS_PER_SEARCH = 50;

type Look = { readonly kind: "shown"; readonly task: PortalTask } | Extract<Progress, { kind: "retry" | "down" }>;

/** One outcome per sent message, in order. A message without a task id is `missing`: no task will ever answer for it. */
export async function trackTasks(
  sent: readonly SentMessage[],
  deps: TrackTasksDeps,
  signal: AbortSignal,
): Promise<Progress[]> {
  const ids = sent.map(({ response_data }) => taskIdIn(response_data));
  const looks = await lookAt([...new Set(ids.filter((id) => id !== undefined))], deps.client, signal);
  const textOf = await answerTexts(looks, deps.answers, signal);
  return ids.map((id): Progress => {
    const look = id === undefined ? undefined : looks.get(id);
    if (look === undefined) return { kind: "missing" };
    return look.kind === "shown" ? progressOf(look.task, textOf) : look;
  });
}

/** By id; an id that the portal does not show has no entry. */
async function lookAt(ids: readonly string[], client: Bitrix24Client, signal: AbortSignal) {
  const groups = Array.from(
    { length: Math.ceil(ids.length / IDS_PER_SEARCH) },
    (_, index) => ids.slice(index * IDS_PER_SEARCH, (index + 1) * IDS_PER_SEARCH),
  );
  const commands = groups.map((group) => ({
    method: "tasks.task.list",
    params: { order: { ID: "asc" }, filter: { ID: group }, select: SHOWN_FIELDS, start: -1 },
  }));
  const results = await client.runAll(commands, BATCH_LIMIT, signal);
  return new Map(results.flatMap((result, index): [string, Look][] => {
    const group = groups[index] ?? [];
    const all = (look: Look): [string, Look][] => group.map((id) => [id, look]);
    if (!result.ok) return all({ kind: result.error.isAboutPortal ? "down" : "retry", reason: result.error.message });
    const tasks = listedTasks.safeParse(result.result).data;
    // Anything else would make tasks look deleted that are there.
    if (tasks === undefined || tasks.some(({ id }) => !group.includes(id))) {
      return all({ kind: "retry", reason: "Bitrix24 answered a search by id with something else." });
    }
    return tasks.map((task) => [task.id, { kind: "shown", task }]);
  }));
}

/** What an answer id means, or why that is not known. */
type TextOf = (answerId: string) => { readonly text: string } | { readonly problem: string };

async function answerTexts(
  looks: ReadonlyMap<string, Look>,
  answers: AnswerTexts,
  signal: AbortSignal,
): Promise<TextOf> {
  const ids = [...looks.values()].flatMap((look) =>
    look.kind === "shown" && isDone(look.task) && look.task.ufResultAnswer !== null ? [look.task.ufResultAnswer] : []
  );
  if (ids.length === 0) return () => ({ problem: "not read" });
  try {
    const texts = await answers.covering(ids, signal);
    return (id) => {
      const text = texts.get(id);
      return text === undefined ? { problem: `Bitrix24 does not say what the answer ${id} means.` } : { text };
    };
  } catch (error) {
    const problem = `Cannot read what the answers in Bitrix24 mean: ${errorText(error)}`;
    return () => ({ problem });
  }
}

function isDone({ status }: PortalTask): boolean {
  return status === "5";
}

/** 4 (awaiting control) is open: the controller may still return the work. */
function progressOf(task: PortalTask, textOf: TextOf): Progress {
  if (task.status === "7") return { kind: "cancelled", code: DECLINED, reason: "The task was declined in Bitrix24." };
  if (!isDone(task)) return { kind: "open" };
  if (task.ufResultAnswer === null) {
    return { kind: "done", variables: {}, response: completedTaskResponse(task, undefined) };
  }
  const answer = textOf(task.ufResultAnswer);
  // An approval that nobody can read must not reach the process as a no.
  if ("problem" in answer) return { kind: "retry", reason: answer.problem };
  return { kind: "done", variables: {}, response: completedTaskResponse(task, answer.text) };
}
