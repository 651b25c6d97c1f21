/** Bitrix24 as a target system: a task of the portal for each external task, found again by its own field for the id. */
import type { Bitrix24Client } from "../../lib/bitrix24/client.ts";
import type { SentMessage } from "../../lib/messages/sent_message.ts";
import type { TaskMessage } from "../../lib/messages/task_message.ts";
import type { CheckResult } from "../../lib/telemetry/check_result.ts";
import { errorText } from "../../lib/telemetry/error_text.ts";
import type { Log } from "../../lib/telemetry/log.ts";
import type { Clock } from "../../lib/time/clock.ts";
import type { CreateOutcome, Progress, TargetSystem } from "../target_system.ts";
import { AnswerTexts } from "./answer_texts.ts";
import { createTasks, type CreateTasksOptions } from "./create_tasks.ts";
import { checkTaskFields } from "./field_check.ts";
import { taskIdIn } from "./portal_task.ts";
import { trackTasks } from "./track_tasks.ts";

export interface Bitrix24SystemDeps {
  /** Closed with the system. */
  readonly client: Bitrix24Client;
  readonly clock: Clock;
  readonly log: Log;
}

export class Bitrix24System implements TargetSystem, Disposable {
  readonly name = "bitrix24";
  readonly #answers: AnswerTexts;
  #fieldsSeen = false;

  constructor(private readonly options: CreateTasksOptions, private readonly deps: Bitrix24SystemDeps) {
    this.#answers = new AnswerTexts(deps.client, deps.clock);
  }

  identity(): "searchable" {
    return "searchable";
  }

  async check(signal: AbortSignal): Promise<CheckResult[]> {
    const name = "Bitrix24: webhook";
    try {
      const fields = await this.deps.client.call("task.item.userfield.getlist", {}, signal);
      return [{ name, ok: true, detail: "the portal answers" }, checkTaskFields(fields)];
    } catch (error) {
      const remedy = "Check BITRIX_WEBHOOK_URL, the network and the webhook's rights.";
      return [{ name, ok: false, detail: errorText(error), remedy }];
    }
  }

  async create(tasks: readonly TaskMessage[], signal: AbortSignal): Promise<CreateOutcome[]> {
    const problem = await this.#missingFields(signal);
    if (problem !== undefined) return tasks.map(() => ({ kind: "down", reason: problem }));
    return await createTasks(tasks, this.options, this.deps, signal);
  }

  /** Once per run: the portal silently drops a value for a field it lacks, and nobody would find the task again. */
  async #missingFields(signal: AbortSignal): Promise<string | undefined> {
    if (this.#fieldsSeen) return undefined;
    const problem = (await this.check(signal)).find(({ ok }) => !ok);
    this.#fieldsSeen = problem === undefined;
    return problem && `${problem.name}: ${problem.detail}`;
  }

  track(sent: readonly SentMessage[], signal: AbortSignal): Promise<Progress[]> {
    return trackTasks(sent, { client: this.deps.client, answers: this.#answers }, signal);
  }

  /** Says so in a comment. The reason is in the language of logs, the comment in that of the portal's people. */
  async withdraw(sent: SentMessage, _reason: string, signal: AbortSignal): Promise<void> {
    const id = taskIdIn(sent.response_data);
    if (id === undefined) return;
    const POST_MESSAGE = "Процесс больше не ждёт эту задачу: он завершён, отменён или пошёл другим путём.";
    // This old method reads its parameters by position: TASKID comes first.
    await this.deps.client.call("task.commentitem.add", { TASKID: Number(id), FIELDS: { POST_MESSAGE } }, signal);
  }

  [Symbol.dispose](): void {
    this.deps.client[Symbol.dispose]();
  }
}
