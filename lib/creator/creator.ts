/**
 * The creator of one system: task messages in, objects in the target, sent messages out. What the adapter's outcome means
 * for the message is decided here, and nowhere else.
 */
import type { Settlement } from "../amqp/batches.ts";
import type { Delivery } from "../amqp/broker.ts";
import { delayFor, retryLater } from "../amqp/delay.ts";
import { queueOf, sentQueueOf } from "../amqp/topology.ts";
import type { CreateOutcome, TargetSystem } from "../../adapters/target_system.ts";
import type { CamundaClient } from "../camunda/client.ts";
import { encodeMessage, type JsonObject } from "../messages/json.ts";
import { completedResponse, slimTask } from "../messages/response_message.ts";
import { type TaskMessage, taskMessage } from "../messages/task_message.ts";
import { giveUp, type GiveUpDeps, readOrGiveUp } from "../program/give_up.ts";
import { GuardedConsumer, type GuardedConsumerDeps, type StopSignals } from "../program/guarded_consumer.ts";
import { errorText } from "../telemetry/error_text.ts";

export interface CreatorOptions {
  /** Most messages looked up and created together. */
  readonly batchSize: number;
  /** How long a batch gathers after its first message. */
  readonly windowMs: number;
  /** The detour, in seconds, before a create that may have been tried before; longer than any request can live. */
  readonly detourS: number;
  /** Seconds between attempts of a task that the target could not take. */
  readonly retryDelaysS: readonly number[];
}

export interface CreatorDeps extends GiveUpDeps, GuardedConsumerDeps {
  readonly camunda: Pick<CamundaClient, "externalTasks">;
  readonly adapter: TargetSystem;
}

/** A readable message; `original` is its body as it came, which the sent message carries on. */
interface Incoming {
  readonly delivery: Delivery;
  readonly task: TaskMessage;
  readonly original: JsonObject;
}

const ACK: Settlement = { kind: "ack" };
const GIVE_BACK: Settlement = { kind: "giveBack" };

export class Creator {
  readonly consumer: GuardedConsumer;

  /** Begins to consume at once; whoever calls holds the leadership of the system. */
  constructor(
    private readonly options: CreatorOptions,
    private readonly deps: CreatorDeps,
    private readonly signals: StopSignals,
  ) {
    const { batchSize, windowMs } = options;
    const { name: system } = deps.adapter;
    const consumed = { queue: queueOf(system), system, batchSize, windowMs, concurrency: 1 };
    this.consumer = new GuardedConsumer(consumed, deps, signals, (batch) => this.#handle(batch));
  }

  async #handle(batch: readonly Delivery[]): Promise<Settlement[]> {
    const settlements = new Map<Delivery, Settlement>();
    const incoming: Incoming[] = [];
    for (const delivery of batch) {
      const read = await readOrGiveUp(this.deps, delivery, this.deps.adapter.name, taskMessage);
      if (read === undefined) settlements.set(delivery, ACK);
      else if (delivery.redelivered) settlements.set(delivery, await this.#detour(delivery));
      else incoming.push({ delivery, task: read.message, original: read.original });
    }
    const copies = Map.groupBy(incoming, ({ task }) => task.task_id);
    const wanted = await this.#stillWanted(copies, settlements);
    if (wanted.length > 0) await this.#create(wanted, copies, settlements);
    return batch.map((delivery) => settlements.get(delivery) ?? GIVE_BACK);
  }

  /**
   * A message that may have been handled already waits until no request about it can still be on its way; it comes back
   * as a fresh message, and the look-up before the create then sees whatever there is.
   */
  async #detour(delivery: Delivery): Promise<Settlement> {
    await delayFor(this.deps.broker, delivery, this.options.detourS);
    return ACK;
  }

  /** One message per task that Camunda still waits for; the others end here. */
  async #stillWanted(
    copies: ReadonlyMap<string, readonly Incoming[]>,
    settlements: Map<Delivery, Settlement>,
  ): Promise<Incoming[]> {
    const { camunda, events, adapter } = this.deps;
    if (copies.size === 0) return [];
    let known: ReadonlyMap<string, unknown>;
    try {
      known = await camunda.externalTasks({ externalTaskIdIn: [...copies.keys()] }, this.signals.force);
    } catch (error) {
      this.consumer.breaker.trip(`Camunda cannot say which tasks it still waits for: ${errorText(error)}`);
      return [];
    }
    return [...copies].flatMap(([taskId, ofTask]) => {
      if (known.has(taskId)) return ofTask.slice(0, 1);
      for (const { delivery } of ofTask) settlements.set(delivery, ACK);
      events.record("withdrawn", {
        taskId,
        system: adapter.name,
        detail: { reason: "Camunda no longer waits for it" },
      });
      return [];
    });
  }

  async #create(
    wanted: readonly Incoming[],
    copies: ReadonlyMap<string, readonly Incoming[]>,
    settlements: Map<Delivery, Settlement>,
  ): Promise<void> {
    const startedAt = this.deps.clock.now();
    const outcomes = await this.deps.adapter.create(wanted.map(({ task }) => task), this.signals.force);
    const durationMs = this.deps.clock.now() - startedAt;
    await Promise.all(wanted.map(async (incoming, index) => {
      const outcome = outcomes[index];
      if (outcome === undefined) throw new Error(`${this.deps.adapter.name} returned no outcome for a task`);
      const settlement = await this.#settle(incoming, outcome, durationMs);
      for (const { delivery } of copies.get(incoming.task.task_id) ?? []) settlements.set(delivery, settlement);
    }));
  }

  async #settle(incoming: Incoming, outcome: CreateOutcome, durationMs: number): Promise<Settlement> {
    const { delivery, task, original } = incoming;
    const { broker, adapter, clock, events } = this.deps;
    const facts = {
      taskId: task.task_id,
      system: adapter.name,
      topic: task.topic,
      processInstanceId: task.process_instance_id,
      durationMs,
    };
    if (outcome.kind === "down") {
      this.consumer.breaker.trip(outcome.reason);
      return outcome.ambiguous ? await this.#detour(delivery) : GIVE_BACK;
    }
    this.consumer.breaker.pass();
    const about = { original, task: slimTask(task) };
    switch (outcome.kind) {
      case "created":
        await this.#publish(sentQueueOf(adapter.name), task, {
          timestamp: task.timestamp,
          original_queue: delivery.queue,
          original_message: original,
          response_data: outcome.response,
          processing_status: "success",
          processed_at: clock.now() / 1000,
        });
        events.record("created", { ...facts, detail: { objectId: outcome.id } });
        return ACK;
      case "done": {
        const response = completedResponse(slimTask(task), delivery.queue, outcome, clock.now());
        await this.#publish(this.deps.responsesQueue, task, response);
        events.record("created", facts);
        return ACK;
      }
      case "retry": {
        // A request that may have taken effect is not repeated before the detour; it is an attempt all the same.
        const { retryDelaysS, detourS } = this.options;
        const schedule = retryDelaysS.map((seconds) => outcome.ambiguous ? Math.max(seconds, detourS) : seconds);
        if (await retryLater(broker, delivery, outcome.reason, { schedule }) === "scheduled") {
          events.record("retried", { ...facts, detail: { reason: outcome.reason } });
          return ACK;
        }
        const reason = { type: "RETRY_LIMIT_EXCEEDED", message: outcome.reason };
        await giveUp(this.deps, delivery, adapter.name, about, reason);
        return ACK;
      }
      case "refused":
        await giveUp(this.deps, delivery, adapter.name, about, { type: outcome.code, message: outcome.reason });
        return ACK;
    }
  }

  async #publish(queue: string, task: TaskMessage, body: JsonObject): Promise<void> {
    await this.deps.broker.publish({
      exchange: "",
      routingKey: queue,
      messageId: task.task_id,
      contentEncoding: "utf-8",
      body: encodeMessage(body),
    });
  }
}
