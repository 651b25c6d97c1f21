/**
 * The cloud's limit as the vendor documents it: 5 requests per minute, and more than 3 that were over it within 24 hours
 * block the account until support lifts that. Counts strictly: no minute, wherever it begins, may have more.
 */
export interface QuotaLimit {
  readonly perMinute: number;
  /** So many requests over the limit in 24 hours are forgiven, the next one blocks. */
  readonly forgiven: number;
}

/** Of the vendor's cloud. */
export const CLOUD_LIMIT: QuotaLimit = { perMinute: 5, forgiven: 3 };

export type QuotaVerdict =
  | { readonly kind: "allowed"; readonly remaining: number }
  | { readonly kind: "over"; readonly retryAfterS: number }
  | { readonly kind: "blocked" };

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 3_600_000;

export class AccountQuota {
  #servedMs: number[] = [];
  #overMs: number[] = [];
  isBlocked = false;

  constructor(private readonly limit: QuotaLimit) {}

  /** Requests over the limit in the last 24 hours. */
  overruns(nowMs: number): number {
    return this.#overMs.filter((ms) => ms > nowMs - DAY_MS).length;
  }

  take(nowMs: number): QuotaVerdict {
    if (this.isBlocked) return { kind: "blocked" };
    this.#servedMs = this.#servedMs.filter((ms) => ms > nowMs - MINUTE_MS);
    const [first] = this.#servedMs;
    if (first !== undefined && this.#servedMs.length >= this.limit.perMinute) {
      this.#overMs.push(nowMs);
      this.isBlocked = this.overruns(nowMs) > this.limit.forgiven;
      return { kind: "over", retryAfterS: Math.ceil((first + MINUTE_MS - nowMs) / 1000) };
    }
    this.#servedMs.push(nowMs);
    return { kind: "allowed", remaining: this.limit.perMinute - this.#servedMs.length };
  }

  /** What support does. */
  unblock(): void {
    this.isBlocked = false;
    this.#overMs = [];
  }
}
