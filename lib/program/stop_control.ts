/** How a program ends: first drained, then, on a second signal or after the deadline, by force. */

export class StopControl implements Disposable {
  readonly #drain = new AbortController();
  readonly #force = new AbortController();
  #deadline: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly drainTimeoutMs: number) {}

  /** No new work, finish what is in hand. */
  get drain(): AbortSignal {
    return this.#drain.signal;
  }

  /** Drop what is in hand. Never aborts before `drain`. */
  get force(): AbortSignal {
    return this.#force.signal;
  }

  beginDrain(reason: string): void {
    if (this.drain.aborted) return;
    this.#drain.abort(new DOMException(reason, "AbortError"));
    const late = `${
      this.drainTimeoutMs / 1000
    } s after ${reason} there was still work in hand (EXCHANGER_DRAIN_TIMEOUT_SECONDS)`;
    this.#deadline = setTimeout(() => this.forceNow(late), this.drainTimeoutMs);
  }

  forceNow(reason: string): void {
    this.beginDrain(reason);
    clearTimeout(this.#deadline);
    this.#force.abort(new DOMException(reason, "AbortError"));
  }

  /** Whether `error` is only the echo of a stop: what was waiting with one of the signals rejected with its reason. */
  caused(error: unknown): boolean {
    return [this.drain, this.force].some((signal) => signal.aborted && signal.reason === error);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#deadline);
  }
}
