/** The portal's own limit: a counter that drains `perSecond` and blocks above `burst` (`limits.md` of the vendor). */
export class RequestBucket {
  #level = 0;
  #atMs: number;

  constructor(private readonly limit: { readonly perSecond: number; readonly burst: number }, nowMs: number) {
    this.#atMs = nowMs;
  }

  /** Whether one more request is allowed now. */
  take(nowMs: number): boolean {
    this.#level = Math.max(0, this.#level - (nowMs - this.#atMs) / 1000 * this.limit.perSecond);
    this.#atMs = nowMs;
    if (this.#level + 1 > this.limit.burst) return false;
    this.#level++;
    return true;
  }
}
