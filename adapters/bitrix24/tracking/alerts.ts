/** Tells operators of tasks that need somebody: a log line with a stable code, and a count that alerts can be made of. */
import type { Meter } from "@opentelemetry/api";
import type { Log, LogFields } from "../../../lib/telemetry/log.ts";

/** In the log with `bitrix24.` before it. */
export type Alert = "answer_missing" | "deadline_passed" | "responsible_dismissed" | "task_reopened";

export interface AlertsDeps {
  readonly log: Log;
  /** Without it nothing is counted. */
  readonly meter?: Meter | undefined;
}

export class Alerts {
  readonly #total;

  constructor(private readonly deps: AlertsDeps) {
    this.#total = deps.meter?.createCounter("exchanger_task_alerts_total", {
      description: "Tasks that need somebody's attention, by alert and system",
    });
  }

  raise(alert: Alert, message: string, facts: LogFields): void {
    this.#total?.add(1, { alert, system: "bitrix24" });
    this.deps.log.warn(`bitrix24.${alert}`, message, facts);
  }
}
