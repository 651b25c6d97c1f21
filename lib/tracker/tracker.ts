/**
 * The tracker of one system: sent messages in, a look at their objects in the target, responses out for what is done. Open
 * tasks wait in the broker until the next common tick and come back together. What a look means is decided here.
 */
import type { Progress, TargetSystem, Withdrawal } from "../../adapters/target_system.ts";
import type { Settlement } from "../amqp/batches.ts";
import type { Delivery } from "../amqp/broker.ts";
import { sentQueueOf } from "../amqp/topology.ts";
import type { CamundaClient } from "../camunda/client.ts";
import { LeaseRenewal, type LeaseRenewalOptions } from "../camunda/lease_renewal.ts";
import { encodeMessage, type JsonObject } from "../messages/json.ts";
import { completedResponse, failedResponse, slimTask } from "../messages/response_message.ts";
import { type SentMessage, sentMessage } from "../messages/sent_message.ts";
import type { SetAsideReason } from "../messages/set_aside.ts";
import { askTogether } from "../program/ask_together.ts";
import { giveUp, type GiveUpDeps } from "../program/give_up.ts";
import { GuardedConsumer, type GuardedConsumerDeps, type StopSignals } from "../program/guarded_consumer.ts";
import type { Led } from "../program/led_role.ts";
import { ACK, GIVE_BACK } from "../program/settlements.ts";
import { type BatchedTask, TaskBatch } from "../program/task_batch.ts";
import { TaskTurns } from "../program/task_turns.ts";
import type { HintLine } from "./hint_line.ts";
import { type Done, HintedTasks } from "./hinted_tasks.ts";
import type { LookIntervals } from "./look_intervals.ts";
import { MissingObjects } from "./missing_objects.ts";
import type { OpenTasks } from "./open_tasks.ts";
import { RefusedAnswers } from "./refused_answers.ts";
import { countOf, Waiting } from "./waiting.ts";

export interface TrackerOptions extends LeaseRenewalOptions {
  /** Between two looks at an open task; ticks are their multiples since the epoch. */
  readonly intervals: LookIntervals;
  /** Most open tasks looked at together. */
  readonly batchSize: number;
  readonly windowMs: number;
  /** The largest share of the objects, 0 to 1, that is believed to be deleted. */
  readonly missingShare: number;
}

export interface TrackerDeps extends GiveUpDeps, GuardedConsumerDeps {
  readonly camunda: Pick<CamundaClient, "externalTasks" | "lock">;
  readonly adapter: TargetSystem;
  readonly openTasks: OpenTasks;
  /** Where hints of the target come from; without it there are none. */
  readonly hints?: HintLine | undefined;
}

type Open = BatchedTask<SentMessage>;

/** While one batch waits for confirms, the next is looked at. */
const SIDE_BY_SIDE = 2;
const GONE = "Camunda no longer waits for this task";
/** One miss may be a hiccup of the target, the second is believed. */
const BELIEVED_MISSES = 2;
/** Nothing waits for an object that is no longer wanted, so telling the target is not tried for ever. */
const MOST_WITHDRAWALS = 5;
/** After so many looks in a row that failed, the owner of the process is told; the looks go on. */
const FAILED_LOOKS_TOLD = 10;

export class Tracker implements Led {
  readonly consumer: GuardedConsumer;
  readonly #leases: LeaseRenewal;
  readonly #turns = new TaskTurns();
  readonly #waiting: Waiting;
  readonly #missing: MissingObjects;
  readonly #hinted: HintedTasks | undefined;
  readonly #refused: RefusedAnswers | undefined;

  /** Begins to consume at once; whoever calls holds the leadership of the system. */
  constructor(
    private readonly options: TrackerOptions,
    private readonly deps: TrackerDeps,
    private readonly signals: StopSignals,
  ) {
    const { batchSize, windowMs, intervals: { all: [shortestS = 0] }, missingShare: share } = options;
    const { name: system } = deps.adapter;
    this.#leases = new LeaseRenewal(options, deps);
    this.#waiting = new Waiting(system, deps);
    this.#missing = new MissingObjects({ share, windowMs: 1_500 * shortestS }, deps.clock);
    deps.health.watch(`${system} objects`, () => this.#missing.problem);
    const consumed = { queue: sentQueueOf(system), system, batchSize, windowMs, concurrency: SIDE_BY_SIDE };
    this.consumer = new GuardedConsumer(consumed, deps, signals, (batch) => this.#handle(batch));
    const { adapter, hints: line } = deps;
    const { webhook } = adapter;
    if (webhook !== undefined && line !== undefined) {
      const answer = (sent: SentMessage, done: Done, hintedAtMs: number) =>
        this.#answer(sent, sentQueueOf(system), done, deps.clock.now() - hintedAtMs);
      this.#hinted = new HintedTasks({ ...deps, webhook, line, turns: this.#turns, answer }, signals);
    }
    if (adapter.tellRefused !== undefined) {
      const tell = adapter.tellRefused.bind(adapter);
      this.#refused = new RefusedAnswers({ ...deps, tell }, signals);
    }
  }

  get problem(): string | undefined {
    return this.consumer.problem;
  }

  async ended(): Promise<void> {
    await Promise.all([this.consumer.ended(), this.#hinted?.ended(), this.#refused?.ended()]);
  }

  async #handle(deliveries: readonly Delivery[]): Promise<Settlement[]> {
    const { batch, tasks: all } = await TaskBatch.read(
      deliveries,
      {
        system: this.deps.adapter.name,
        schema: sentMessage,
        taskOf: (sent) => sent.original_message,
        weightOf: (delivery) => countOf(delivery, "looks"),
      },
      { ...this.deps, leases: this.#leases, breaker: this.consumer.breaker, force: this.signals.force },
    );
    using _turn = await this.#turns.take(all.map(({ task }) => task.task_id));
    const { over = [], tasks = [] } = Object.groupBy(
      all,
      ({ task, copies }) => this.#hinted?.isOver(task, copies.every(hasWaited)) ? "over" : "tasks",
    );
    await batch.settle(over, () => Promise.resolve(ACK));
    const known = await batch.lookInCamunda(tasks);
    const { gone = [], wanted = [] } = Object.groupBy(
      known === undefined ? [] : tasks,
      ({ task }) => known?.has(task.task_id) ? "wanted" : "gone",
    );
    for (const { message } of gone) this.#hinted?.forget(message);
    for (const { message } of wanted) this.#hinted?.keep(message);
    if (gone.length > 0) {
      const withdrawals = await this.#withdraw(gone);
      await batch.settle(gone, async (open, index) => {
        const ofTask = withdrawals[index];
        return ofTask === undefined ? GIVE_BACK : await this.#withdrawn(open, ofTask);
      });
    }
    if (wanted.length > 0) {
      const progress = await this.#lookAtObjects(wanted);
      await batch.settle(wanted, async (open, index) => {
        const ofTask = progress[index];
        return ofTask === undefined ? GIVE_BACK : await this.#answered(open, ofTask);
      });
    }
    return batch.settlements();
  }

  async #lookAtObjects(wanted: readonly Open[]): Promise<Progress[]> {
    const { adapter, log } = this.deps;
    const { force } = this.signals;
    const progress = await askTogether<Open, Progress>(
      wanted,
      (tasks) => adapter.track(tasks.map(({ message }) => message), force),
      (reason) => ({ kind: "retry", reason }),
      force,
    );
    const answered = progress.filter(({ kind }) => kind !== "retry" && kind !== "down");
    const before = this.#missing.problem;
    this.#missing.count(answered.length, answered.filter(({ kind }) => kind === "missing").length);
    const { problem } = this.#missing;
    if (problem !== undefined && before === undefined) {
      log.error("tracker.objects_hidden", problem, { system: adapter.name });
    }
    return progress;
  }

  async #withdraw(gone: readonly Open[]): Promise<Withdrawal[]> {
    const { force } = this.signals;
    return await askTogether<Open, Withdrawal>(
      gone,
      (tasks) => this.deps.adapter.withdraw(tasks.map(({ message }) => message), GONE, force),
      (reason) => ({ kind: "retry", reason }),
      force,
    );
  }

  /** A target that cannot be told now is told on later ticks, a few times. */
  async #withdrawn(open: Open, withdrawal: Withdrawal): Promise<Settlement> {
    const { adapter, events, log } = this.deps;
    const { task_id: taskId } = open.task;
    if (withdrawal.kind === "down") {
      this.consumer.breaker.trip(withdrawal.reason);
      return GIVE_BACK;
    }
    this.consumer.breaker.pass();
    if (withdrawal.kind === "retry") {
      const withdrawals = countOf(open.delivery, "withdrawals") + 1;
      log.warn("tracker.withdraw_failed", withdrawal.reason, { taskId, attempt: withdrawals });
      if (withdrawals < MOST_WITHDRAWALS) {
        return await this.#waiting.untilNextTick(open, { withdrawals }, this.#intervalOf(open.message));
      }
    }
    events.record("withdrawn", { taskId, system: adapter.name });
    return ACK;
  }

  async #answered(open: Open, progress: Progress): Promise<Settlement> {
    const { adapter } = this.deps;
    const { delivery, message } = open;
    if (progress.kind === "down") {
      this.consumer.breaker.trip(progress.reason);
      return GIVE_BACK;
    }
    this.consumer.breaker.pass();
    switch (progress.kind) {
      case "open":
        return await this.#wait(open, {}, progress.notes);
      case "retry":
        return await this.#failedLook(open, progress.reason);
      case "done":
        await this.#answer(message, delivery.queue, progress);
        this.#hinted?.forget(message);
        return ACK;
      case "cancelled": {
        const code = progress.code === undefined ? {} : { bpmnErrorCode: progress.code };
        return await this.#giveUp(open, { type: "cancelled_in_target", message: progress.reason, ...code });
      }
      case "missing": {
        const misses = countOf(delivery, "misses") + 1;
        if (misses < BELIEVED_MISSES || this.#missing.problem !== undefined) return await this.#wait(open, { misses });
        const code = progress.code === undefined ? {} : { bpmnErrorCode: progress.code };
        const message = `${adapter.name} no longer shows the object of this task`;
        return await this.#giveUp(open, { type: "missing_in_target", message, ...code });
      }
    }
  }

  /** @param hintedMs how long ago a hint told of it */
  async #answer(sent: SentMessage, queue: string, done: Done, hintedMs?: number): Promise<void> {
    const { adapter, clock, events } = this.deps;
    const { task_id: taskId, topic, process_instance_id: processInstanceId } = sent.original_message;
    const task = slimTask(sent.original_message);
    await this.#respond(taskId, completedResponse(task, sent.original_queue || queue, done, clock.now()));
    const byHint = hintedMs === undefined ? {} : { durationMs: hintedMs, detail: { hinted: true } };
    events.record("answered", { taskId, system: adapter.name, topic, processInstanceId, ...byHint });
  }

  /** Without `notes` those of before are kept. */
  async #wait(open: Open, counts: Readonly<Record<string, number>> = {}, notes?: JsonObject): Promise<Settlement> {
    const { message, task, delivery } = open;
    const intervalS = this.#intervalOf(message);
    this.deps.openTasks.count(message.processed_at * 1000, intervalS);
    if (countOf(delivery, "looks") === 0) {
      const { task_id: taskId, topic, process_instance_id: processInstanceId } = task;
      this.deps.events.record("waiting", { taskId, system: this.deps.adapter.name, topic, processInstanceId });
    }
    return await this.#waiting.untilNextTick(open, counts, intervalS, notes);
  }

  #intervalOf({ processed_at }: SentMessage): number {
    return this.options.intervals.of(processed_at > 0 ? this.deps.clock.now() - processed_at * 1000 : 0);
  }

  /** The task stays open, and a later look may succeed; but a fault that lasts is not for our log alone. */
  async #failedLook(open: Open, reason: string): Promise<Settlement> {
    const failures = countOf(open.delivery, "failures") + 1;
    const { task_id: taskId } = open.task;
    this.deps.log.warn("tracker.look_failed", reason, { taskId, system: this.deps.adapter.name, attempt: failures });
    if (failures === FAILED_LOOKS_TOLD) {
      const task = slimTask(open.task);
      await this.#respond(
        taskId,
        failedResponse(task, open.delivery.queue, { message: reason }, this.deps.clock.now()),
      );
    }
    return await this.#wait(open, { failures });
  }

  async #giveUp(open: Open, reason: SetAsideReason & { readonly bpmnErrorCode?: string }): Promise<Settlement> {
    const about = { original: open.original, task: slimTask(open.task) };
    await giveUp(this.deps, open.delivery, this.deps.adapter.name, about, reason);
    this.#hinted?.forget(open.message);
    return ACK;
  }

  async #respond(taskId: string, response: JsonObject): Promise<void> {
    await this.deps.broker.publish({
      exchange: "",
      routingKey: this.deps.responsesQueue,
      messageId: taskId,
      contentEncoding: "utf-8",
      body: encodeMessage(response),
    }, this.signals.force);
  }
}

function hasWaited(delivery: Delivery): boolean {
  return countOf(delivery, "looks") > 0;
}
