/**
 * The hand-over of fetched tasks: enrich, publish with a confirm, then lengthen the short lock to the lease. A task is
 * never in neither place: until the confirm Camunda's hand-over lock brings it back, after it the queue holds it; one that
 * is in both (a confirm was lost) is collapsed by its id downstream.
 */
import { type Broker, PublishError } from "../amqp/broker.ts";
import { routingKey } from "../amqp/topology.ts";
import type { CamundaClient } from "../camunda/client.ts";
import type { LockedTask } from "../camunda/types.ts";
import { encodeMessage, type JsonObject } from "../messages/json.ts";
import { type SetAsideReason, type SetAsideRoute, setAsideTask } from "../messages/set_aside.ts";
import type { TaskEvents } from "../program/task_events.ts";
import { errorText } from "../telemetry/error_text.ts";
import type { Log } from "../telemetry/log.ts";
import type { Clock } from "../time/clock.ts";
import { joinSignals } from "../time/joined_signal.ts";
import type { EnrichedTask, Enricher } from "./enricher.ts";
import type { Lease } from "./lease.ts";
import { taskMessageOf } from "./task_messages.ts";

/**
 * - `published`: confirmed by the broker. Whether the lease was reached is for the log: if not, the task is published
 *   again after the hand-over lock, and collapsed.
 * - `returned`: surely not in a queue, unlocked, so that it can be fetched again at once.
 * - `lapsing`: sent but not confirmed, or no longer ours to unlock; its lock runs out within minutes and it is fetched again.
 * - `refused`: cannot be published; Camunda knows why, by an incident when it never will.
 */
export type HandOverOutcome = "published" | "returned" | "lapsing" | "refused";

export interface HandOverDeps {
  readonly broker: Broker;
  readonly camunda: Pick<CamundaClient, "unlock" | "failure">;
  readonly enricher: Pick<Enricher, "enrich">;
  readonly lease: Pick<Lease, "extend">;
  readonly events: TaskEvents;
  readonly clock: Clock;
  readonly log: Log;
  readonly systemOf: (topic: string) => string;
  readonly tasksExchange: string;
  readonly setAsideRoute: SetAsideRoute;
  /** CAMUNDA_FETCH_LOCK_DURATION. */
  readonly fetchLockMs: number;
}

/** As many tries as the predecessor configured, for a task whose retries nobody has set. */
const FIRST_RETRIES = 3;
/** Before the first of them; four times as long before each further one. */
const RETRY_MS = 30_000;

export class HandOver {
  constructor(private readonly deps: HandOverDeps) {}

  /**
   * Hands over tasks that were locked at `lockedAt` (our clock, epoch ms). `force` ends the waiting: what never reached
   * the socket is unlocked. One outcome per task, in order. Never rejects.
   */
  async handOver(tasks: readonly LockedTask[], lockedAt: number, force: AbortSignal): Promise<HandOverOutcome[]> {
    // Published only while half of the lock is left; the other half covers the confirm and the lease.
    const halfLeftMs = Math.max(0, lockedAt + this.deps.fetchLockMs / 2 - this.deps.clock.now());
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(new Error("half of the hand-over lock has passed")), halfLeftMs);
    using joined = joinSignals(force, late.signal);
    const mayPublish = joined.signal;
    try {
      const enriched = await this.#enrich(tasks, mayPublish);
      if (enriched === undefined) return await Promise.all(tasks.map((task) => this.#giveBack(task, lockedAt)));
      return await Promise.all(
        enriched.map((one) =>
          this.#handOverOne(one, lockedAt, { mayPublish, force }).catch((error) => this.#failed(one.task, error))
        ),
      );
    } finally {
      clearTimeout(timer);
    }
  }

  async #enrich(tasks: readonly LockedTask[], signal: AbortSignal): Promise<EnrichedTask[] | undefined> {
    try {
      return await this.deps.enricher.enrich(tasks, signal);
    } catch (error) {
      const message = `${tasks.length} tasks go back to Camunda, their variables could not be read: ${
        errorText(error)
      }`;
      this.deps.log.warn("worker.variables_unreadable", message);
      return undefined;
    }
  }

  async #handOverOne(
    enriched: EnrichedTask,
    lockedAt: number,
    { mayPublish, force }: { readonly mayPublish: AbortSignal; readonly force: AbortSignal },
  ): Promise<HandOverOutcome> {
    const { task } = enriched;
    const system = this.deps.systemOf(task.topicName);
    const now = this.deps.clock.now();
    const message = taskMessageOf(task, { system, ...enriched }, now);
    try {
      await this.deps.broker.publish({
        exchange: this.deps.tasksExchange,
        routingKey: routingKey(system, task.topicName),
        body: encodeMessage(message),
        messageId: task.id,
        timestampS: Math.floor(now / 1000),
        headers: {
          camunda_topic: task.topicName,
          target_system: system,
          task_id: task.id,
          process_instance_id: task.processInstanceId,
        },
      }, mayPublish);
    } catch (error) {
      return await this.#notPublished(task, message, error, lockedAt);
    }
    const durationMs = this.deps.clock.now() - lockedAt;
    this.deps.events.record("published", {
      taskId: task.id,
      system,
      topic: task.topicName,
      processInstanceId: task.processInstanceId,
      durationMs,
    });
    await this.deps.lease.extend(task, lockedAt + this.deps.fetchLockMs, force);
    return "published";
  }

  async #notPublished(
    task: LockedTask,
    message: JsonObject,
    error: unknown,
    lockedAt: number,
  ): Promise<HandOverOutcome> {
    if (!(error instanceof PublishError)) throw error;
    const fields = { taskId: task.id, topic: task.topicName, failure: error.failure };
    switch (error.failure) {
      case "too_large": {
        const { variables: _, process_variables: __, metadata: ___, ...slim } = message;
        return await this.#refuse(task, slim, { type: "task_too_large", message: error.message });
      }
      case "unknown":
        this.deps.log.warn("worker.confirm_lost", `Left to lapse and be fetched again: ${error.message}`, fields);
        return "lapsing";
      case "not_sent":
      case "unroutable":
      case "refused":
        this.deps.log.warn("worker.publish_failed", `Unlocked for another attempt: ${error.message}`, fields);
        return await this.#giveBack(task, lockedAt);
    }
  }

  async #giveBack(task: LockedTask, lockedAt: number): Promise<HandOverOutcome> {
    // By then another worker may hold it under the same worker id: after a freeze of ours an unlock would end its lease.
    if (this.deps.clock.now() >= lockedAt + this.deps.fetchLockMs) return "lapsing";
    try {
      await this.deps.camunda.unlock(task.id);
      return "returned";
    } catch (error) {
      this.deps.log.warn("worker.unlock_failed", `The hand-over lock has to lapse: ${errorText(error)}`, {
        taskId: task.id,
      });
      return "lapsing";
    }
  }

  /** A fault that only this task provokes: Camunda gives it another try, later each time, until an incident is raised. */
  async #failed(task: LockedTask, error: unknown): Promise<HandOverOutcome> {
    const retries = Math.max(0, (task.retries ?? FIRST_RETRIES) - 1);
    const retryTimeoutMs = retries === 0 ? 0 : RETRY_MS * 4 ** Math.max(0, FIRST_RETRIES - 1 - retries);
    return await this.#refuse(
      task,
      undefined,
      { type: "task_error", message: errorText(error) },
      retries,
      retryTimeoutMs,
    );
  }

  /** The incident first: it is what the owner of the process sees, and repeating it changes nothing. */
  async #refuse(
    task: LockedTask,
    body: JsonObject | undefined,
    reason: SetAsideReason,
    retries = 0,
    retryTimeoutMs = 0,
  ): Promise<HandOverOutcome> {
    const fields = { taskId: task.id, topic: task.topicName, retries };
    try {
      await this.deps.camunda.failure(task.id, {
        workerId: task.workerId,
        errorMessage: `Exchanger cannot hand over this task: ${reason.message}`,
        retries,
        retryTimeoutMs,
      });
      if (retries > 0) {
        this.deps.log.warn("worker.task_failed", `Tried again later: ${reason.message}`, fields);
        return "refused";
      }
      await this.deps.broker.publish(setAsideTask(
        this.deps.setAsideRoute,
        { id: task.id, topic: task.topicName, ...body === undefined ? {} : { body } },
        reason,
        this.deps.clock.now(),
      ));
      const system = this.deps.systemOf(task.topicName);
      this.deps.events.record("set_aside", { taskId: task.id, system, detail: { reason: reason.message } });
      return "refused";
    } catch (error) {
      this.deps.log.warn(
        "worker.refusal_failed",
        `Refused again when its lock has lapsed: ${errorText(error)}`,
        fields,
      );
      return "lapsing";
    }
  }
}
