/**
 * Stops consuming while the system behind a queue is down or limits us, so that an outage of days moves no message and
 * costs no attempt: the consumer is cancelled, what is in hand goes back once, and after a back-off single messages find
 * out whether the system is back.
 */
import type { BatchConsumer } from "../amqp/batches.ts";
import type { Log } from "../telemetry/log.ts";
import { Backoff, type BackoffOptions } from "../time/backoff.ts";
import type { Clock } from "../time/clock.ts";
import type { Health } from "./health.ts";

export interface BreakerDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly health: Health;
  /** Ends the waiting; a stopping program drains its consumer itself. */
  readonly signal: AbortSignal;
  /** @default 1 s, doubling up to 20 s: one message in so long a time burdens no system, and work goes on soon after */
  readonly backoff?: BackoffOptions;
}

export class Breaker {
  readonly #backoff: Backoff;
  #state: "closed" | "open" | "probing" = "closed";
  #openSince = 0;
  #waiting: Promise<void> = Promise.resolve();

  /** `system` names what is behind the queue, in `/readyz` and logs: `camunda`, `bitrix24`. */
  constructor(
    private readonly system: string,
    private readonly consumer: () => BatchConsumer,
    private readonly deps: BreakerDeps,
  ) {
    this.#backoff = new Backoff(deps.backoff ?? { firstMs: 1_000, capMs: 20_000 });
  }

  /** An answer (or none) that says the system is down. Called by handlers, which then give their messages back. */
  trip(reason: string): void {
    if (this.#state === "open" || this.deps.signal.aborted) return;
    const { clock, log, health } = this.deps;
    if (this.#state === "closed") {
      this.#openSince = clock.now();
      log.warn("breaker.open", `Messages wait until ${this.system} is back: ${reason}`, { system: this.system });
    }
    health.set(this.system, reason);
    this.#state = "open";
    this.#waiting = this.#probeLater(reason);
  }

  /** An answer that says the system works. */
  pass(): void {
    if (this.#state !== "probing") return;
    this.#state = "closed";
    this.#backoff.reset();
    const { clock, log, health } = this.deps;
    health.set(this.system, undefined);
    log.info("breaker.closed", `${this.system} is back`, {
      system: this.system,
      durationMs: Math.round(clock.now() - this.#openSince),
    });
    this.consumer().resume();
  }

  /** Resolves when nothing waits any more, after `signal`. */
  async ended(): Promise<void> {
    await this.#waiting;
  }

  async #probeLater(reason: string): Promise<void> {
    await this.consumer().pause(reason);
    const stopped = await this.deps.clock.sleep(this.#backoff.nextMs(), this.deps.signal).then(() => false, () => true);
    if (stopped) return;
    this.#state = "probing";
    this.consumer().probe();
  }
}
