/**
 * The response side: `camunda.responses.queue` to Camunda. What is given up is told twice, in Camunda and in the errors
 * queue, and only then acknowledged.
 */
import type { Settlement } from "../amqp/batches.ts";
import type { Delivery } from "../amqp/broker.ts";
import { delayFor, retryLater } from "../amqp/delay.ts";
import type { CamundaClient } from "../camunda/client.ts";
import { decodeObject, type JsonObject, jsonObject, MalformedMessageError, readAs } from "../messages/json.ts";
import { type ResponseMessage, responseMessage } from "../messages/response_message.ts";
import { type SetAsideReason, setAsideResponse, type SetAsideRoute } from "../messages/set_aside.ts";
import { GuardedConsumer, type GuardedConsumerDeps, type StopSignals } from "../program/guarded_consumer.ts";
import type { TaskEvents } from "../program/task_events.ts";
import type { Applied, Completion } from "./completion.ts";

export interface ResponsesOptions {
  readonly queue: string;
  /** Completes under way at once; the engine is fastest at 4–8. */
  readonly concurrency: number;
  readonly setAsideRoute: SetAsideRoute;
  /** Seconds between attempts of a response whose task Camunda cannot move on. */
  readonly retryDelaysS: readonly number[];
  /** How long a response waits, in seconds, whose instance is suspended or whose lock somebody else holds. */
  readonly waitS: number;
}

export interface ResponsesDeps extends GuardedConsumerDeps {
  readonly camunda: CamundaClient;
  readonly completion: Completion;
  readonly events: TaskEvents;
}

const ACK: Settlement = { kind: "ack" };
const GIVE_BACK: Settlement = { kind: "giveBack" };

export class Responses {
  readonly consumer: GuardedConsumer;

  /** Begins to consume at once. */
  constructor(
    private readonly options: ResponsesOptions,
    private readonly deps: ResponsesDeps,
    private readonly signals: StopSignals,
  ) {
    const { queue, concurrency } = options;
    // The next answer is here when one is done; if it is handed out a second time, Camunda finds the task gone.
    const prefetch = 2 * concurrency;
    const consumed = { queue, system: "camunda", batchSize: 1, windowMs: 0, concurrency, prefetch };
    const handler = (batch: readonly Delivery[]) => Promise.all(batch.map((delivery) => this.#handle(delivery)));
    this.consumer = new GuardedConsumer(consumed, deps, signals, handler);
  }

  async #handle(delivery: Delivery): Promise<Settlement> {
    let original: JsonObject | undefined;
    let response: ResponseMessage;
    try {
      original = decodeObject(delivery.body);
      response = readAs(responseMessage, original, delivery.body);
    } catch (error) {
      if (!(error instanceof MalformedMessageError)) throw error;
      const type = original === undefined ? "json_parse_error" : "processing_exception";
      return await this.#giveUp(delivery, original, { type, message: error.message });
    }
    const { maxBodyBytes } = this.deps.broker;
    if (delivery.body.byteLength > maxBodyBytes) {
      const message = `The response has ${delivery.body.byteLength} bytes, more than ${maxBodyBytes}`;
      return await this.#giveUp(delivery, original, { type: "response_too_large", message });
    }
    const startedAt = this.deps.clock.now();
    const applied = await this.deps.completion.apply(response, this.signals.force);
    return await this.#settle(delivery, response, original, applied, this.deps.clock.now() - startedAt);
  }

  async #settle(
    delivery: Delivery,
    response: ResponseMessage,
    original: JsonObject,
    applied: Applied,
    durationMs: number,
  ): Promise<Settlement> {
    if (applied.kind === "down") return this.#down(applied.reason);
    this.consumer.breaker.pass();
    const { task_id: taskId, topic, process_instance_id: processInstanceId } = response.original_message;
    const facts = { taskId, system: systemOf(response), topic, processInstanceId, durationMs };
    switch (applied.kind) {
      case "completed":
      case "failed": {
        const detail = applied.oddities.length === 0 ? {} : { oddities: applied.oddities.join("; ") };
        this.deps.events.record(applied.kind, { ...facts, detail });
        return ACK;
      }
      case "gone":
        this.deps.log.info("worker.response_without_task", await this.#whyGone(taskId), { taskId });
        return ACK;
      case "wait":
        return await this.#wait(delivery, taskId, applied.reason);
      case "retry": {
        const { message } = applied.reason;
        const schedule = this.options.retryDelaysS;
        if (await retryLater(this.deps.broker, delivery, message, { schedule }) === "exhausted") {
          return await this.#giveUp(delivery, original, applied.reason);
        }
        this.deps.events.record("retried", { ...facts, detail: { reason: message } });
        return ACK;
      }
      case "refused":
        return await this.#giveUp(delivery, original, applied.reason);
    }
  }

  /**
   * The incident first, then the errors queue, then the ack: a crash between them repeats steps that can be repeated.
   * Without a task id there is nobody to tell in Camunda.
   */
  async #giveUp(delivery: Delivery, original: JsonObject | undefined, reason: SetAsideReason): Promise<Settlement> {
    const { broker, clock, completion, events } = this.deps;
    const task = aboutTask(original);
    if (task.id !== null) {
      const text = `Exchanger gave up the answer to this task: ${reason.message}`;
      const told = await completion.raiseIncident({ id: task.id, workerId: task.workerId }, text, this.signals.force);
      if (told.kind === "down") return this.#down(told.reason);
      if (told.kind === "wait") return await this.#wait(delivery, task.id, told.reason);
    }
    const route = this.options.setAsideRoute;
    await broker.publish(setAsideResponse(route, delivery, original, task, reason, clock.now()), this.signals.force);
    events.record("set_aside", {
      taskId: task.id ?? "unknown",
      system: task.system,
      detail: { reason: reason.message, type: reason.type, queue: delivery.queue },
    });
    return ACK;
  }

  async #wait(delivery: Delivery, taskId: string, reason: string): Promise<Settlement> {
    const { waitS } = this.options;
    await delayFor(this.deps.broker, delivery, waitS);
    this.deps.log.info("worker.response_waits", reason, { taskId, seconds: waitS });
    return ACK;
  }

  #down(reason: string): Settlement {
    this.consumer.breaker.trip(reason);
    return GIVE_BACK;
  }

  /** Camunda keeps no result, but its history may tell a repeated answer from a cancelled task. */
  async #whyGone(taskId: string): Promise<string> {
    switch (await this.deps.camunda.endOfTask(taskId).catch(() => "unknown" as const)) {
      case "completed":
        return "The task was completed before; a repeated answer";
      case "cancelled":
        return "The process no longer waits for this task; its answer is dropped";
      case "unknown":
        return "The task is completed or cancelled; Camunda's history does not tell which";
    }
  }
}

function systemOf(response: ResponseMessage): string {
  return response.original_message.system ?? response.original_queue?.replace(/\.queue$/, "") ?? "unknown";
}

/** What is known of the task a response is about, even if the response itself is malformed. */
function aboutTask(original: JsonObject | undefined) {
  const task = jsonObject.safeParse(original?.["original_message"]).data ?? {};
  const text = (key: string) => {
    const value = task[key];
    return typeof value === "string" && value !== "" ? value : null;
  };
  return {
    id: text("task_id"),
    activityId: text("activity_id"),
    workerId: text("worker_id"),
    system: text("system") ?? "unknown",
  };
}
