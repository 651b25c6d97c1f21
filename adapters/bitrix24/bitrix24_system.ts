/** Bitrix24 as a target system: a task of the portal for each external task, found again by its own field for the id. */
import type { Bitrix24Client } from "../../lib/bitrix24/client.ts";
import type { SentMessage } from "../../lib/messages/sent_message.ts";
import type { TaskMessage } from "../../lib/messages/task_message.ts";
import type { CheckResult } from "../../lib/telemetry/check_result.ts";
import { errorText } from "../../lib/telemetry/error_text.ts";
import type { Log } from "../../lib/telemetry/log.ts";
import type { Clock } from "../../lib/time/clock.ts";
import type { CreateOutcome, Progress, TargetSystem, Withdrawal } from "../target_system.ts";
import { AnswerTexts } from "./answer_texts.ts";
import { createTasks, type CreateTasksOptions } from "./create_tasks.ts";
import { checkTaskFields } from "./field_check.ts";
import { checkView } from "./view_check.ts";
import { withdrawTasks } from "./withdraw_tasks.ts";
import { trackTasks } from "./track_tasks.ts";

export interface Bitrix24SystemDeps {
  /** Closed with the system. */
  readonly client: Bitrix24Client;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Bitrix24SystemOptions extends CreateTasksOptions {
  /** BITRIX_SEES_ALL_TASKS. */
  readonly seesAllTasks: boolean;
}

export class Bitrix24System implements TargetSystem, Disposable {
  readonly name = "bitrix24";
  readonly #answers: AnswerTexts;
  #checked = false;

  constructor(private readonly options: Bitrix24SystemOptions, private readonly deps: Bitrix24SystemDeps) {
    this.#answers = new AnswerTexts(deps.client, deps.clock);
  }

  identity(): "searchable" {
    return "searchable";
  }

  async check(signal: AbortSignal): Promise<CheckResult[]> {
    const name = "Bitrix24: webhook";
    try {
      const questions = ["task.item.userfield.getlist", "user.admin"].map((method) => ({ method, params: {} }));
      const [fields, admin] = await this.deps.client.batch(questions, signal);
      if (fields?.ok !== true) throw fields?.error ?? new Error("The portal left its task fields out of its answer.");
      const view = this.options.seesAllTasks ? [] : [checkView(admin)];
      return [{ name, ok: true, detail: "the portal answers" }, checkTaskFields(fields.result), ...view];
    } catch (error) {
      const remedy = "Check BITRIX_WEBHOOK_URL, the network and the webhook's rights.";
      return [{ name, ok: false, detail: errorText(error), remedy }];
    }
  }

  async create(tasks: readonly TaskMessage[], signal: AbortSignal): Promise<CreateOutcome[]> {
    const problem = await this.#problem(signal);
    if (problem !== undefined) return tasks.map(() => ({ kind: "down", reason: problem }));
    return await createTasks(tasks, this.options, this.deps, signal);
  }

  /**
   * Once per run: the portal silently drops a value for a field it lacks, and shows nothing of what it hides; nobody would
   * find the task again.
   */
  async #problem(signal: AbortSignal): Promise<string | undefined> {
    if (this.#checked) return undefined;
    const problem = (await this.check(signal)).find(({ ok }) => !ok);
    this.#checked = problem === undefined;
    return problem && `${problem.name}: ${problem.detail}. ${problem.remedy ?? ""}`.trim();
  }

  track(sent: readonly SentMessage[], signal: AbortSignal): Promise<Progress[]> {
    return trackTasks(sent, { client: this.deps.client, answers: this.#answers }, signal);
  }

  withdraw(sent: readonly SentMessage[], _reason: string, signal: AbortSignal): Promise<Withdrawal[]> {
    return withdrawTasks(sent, this.deps.client, signal);
  }

  [Symbol.dispose](): void {
    this.deps.client[Symbol.dispose]();
  }
}
