/**
 * Keeps below the portal's request limit: a counter that drains `perSecond` and blocks above `burst` (2 and 50, on
 * Enterprise 5 and 250, counted by source address; the vendor's `limits.md`).
 */
import type { Clock } from "../time/clock.ts";

export interface RequestLimit {
  readonly perSecond: number;
  readonly burst: number;
}

export class RequestBucket {
  /** When the counter will have drained to zero, in epoch milliseconds. */
  #emptyAtMs = 0;
  readonly #perRequestMs: number;

  constructor(private readonly limit: RequestLimit, private readonly clock: Clock) {
    this.#perRequestMs = 1000 / limit.perSecond;
  }

  /** Resolves when one more request is allowed; those who wait go in order. */
  async take(signal: AbortSignal): Promise<void> {
    const nowMs = this.clock.now();
    this.#emptyAtMs = Math.max(this.#emptyAtMs, nowMs) + this.#perRequestMs;
    const waitMs = this.#emptyAtMs - nowMs - this.limit.burst * this.#perRequestMs;
    if (waitMs > 0) await this.clock.sleep(waitMs, signal);
  }

  /** The portal said that its counter is full: others fill it too. */
  fill(): void {
    this.#emptyAtMs = Math.max(this.#emptyAtMs, this.clock.now() + this.limit.burst * this.#perRequestMs);
  }
}
