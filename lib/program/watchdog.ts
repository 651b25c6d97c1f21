/**
 * Notices loops that neither turn nor say what they wait for. A consumer that is "up" while nothing moves is the worst
 * failure, since nothing else shows it; waiting for a portal that is down is not one.
 */

export interface WatchdogOptions {
  /** How long a loop may take for one turn. */
  readonly limitMs: number;
  /** Must not jump when the wall clock is set. @default performance.now */
  readonly now?: () => number;
}

type LoopState =
  | { readonly kind: "turning"; readonly sinceMs: number }
  | { readonly kind: "waiting"; readonly reason: string };

export class Watchdog {
  readonly #loops = new Map<string, LoopState>();
  readonly #now: () => number;

  constructor(private readonly options: WatchdogOptions) {
    this.#now = options.now ?? (() => performance.now());
  }

  /** A turn of this loop is done, or a piece of work in it that can take long. Watched from the first call on. */
  turned(loop: string): void {
    this.#loops.set(loop, { kind: "turning", sinceMs: this.#now() });
  }

  /** The loop waits, for as long as it takes, until it turns again. */
  waiting(loop: string, reason: string): void {
    this.#loops.set(loop, { kind: "waiting", reason });
  }

  /** The loop has ended as it should. */
  ended(loop: string): void {
    this.#loops.delete(loop);
  }

  /** One sentence per loop that stands still; empty when all is well. */
  stalled(): string[] {
    const nowMs = this.#now();
    return [...this.#loops].flatMap(([loop, state]) => {
      if (state.kind === "waiting") return [];
      const stillMs = nowMs - state.sinceMs;
      return stillMs <= this.options.limitMs ? [] : [`${loop} has not moved for ${Math.round(stillMs / 1000)} s`];
    });
  }

  /** What loops wait for, in words. */
  waits(): string[] {
    return [...this.#loops].flatMap(([loop, state]) =>
      state.kind === "waiting" ? [`${loop} waits: ${state.reason}`] : []
    );
  }
}
