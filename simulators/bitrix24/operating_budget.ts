/**
 * The portal's second limit: the seconds that each method may work per window, kept in ten slices of it. A method is
 * blocked while its sum exceeds the limit; others go on (`limits.md` of the vendor, `limiters` of its SDK).
 */

export interface OperatingLimit {
  /** What a method may have worked before it is blocked. The cloud allows 480. */
  readonly seconds: number;
  /** @default 600_000, ten minutes as in the cloud */
  readonly windowMs?: number;
  /** What each call is charged. @default the time it took */
  readonly secondsPerCall?: number;
}

/** The part of an answer's `time` that speaks of this limit. */
export interface OperatingTime {
  /** Seconds that the method has worked in the window. */
  readonly operating: number;
  /** Unix seconds: when part of them is forgotten. */
  readonly operating_reset_at: number;
}

const SLICES = 10;

export class OperatingBudget {
  readonly #seconds: number;
  readonly #sliceMs: number;
  readonly #secondsPerCall: number | undefined;
  /** By method, then by slice. */
  readonly #spent = new Map<string, Map<number, number>>();

  constructor({ seconds, windowMs = 600_000, secondsPerCall }: OperatingLimit) {
    this.#seconds = seconds;
    this.#sliceMs = windowMs / SLICES;
    this.#secondsPerCall = secondsPerCall;
  }

  isSpent(method: string, nowMs: number): boolean {
    return this.time(method, nowMs).operating > this.#seconds;
  }

  /** Charges a call that ended now. */
  charge(method: string, tookMs: number, nowMs: number): void {
    const slices = this.#current(method, nowMs);
    const slice = this.#sliceAt(nowMs);
    slices.set(slice, (slices.get(slice) ?? 0) + (this.#secondsPerCall ?? tookMs / 1000));
    this.#spent.set(method, slices);
  }

  time(method: string, nowMs: number): OperatingTime {
    const slices = this.#current(method, nowMs);
    const oldest = Math.min(this.#sliceAt(nowMs), ...slices.keys());
    return {
      operating: [...slices.values()].reduce((sum, seconds) => sum + seconds, 0),
      operating_reset_at: Math.ceil((oldest + SLICES) * this.#sliceMs / 1000),
    };
  }

  /** Without the slices that have left the window. */
  #current(method: string, nowMs: number): Map<number, number> {
    const now = this.#sliceAt(nowMs);
    return new Map([...this.#spent.get(method) ?? []].filter(([slice]) => slice > now - SLICES));
  }

  #sliceAt(ms: number): number {
    return Math.floor(ms / this.#sliceMs);
  }
}
