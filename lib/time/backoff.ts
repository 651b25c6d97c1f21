/** Exponential back-off with full jitter: after attempt n, a random part of `firstMs * 2^n`, at most `capMs`. */
export interface BackoffOptions {
  /** Upper bound of the first delay. */
  readonly firstMs: number;
  /** Upper bound of every delay. */
  readonly capMs: number;
  /** @default Math.random */
  readonly random?: () => number;
}

export class Backoff {
  #attempt = 0;
  constructor(private readonly options: BackoffOptions) {}

  /** The delay before the next attempt, in milliseconds; never below a tenth of its bound, so that nothing loops hot. */
  nextMs(): number {
    const bound = Math.min(this.options.capMs, this.options.firstMs * 2 ** this.#attempt);
    if (bound < this.options.capMs) this.#attempt++;
    const random = this.options.random ?? Math.random;
    return bound * (0.1 + 0.9 * random());
  }

  /** After a success. */
  reset(): void {
    this.#attempt = 0;
  }
}
