/**
 * The tracker of one system: sent messages in, a look at their objects in the target, responses out for what is done. Open
 * tasks wait in the broker until the next common tick and come back together.
 */
import type { Progress, TargetSystem } from "../../adapters/target_system.ts";
import type { Settlement } from "../amqp/batches.ts";
import type { Delivery, HeaderValue } from "../amqp/broker.ts";
import { sentQueueOf, waitingQueueName } from "../amqp/topology.ts";
import type { CamundaClient } from "../camunda/client.ts";
import type { ExternalTask } from "../camunda/types.ts";
import { encodeMessage, type JsonObject, jsonObject } from "../messages/json.ts";
import { completedResponse, slimTask } from "../messages/response_message.ts";
import { type SentMessage, sentMessage } from "../messages/sent_message.ts";
import { giveUp, type GiveUpDeps, readOrGiveUp } from "../program/give_up.ts";
import { GuardedConsumer, type GuardedConsumerDeps, type StopSignals } from "../program/guarded_consumer.ts";
import { errorText } from "../telemetry/error_text.ts";

export interface TrackerOptions {
  /** Between two looks at an open task, in seconds; ticks are its multiples since the epoch. */
  readonly intervalS: number;
  /** Most open tasks looked at together. */
  readonly batchSize: number;
  readonly windowMs: number;
  /** CAMUNDA_LOCK_DURATION: renewed below half of it. */
  readonly leaseMs: number;
  /** For messages that do not say who holds the lock. */
  readonly workerId: string;
}

export interface TrackerDeps extends GiveUpDeps, GuardedConsumerDeps {
  readonly camunda: Pick<CamundaClient, "externalTasks" | "lock">;
  readonly adapter: TargetSystem;
}

interface Open {
  readonly delivery: Delivery;
  readonly sent: SentMessage;
  readonly original: JsonObject;
}

/** How often the target did not show the object; one miss may be a hiccup, the second is believed. */
const MISSES = "x-misses";
const BELIEVED_MISSES = 2;
/** How often telling the target that an object is no longer wanted has failed. */
const WITHDRAWALS = "x-withdrawals";
const MOST_WITHDRAWALS = 5;
const ACK: Settlement = { kind: "ack" };
const GIVE_BACK: Settlement = { kind: "giveBack" };

export class Tracker {
  readonly consumer: GuardedConsumer;

  /** Begins to consume at once; whoever calls holds the leadership of the system. */
  constructor(
    private readonly options: TrackerOptions,
    private readonly deps: TrackerDeps,
    private readonly signals: StopSignals,
  ) {
    const { batchSize, windowMs } = options;
    const { name: system } = deps.adapter;
    const consumed = { queue: sentQueueOf(system), system, batchSize, windowMs, concurrency: 1 };
    this.consumer = new GuardedConsumer(consumed, deps, signals, (batch) => this.#handle(batch));
  }

  async #handle(batch: readonly Delivery[]): Promise<Settlement[]> {
    const settlements = new Map<Delivery, Settlement>();
    const read: Open[] = [];
    for (const delivery of batch) {
      const open = await readOrGiveUp(this.deps, delivery, this.deps.adapter.name, sentMessage);
      if (open === undefined) settlements.set(delivery, ACK);
      else read.push({ delivery, sent: open.message, original: open.original });
    }
    const copies = Map.groupBy(read, ({ sent }) => sent.original_message.task_id);
    const firsts = [...copies.values()].flatMap((ofTask) => ofTask.slice(0, 1));
    const settle = (open: Open, settlement: Settlement) => {
      for (const { delivery } of copies.get(open.sent.original_message.task_id) ?? []) {
        settlements.set(delivery, settlement);
      }
    };
    const wanted = await this.#stillWanted(firsts, settle);
    if (wanted.length > 0) {
      const progress = await this.deps.adapter.track(wanted.map(({ sent }) => sent), this.signals.force);
      await Promise.all(wanted.map(async (open, index) => {
        const ofTask = progress[index];
        if (ofTask === undefined) throw new Error(`${this.deps.adapter.name} returned no progress for a task`);
        settle(open, await this.#settle(open, ofTask));
      }));
    }
    return batch.map((delivery) => settlements.get(delivery) ?? GIVE_BACK);
  }

  /** Renews leases below their half; withdraws the objects of tasks that Camunda no longer waits for. */
  async #stillWanted(tasks: readonly Open[], settle: (open: Open, settlement: Settlement) => void): Promise<Open[]> {
    if (tasks.length === 0) return [];
    const { camunda } = this.deps;
    let known: ReadonlyMap<string, ExternalTask>;
    try {
      const ids = tasks.map(({ sent }) => sent.original_message.task_id);
      known = await camunda.externalTasks({ externalTaskIdIn: ids }, this.signals.force);
    } catch (error) {
      this.consumer.breaker.trip(`Camunda cannot say which tasks it still waits for: ${errorText(error)}`);
      return [];
    }
    const wanted: Open[] = [];
    for (const open of tasks) {
      const task = known.get(open.sent.original_message.task_id);
      if (task !== undefined) {
        await this.#renew(task);
        wanted.push(open);
        continue;
      }
      settle(open, await this.#withdraw(open));
    }
    return wanted;
  }

  /** A comment that cannot be made now is tried on later ticks, a few times: nothing waits for it any more. */
  async #withdraw(open: Open): Promise<Settlement> {
    const { adapter, events, log } = this.deps;
    const taskId = open.sent.original_message.task_id;
    try {
      await adapter.withdraw(open.sent, "Camunda no longer waits for this task", this.signals.force);
      events.record("withdrawn", { taskId, system: adapter.name });
      return ACK;
    } catch (error) {
      const attempt = Number(open.delivery.headers[WITHDRAWALS] ?? 0) + 1;
      log.warn("tracker.withdraw_failed", errorText(error), { taskId, attempt });
      return attempt < MOST_WITHDRAWALS ? await this.#wait(open, { [WITHDRAWALS]: attempt }) : ACK;
    }
  }

  /** After expiry `/lock` by the same worker takes the task again; retries 0 means that an incident waits for a person. */
  async #renew(task: ExternalTask): Promise<void> {
    if (task.retries === 0) return;
    const { leaseMs, workerId } = this.options;
    const leftMs = task.lockExpirationTime === null ? 0 : Date.parse(task.lockExpirationTime) - this.deps.clock.now();
    // More than the lease is a lock of the predecessor, a year long; it is brought down when seen.
    if (leftMs > leaseMs / 2 && leftMs <= leaseMs * 1.2) return;
    try {
      await this.deps.camunda.lock(task.id, task.workerId ?? workerId, leaseMs, this.signals.force);
    } catch (error) {
      this.deps.log.warn("tracker.lease_missed", errorText(error), { taskId: task.id });
    }
  }

  async #settle(open: Open, progress: Progress): Promise<Settlement> {
    const { delivery, sent, original } = open;
    const { adapter, clock, events } = this.deps;
    const task = sent.original_message;
    if (progress.kind === "down") {
      this.consumer.breaker.trip(progress.reason);
      return GIVE_BACK;
    }
    this.consumer.breaker.pass();
    const queue = sent.original_queue || delivery.queue;
    const about = { original, task: slimTask(task) };
    switch (progress.kind) {
      case "open":
        return await this.#wait(open, {});
      case "retry":
        this.deps.log.warn("tracker.look_failed", progress.reason, { taskId: task.task_id, system: adapter.name });
        return await this.#wait(open, {});
      case "done": {
        const response = completedResponse(slimTask(task), queue, progress, clock.now());
        await this.#publish(this.deps.responsesQueue, task.task_id, response);
        const { process_instance_id: processInstanceId, topic } = task;
        events.record("answered", { taskId: task.task_id, system: adapter.name, topic, processInstanceId });
        return ACK;
      }
      case "cancelled": {
        const reason = {
          type: "cancelled_in_target",
          message: progress.reason,
          ...(progress.code === undefined ? {} : { bpmnErrorCode: progress.code }),
        };
        await giveUp(this.deps, delivery, adapter.name, about, reason);
        return ACK;
      }
      case "missing": {
        const misses = Number(delivery.headers[MISSES] ?? 0) + 1;
        if (misses < BELIEVED_MISSES) return await this.#wait(open, { [MISSES]: misses });
        const reason = {
          type: "missing_in_target",
          message: `${adapter.name} no longer shows the object of this task`,
        };
        await giveUp(this.deps, delivery, adapter.name, about, reason);
        return ACK;
      }
    }
  }

  /** Until the next common tick, so that all open tasks come back within moments of each other. */
  async #wait(open: Open, headers: Readonly<Record<string, HeaderValue>>): Promise<Settlement> {
    const { sent } = open;
    const intervalMs = this.options.intervalS * 1000;
    const expirationMs = intervalMs - this.deps.clock.now() % intervalMs;
    const slim = { ...sent, original_message: slimTask(sent.original_message) };
    const queue = waitingQueueName(this.deps.adapter.name, this.options.intervalS);
    await this.#publish(queue, sent.original_message.task_id, jsonObject.parse(slim), { expirationMs, headers });
    return ACK;
  }

  async #publish(
    queue: string,
    taskId: string,
    body: JsonObject,
    more: { readonly expirationMs?: number; readonly headers?: Readonly<Record<string, HeaderValue>> } = {},
  ): Promise<void> {
    await this.deps.broker.publish({
      exchange: "",
      routingKey: queue,
      messageId: taskId,
      contentEncoding: "utf-8",
      body: encodeMessage(body),
      ...more,
    });
  }
}
