/** One line of a program's `check`: what was looked at, whether it is well, and what to do if not. */
export interface CheckResult {
  /** What was looked at: `RabbitMQ: connection`, `Camunda: topics`. */
  readonly name: string;
  readonly ok: boolean;
  /** What was found, in one sentence. */
  readonly detail: string;
  /** What a person should do; present when `ok` is false. */
  readonly remedy?: string;
}
