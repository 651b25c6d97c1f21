/** Bitrix24 as a target system: a task of the portal for each external task, found again by its own field for the id. */
import type { Meter } from "@opentelemetry/api";
import type { Bitrix24Client } from "../../lib/bitrix24/client.ts";
import type { SentMessage } from "../../lib/messages/sent_message.ts";
import type { TaskMessage } from "../../lib/messages/task_message.ts";
import type { CheckResult } from "../../lib/telemetry/check_result.ts";
import { errorText } from "../../lib/telemetry/error_text.ts";
import type { Log } from "../../lib/telemetry/log.ts";
import type { SetupStep } from "../../lib/telemetry/setup_step.ts";
import type { Clock } from "../../lib/time/clock.ts";
import type { CreateOutcome, Progress, TargetSystem, Webhook, Withdrawal } from "../target_system.ts";
import { AddonPresence } from "./addon_presence.ts";
import { createTasks, type CreateTasksOptions } from "./creation/create_tasks.ts";
import { type AnswerCache, newAnswerCache } from "./creation/portal_calls.ts";
import { ProcessSyncs } from "./creation/process_syncs.ts";
import { checkTaskFields } from "./field_check.ts";
import { checkRights, RIGHTS_QUESTION } from "./rights_check.ts";
import { setUpTaskFields } from "./task_field_setup.ts";
import { handleOtherTopics } from "./topics/handle_other_topics.ts";
import { isOtherTopic } from "./topics/topics.ts";
import { checkView } from "./view_check.ts";
import { TrackedTasks } from "./tracking/track_tasks.ts";
import type { TrackingSettings } from "./tracking/tracking_settings.ts";
import { tellRefused } from "./tracking/tell_refused.ts";
import { withdrawTasks } from "./tracking/withdraw_tasks.ts";
import { bitrixWebhook } from "./webhook.ts";

export interface Bitrix24SystemDeps {
  /** Closed with the system. */
  readonly client: Bitrix24Client;
  readonly clock: Clock;
  readonly log: Log;
  /** Without it nothing is counted. */
  readonly meter?: Meter | undefined;
}

export interface Bitrix24SystemOptions extends CreateTasksOptions {
  /** BITRIX_SEES_ALL_TASKS. */
  readonly seesAllTasks: boolean;
  /** BITRIX_ADDON. */
  readonly addon: "auto" | "on" | "off";
  readonly tracking: TrackingSettings;
  /** How long templates and names are remembered. */
  readonly cacheMs: number;
  /** BITRIX_APPLICATION_TOKEN as it is now. */
  readonly applicationTokens: () => readonly string[];
}

export class Bitrix24System implements TargetSystem, Disposable {
  readonly name = "bitrix24";
  readonly webhook: Webhook;
  readonly #addon: AddonPresence;
  readonly #cache: AnswerCache;
  readonly #syncs: ProcessSyncs;
  readonly #tracked: TrackedTasks;
  #checked = false;

  constructor(private readonly options: Bitrix24SystemOptions, private readonly deps: Bitrix24SystemDeps) {
    this.#addon = new AddonPresence(options.addon, deps.client);
    this.#cache = newAnswerCache(options.cacheMs, deps.clock);
    this.#syncs = new ProcessSyncs(deps.client, deps.log);
    const hasAddon = (signal: AbortSignal) => this.#addon.isThere(signal);
    this.#tracked = new TrackedTasks(options.tracking, { ...deps, hasAddon });
    this.webhook = bitrixWebhook(options.applicationTokens);
  }

  identity(): "searchable" {
    return "searchable";
  }

  async check(signal: AbortSignal): Promise<CheckResult[]> {
    const name = "Bitrix24: webhook";
    try {
      const questions = [
        { method: "task.item.userfield.getlist", params: {} },
        { method: "user.admin", params: {} },
        this.#addon.question,
        RIGHTS_QUESTION,
      ];
      const [fields, admin, addon, rights] = await this.deps.client.batch(questions, signal);
      if (fields?.ok !== true) throw fields?.error ?? new Error("The portal left its task fields out of its answer.");
      const view = this.options.seesAllTasks ? [] : [checkView(admin)];
      const answers = { name, ok: true, detail: "the portal answers" };
      return [answers, checkRights(rights), checkTaskFields(fields.result), ...view, this.#addon.check(addon)];
    } catch (error) {
      const remedy = "Check BITRIX_WEBHOOK_URL, the network and the webhook's rights.";
      return [{ name, ok: false, detail: errorText(error), remedy }];
    }
  }

  setup(options: { readonly apply: boolean }, signal: AbortSignal): Promise<SetupStep[]> {
    return setUpTaskFields(this.deps.client, options, signal);
  }

  async create(tasks: readonly TaskMessage[], signal: AbortSignal): Promise<CreateOutcome[]> {
    const problem = await this.#problem(signal);
    if (problem !== undefined) return tasks.map(() => ({ kind: "down", reason: problem }));
    const { forPeople = [], errands = [] } = Object.groupBy(
      tasks,
      ({ topic }) => isOtherTopic(topic) ? "errands" : "forPeople",
    );
    const { createBatch, settings } = this.options;
    const [created, done] = await Promise.all([
      this.#createForPeople(forPeople, signal),
      handleOtherTopics(errands, { createBatch, timeZone: settings.BITRIX_TIME_ZONE }, this.deps, signal),
    ]);
    const outcomes = new Map([...zip(forPeople, created), ...zip(errands, done)]);
    return tasks.map((task) => outcomes.get(task) ?? { kind: "retry", reason: "not tried" });
  }

  async #createForPeople(tasks: readonly TaskMessage[], signal: AbortSignal): Promise<CreateOutcome[]> {
    if (tasks.length === 0) return [];
    const hasAddon = await this.#addon.isThere(signal);
    const outcomes = await createTasks(tasks, this.options, { ...this.deps, cache: this.#cache, hasAddon }, signal);
    if (hasAddon) await this.#syncs.tell(tasks.filter((_, index) => outcomes[index]?.kind === "created"), signal);
    return outcomes;
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
    return this.#tracked.track(sent, signal);
  }

  withdraw(sent: readonly SentMessage[], _reason: string, signal: AbortSignal): Promise<Withdrawal[]> {
    return withdrawTasks(sent, this.options.tracking, this.deps, signal);
  }

  tellRefused(taskIds: readonly string[], signal: AbortSignal): Promise<void> {
    return tellRefused(taskIds, this.deps.client, signal);
  }

  [Symbol.dispose](): void {
    this.deps.client[Symbol.dispose]();
  }
}

function zip<A, B>(left: readonly A[], right: readonly B[]): [A, B][] {
  return left.flatMap((item, index) => {
    const other = right[index];
    return other === undefined ? [] : [[item, other]];
  });
}
