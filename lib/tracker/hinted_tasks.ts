/**
 * Looks at objects as soon as a target tells that they changed, and answers those that are done while their messages wait in
 * the broker. Only an answer is given here; whatever else a look finds is left to the next tick, which finds it too, as it
 * does when hints are lost.
 */
import type { Progress, TargetSystem, Webhook } from "../../adapters/target_system.ts";
import type { CamundaClient } from "../camunda/client.ts";
import type { ExternalTask } from "../camunda/types.ts";
import type { SentMessage } from "../messages/sent_message.ts";
import type { TaskMessage } from "../messages/task_message.ts";
import { askTogether } from "../program/ask_together.ts";
import type { StopSignals } from "../program/guarded_consumer.ts";
import type { TaskTurns } from "../program/task_turns.ts";
import type { Log } from "../telemetry/log.ts";
import { FailureLog } from "../telemetry/repeats.ts";
import { aborted, type Clock } from "../time/clock.ts";
import { AnsweredTasks } from "./answered_tasks.ts";
import type { HintLine } from "./hint_line.ts";
import { KeptMessages } from "./kept_messages.ts";

export type Done = Extract<Progress, { readonly kind: "done" }>;

export interface HintedTasksDeps {
  readonly adapter: Pick<TargetSystem, "name" | "track">;
  readonly webhook: Webhook;
  readonly camunda: Pick<CamundaClient, "externalTasks">;
  readonly line: HintLine;
  /** Those of the tracker: a task is never looked at twice at once. */
  readonly turns: TaskTurns;
  readonly clock: Clock;
  readonly log: Log;
  /** Resolves once the answer is confirmed by the broker. */
  answer(sent: SentMessage, done: Done, hintedAtMs: number): Promise<void>;
}

interface Hinted {
  readonly sent: SentMessage;
  readonly atMs: number;
}

/** One person's click makes several calls, and people of one meeting finish their tasks together. */
const GATHER_MS = 50;
/** The portal is asked for 50 with one search; more would only keep the first of them waiting. */
const MOST_AT_ONCE = 500;
const MOST_WAITING = 5_000;

export class HintedTasks {
  readonly #kept: KeptMessages;
  readonly #answered = new AnsweredTasks();
  readonly #failures: FailureLog;
  readonly #connection: Disposable;
  /** Object ids and when each was first told of, in epoch milliseconds. */
  readonly #hinted = new Map<string, number>();
  #work: Promise<void> | undefined;

  /** Takes hints at once. */
  constructor(private readonly deps: HintedTasksDeps, private readonly signals: StopSignals) {
    this.#kept = new KeptMessages(deps.webhook);
    const what = `What ${deps.adapter.name} tells of its tasks is of no use until their next look`;
    this.#failures = new FailureLog(deps.log, { code: "tracker.hints", what, now: () => deps.clock.now() });
    this.#connection = deps.line.connect((objectIds) => this.#take(objectIds));
  }

  /** The task of this message is about to be looked at; hints count from now on. */
  keep(sent: SentMessage): void {
    this.#kept.keep(sent);
  }

  /** Its answer was given, or is no longer wanted. */
  forget(sent: SentMessage): void {
    this.#kept.forget(sent);
  }

  /** Whether the task of a message that comes by was answered meanwhile, so that nothing is left to do. Asked once for each. */
  isOver({ task_id: taskId }: TaskMessage, hasWaited: boolean): boolean {
    if (!this.#answered.isOver(taskId, hasWaited)) return false;
    this.deps.line.countEndedWait();
    this.deps.log.debug("tracker.wait_ended", "A hint had answered this task", { taskId });
    return true;
  }

  async ended(): Promise<void> {
    await aborted(this.signals.signal);
    this.#connection[Symbol.dispose]();
    await this.#work;
  }

  #take(objectIds: readonly string[]): void {
    const { line, clock } = this.deps;
    for (const id of objectIds) {
      if (!this.#kept.has(id)) line.count("unknown");
      else if (this.#hinted.has(id)) continue;
      else if (this.#hinted.size >= MOST_WAITING || this.signals.signal.aborted) line.count("dropped");
      else this.#hinted.set(id, clock.now());
    }
    if (this.#hinted.size > 0) this.#work ??= this.#follow();
  }

  /** One look at a time: while it waits for the portal's limits, the next gathers. */
  async #follow(): Promise<void> {
    const { clock, line } = this.deps;
    const { signal, force } = this.signals;
    while (this.#hinted.size > 0) {
      await clock.sleep(GATHER_MS, signal).catch(() => {});
      if (signal.aborted) break;
      const hinted = [...this.#hinted].slice(0, MOST_AT_ONCE);
      for (const [id] of hinted) this.#hinted.delete(id);
      try {
        await this.#look(hinted);
      } catch (error) {
        if (force.aborted) break;
        line.count("left", hinted.length);
        this.#failures.failed(error);
      }
    }
    line.count("dropped", this.#hinted.size);
    this.#hinted.clear();
    this.#work = undefined;
  }

  async #look(hinted: readonly (readonly [id: string, atMs: number])[]): Promise<void> {
    const { adapter, camunda, line, turns } = this.deps;
    const { force } = this.signals;
    const known = hinted.flatMap(([id, atMs]) => {
      const sent = this.#kept.get(id);
      return sent === undefined ? [] : [{ id, sent, atMs }];
    });
    using _turn = await turns.take(known.map(({ sent }) => sent.original_message.task_id));
    // A tick may have ended some while this one waited for its turn.
    const open = known.filter(({ id }) => this.#kept.has(id));
    line.count("left", hinted.length - open.length);
    if (open.length === 0) return;

    const progress = await askTogether<Hinted, Progress>(
      open,
      (tasks) => adapter.track(tasks.map(({ sent }) => sent), force),
      (reason) => ({ kind: "retry", reason }),
      force,
    );
    const done = open.flatMap((task, index) => {
      const ofTask = progress[index];
      if (ofTask?.kind === "done") return [{ ...task, done: ofTask }];
      line.count(ofTask?.kind === "open" ? "open" : "left");
      return [];
    });
    if (done.length === 0) return;

    const ids = done.map(({ sent }) => sent.original_message.task_id);
    const inCamunda = await camunda.externalTasks({ externalTaskIdIn: ids }, force).catch((error) => {
      force.throwIfAborted();
      this.#failures.failed(error);
      return new Map<string, ExternalTask>();
    });
    await Promise.all(done.map(async ({ sent, done, atMs }) => {
      const { original_message: task } = sent;
      const wanted = isWanted(inCamunda.get(task.task_id), task) && await this.#answer(sent, done, atMs);
      line.count(wanted ? "answered" : "left");
    }));
  }

  /** Whether the answer is on its way. */
  async #answer(sent: SentMessage, done: Done, atMs: number): Promise<boolean> {
    try {
      await this.deps.answer(sent, done, atMs);
    } catch (error) {
      this.signals.force.throwIfAborted();
      this.#failures.failed(error);
      return false;
    }
    this.#answered.add(sent.original_message.task_id);
    this.#kept.forget(sent);
    this.#failures.recovered();
    return true;
  }
}

/** A task that Camunda shows otherwise than its message does is looked into at the next tick, with all that belongs to it. */
function isWanted(shown: ExternalTask | undefined, { topic, tenant_id: tenantId }: TaskMessage): boolean {
  return shown !== undefined && !shown.suspended && (topic === "" || shown.topicName === topic) &&
    (tenantId === null || shown.tenantId === tenantId);
}
