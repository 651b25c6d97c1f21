/**
 * What happens to a task, told three ways at once: a log line, a metric, and an event on `exchanger.events` for whoever
 * watches. Losing an event loses no work.
 */
import type { Meter } from "@opentelemetry/api";
import type { Broker } from "../amqp/broker.ts";
import { encodeMessage } from "../messages/json.ts";
import type { Log, LogFields } from "../telemetry/log.ts";
import type { Clock } from "../time/clock.ts";

/** The stations of a task, in the order of its life; the last three end it. */
export type TaskEvent =
  | "fetched"
  | "published"
  | "created"
  | "waiting"
  | "answered"
  | "retried"
  | "set_aside"
  | "withdrawn"
  | "failed"
  | "completed";

export interface TaskFacts {
  readonly taskId: string;
  readonly system: string;
  readonly topic?: string | null;
  readonly processInstanceId?: string | null;
  /** How long this station took, where that means something. */
  readonly durationMs?: number;
  /** Further fields for the log and the event; never variables or bodies. */
  readonly detail?: LogFields;
}

export class TaskEvents {
  readonly #total;
  readonly #seconds;

  constructor(
    private readonly program: string,
    private readonly deps: { readonly broker: Broker; readonly meter: Meter; readonly log: Log; readonly clock: Clock },
  ) {
    this.#total = deps.meter.createCounter("exchanger_task_events_total", {
      description: "What happened to tasks, by event and system",
    });
    this.#seconds = deps.meter.createHistogram("exchanger_task_stage_seconds", {
      description: "How long a station of a task took",
      advice: { explicitBucketBoundaries: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300] },
    });
  }

  record(event: TaskEvent, facts: TaskFacts): void {
    const { taskId, system, topic, processInstanceId, durationMs, detail } = facts;
    this.#total.add(1, { event, system });
    if (durationMs !== undefined) this.#seconds.record(durationMs / 1000, { event, system });
    const fields = {
      taskId,
      system,
      ...(topic ? { topic } : {}),
      ...(processInstanceId ? { processInstanceId } : {}),
      ...(durationMs === undefined ? {} : { durationMs: Math.round(durationMs) }),
      ...detail,
    };
    const level = event === "set_aside" || event === "failed" ? "warn" : "info";
    this.deps.log[level](`${this.program}.${event}`, `Task ${event.replace("_", " ")}`, fields);
    const { taskId: task_id, ...more } = fields;
    this.deps.broker.emit(
      `task.${event}.${system}`,
      encodeMessage({ event, program: this.program, at: this.deps.clock.now(), task_id, ...more }),
    );
  }
}
