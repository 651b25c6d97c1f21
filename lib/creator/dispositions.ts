/**
 * What becomes of a task message, whatever was found out about its task: one method each, which stores what follows from
 * it and returns how the message is then settled.
 */
import type { CreateOutcome, TargetSystem } from "../../adapters/target_system.ts";
import type { Settlement } from "../amqp/batches.ts";
import type { Delivery, HeaderValue } from "../amqp/broker.ts";
import { attemptOf, delayFor, retryLater } from "../amqp/delay.ts";
import { sentQueueOf } from "../amqp/topology.ts";
import { encodeMessage, type JsonObject } from "../messages/json.ts";
import { completedResponse, slimTask } from "../messages/response_message.ts";
import { sentBody, sentMessage } from "../messages/sent_message.ts";
import type { SetAsideReason } from "../messages/set_aside.ts";
import type { TaskMessage } from "../messages/task_message.ts";
import type { Breaker } from "../program/breaker.ts";
import { giveUp, type GiveUpDeps } from "../program/give_up.ts";
import { ACK, GIVE_BACK } from "../program/settlements.ts";
import type { BatchedTask } from "../program/task_batch.ts";
import type { Log } from "../telemetry/log.ts";
import type { UncertainTasks } from "./uncertain_tasks.ts";

export interface DispositionOptions {
  /** The detour, in seconds, before a create that may have been tried before; longer than any request can live. */
  readonly detourS: number;
  /** Seconds between attempts of a task that the target could not take. */
  readonly retryDelaysS: readonly number[];
}

export interface DispositionDeps extends GiveUpDeps {
  readonly adapter: TargetSystem;
  readonly log: Log;
  readonly breaker: Breaker;
  readonly uncertain: UncertainTasks;
}

/** A task message, read; `original` is its body as it came, which the sent message carries on. */
type Incoming = Pick<BatchedTask<TaskMessage>, "delivery" | "task" | "original">;

/** Marks a message that was on its detour: an object may exist although nobody has reported it. */
const TRIED = "x-tried";

/** How often the target may have been asked about the task of this message before; 0 for a fresh one. */
export function triesOf(delivery: Delivery): number {
  return attemptOf(delivery) + (delivery.headers[TRIED] === true ? 1 : 0);
}

export class Dispositions {
  constructor(private readonly options: DispositionOptions, private readonly deps: DispositionDeps) {}

  /**
   * A request about the task may still be on its way. The message waits until none can be and comes back as a fresh one;
   * the look-up before the create then sees whatever there is. Where nothing can be looked up, it ends here.
   */
  async holdBack(incoming: Incoming): Promise<Settlement> {
    if (this.#isKnownAgain(incoming)) return await this.#delay(incoming, { [TRIED]: true });
    return await this.#maybeDone(incoming, "a program ended while it had the task in hand");
  }

  /** Nobody shall work for a process that somebody has stopped. Costs no attempt. */
  async suspended(incoming: Incoming): Promise<Settlement> {
    this.deps.log.info("creator.suspended", "The process is suspended; its task waits", this.#facts(incoming));
    return await this.#delay(incoming);
  }

  /** Camunda no longer waits for the task. If an attempt was made, there may be an object that nobody else would withdraw. */
  async gone(incoming: Incoming, signal: AbortSignal): Promise<Settlement> {
    const { broker, adapter, events, log } = this.deps;
    const { delivery, original } = incoming;
    const reason = "Camunda no longer waits for this task";
    if (triesOf(delivery) > 0) {
      const sent = sentMessage.parse(sentBody(original, delivery.queue, {}, this.deps.clock.now()));
      const [withdrawal] = await adapter.withdraw([sent], reason, signal);
      if (withdrawal?.kind === "retry") {
        const schedule = this.options.retryDelaysS;
        if (await retryLater(broker, delivery, withdrawal.reason, { schedule }) === "scheduled") return ACK;
        log.warn("creator.withdraw_failed", withdrawal.reason, this.#facts(incoming));
      }
    }
    events.record("withdrawn", { ...this.#facts(incoming), detail: { reason } });
    return ACK;
  }

  /** @param durationMs how long the target took to answer for the batch */
  async answered(incoming: Incoming, outcome: CreateOutcome, durationMs: number): Promise<Settlement> {
    const { adapter, breaker, clock, events } = this.deps;
    const { delivery, task, original } = incoming;
    const facts = { ...this.#facts(incoming), durationMs };
    const ambiguous = (outcome.kind === "down" || outcome.kind === "retry") && outcome.ambiguous === true;
    if (ambiguous) this.deps.uncertain.add(task.task_id);
    if (outcome.kind === "down") {
      breaker.trip(outcome.reason);
      if (!ambiguous) return GIVE_BACK;
      return this.#isKnownAgain(incoming)
        ? await this.#delay(incoming, { [TRIED]: true })
        : await this.#maybeDone(incoming, outcome.reason);
    }
    breaker.pass();
    switch (outcome.kind) {
      case "created": {
        const sent = sentBody(original, delivery.queue, outcome.response, clock.now());
        await this.#publish(sentQueueOf(adapter.name), task, sent);
        events.record("created", { ...facts, detail: { objectId: outcome.id } });
        return ACK;
      }
      case "done": {
        const response = completedResponse(slimTask(task), delivery.queue, outcome, clock.now());
        await this.#publish(this.deps.responsesQueue, task, response);
        events.record("created", facts);
        return ACK;
      }
      case "retry": {
        if (ambiguous && !this.#isKnownAgain(incoming)) return await this.#maybeDone(incoming, outcome.reason);
        const schedule = this.#scheduleFor(outcome.afterMs ?? 0, ambiguous);
        if (await retryLater(this.deps.broker, delivery, outcome.reason, { schedule }) === "scheduled") {
          events.record("retried", { ...facts, detail: { reason: outcome.reason } });
          return ACK;
        }
        return await this.#giveUp(incoming, { type: "RETRY_LIMIT_EXCEEDED", message: outcome.reason });
      }
      case "refused":
        return await this.#giveUp(incoming, { type: outcome.code, message: outcome.reason });
    }
  }

  /**
   * The retry schedule, in seconds, with no delay shorter than the target asked for; a request that may have taken effect is
   * not repeated before the detour. Only delays that have a queue; the longest stands in for what is longer.
   */
  #scheduleFor(afterMs: number, ambiguous: boolean): number[] {
    const { retryDelaysS, detourS } = this.options;
    const leastS = Math.max(afterMs / 1000, ambiguous ? detourS : 0);
    const queues = [...retryDelaysS, detourS].toSorted((a, b) => a - b);
    const longEnough = queues.find((seconds) => seconds >= leastS) ?? Math.max(...queues);
    return retryDelaysS.map((seconds) => Math.max(seconds, longEnough));
  }

  /** Whether the target recognises a repeat: only then may an attempt be repeated whose end nobody saw. */
  #isKnownAgain({ task }: Incoming): boolean {
    return this.deps.adapter.identity(task.topic) !== "neither";
  }

  async #maybeDone(incoming: Incoming, why: string): Promise<Settlement> {
    const { name } = this.deps.adapter;
    const message = `Whether ${name} has done this is not known, and it cannot be asked: ${why}. Look there, then ` +
      "complete the task by hand, or raise its retries to have it done again.";
    return await this.#giveUp(incoming, { type: "maybe_done", message });
  }

  async #giveUp({ delivery, task, original }: Incoming, reason: SetAsideReason): Promise<Settlement> {
    await giveUp(this.deps, delivery, this.deps.adapter.name, { original, task: slimTask(task) }, reason);
    return ACK;
  }

  async #delay({ delivery }: Incoming, headers: Readonly<Record<string, HeaderValue>> = {}): Promise<Settlement> {
    await delayFor(this.deps.broker, delivery, this.options.detourS, headers);
    return ACK;
  }

  async #publish(queue: string, task: TaskMessage, body: JsonObject): Promise<void> {
    await this.deps.broker.publish({
      exchange: "",
      routingKey: queue,
      messageId: task.task_id,
      contentEncoding: "utf-8",
      body: encodeMessage(body),
      // A task of a size that may be carried does not become too large by the answer it got.
      ignoreSizeLimit: true,
    });
  }

  #facts({ task: { task_id: taskId, topic, process_instance_id: processInstanceId } }: Incoming) {
    return { taskId, system: this.deps.adapter.name, topic, processInstanceId };
  }
}
