/** Keeps an outage from filling the log: the first failure is loud, repeats are counted, the recovery is told. */
import { errorText } from "./error_text.ts";
import type { Log, LogFields } from "./log.ts";

export interface FailureLogOptions {
  /** The code of the lines: `camunda.poll` gives `camunda.poll_failed` and `camunda.poll_recovered`. */
  readonly code: string;
  /** What fails, as the beginning of a sentence: `Camunda does not answer`. */
  readonly what: string;
  /** How long repeats are only counted. @default 600_000 (10 min) */
  readonly repeatEveryMs?: number;
  /** Epoch milliseconds. @default Date.now */
  readonly now?: () => number;
}

interface Outage {
  readonly sinceMs: number;
  readonly failures: number;
  readonly loggedMs: number;
}

export class FailureLog {
  #outage: Outage | undefined;
  readonly #now: () => number;
  readonly #repeatEveryMs: number;

  constructor(private readonly log: Log, private readonly options: FailureLogOptions) {
    this.#now = options.now ?? Date.now;
    this.#repeatEveryMs = options.repeatEveryMs ?? 600_000;
  }

  /** Whether the last thing heard was a failure. */
  get failing(): boolean {
    return this.#outage !== undefined;
  }

  /** `error` must be fit for the log: lib/http's errors are, fetch's are not. */
  failed(error: unknown, fields?: LogFields): void {
    const { code, what } = this.options;
    const nowMs = this.#now();
    const reason = errorText(error);
    const outage = this.#outage;
    if (outage === undefined) {
      this.#outage = { sinceMs: nowMs, failures: 1, loggedMs: nowMs };
      this.log.error(`${code}_failed`, `${what}: ${reason}`, fields);
      return;
    }
    const failures = outage.failures + 1;
    const due = nowMs - outage.loggedMs >= this.#repeatEveryMs;
    this.#outage = { ...outage, failures, loggedMs: due ? nowMs : outage.loggedMs };
    if (!due) return;
    const durationMs = nowMs - outage.sinceMs;
    this.log.error(`${code}_failed`, `${what}, still: ${reason}`, { ...fields, failures, durationMs });
  }

  /** Call on every success; it is silent unless something had failed. */
  recovered(fields?: LogFields): void {
    const outage = this.#outage;
    if (outage === undefined) return;
    this.#outage = undefined;
    const { code, what } = this.options;
    const durationMs = this.#now() - outage.sinceMs;
    this.log.info(`${code}_recovered`, `Over: ${what}`, { ...fields, failures: outage.failures, durationMs });
  }
}
