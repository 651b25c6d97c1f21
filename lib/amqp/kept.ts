/**
 * Keeps one thing open for ever: opens it, waits until it ends, and opens the next one after a back-off. Connections and
 * the channels on them are kept this way. (amqplib's own recovery mends connections only, gives no say in how an attempt
 * is ended, and has no listener for errors while its `setup` runs.)
 */
import { Backoff } from "../time/backoff.ts";
import type { Clock } from "../time/clock.ts";
import { joinSignals } from "../time/joined_signal.ts";
import { abortable } from "./abortable.ts";

export interface Opened<T> {
  readonly value: T;
  /** Resolves with why it ended; never rejects. */
  readonly ended: Promise<Error>;
  /** Ends it and frees what it holds, also after it ended by itself; bounded in time, never throws. */
  close(): Promise<void>;
}

export interface KeptOptions<T> {
  /** The signal aborts when nobody wants the result any more. */
  open(signal: AbortSignal): Promise<Opened<T>>;
  onOpen?(value: T): void;
  /** After every failed attempt and every end that was not asked for; the back-off begins when it is done. */
  onFailure(why: Error): void | Promise<void>;
  readonly clock: Clock;
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
}

/** What ends sooner than this counts as a failure to open: its back-off keeps growing. */
const stableMs = 5_000;

export class Kept<T> {
  #current: T | undefined;
  #why: Error | undefined;
  #changed = Promise.withResolvers<void>();
  /** Aborts when no next one shall be opened. */
  readonly #retired = new AbortController();
  /** Aborts when the current one shall be closed too. */
  readonly #closed = new AbortController();
  readonly #done: Promise<void>;

  constructor(private readonly options: KeptOptions<T>) {
    this.#done = this.#run();
  }

  get current(): T | undefined {
    return this.#current;
  }

  /** Why it is not open; `undefined` while it is, or before the first attempt has ended. */
  get why(): Error | undefined {
    return this.#why;
  }

  /** Waits for the next one if it is not open. Rejects when aborted or closed. */
  async whenOpen(signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    if (this.#current !== undefined) return this.#current;
    using either = joinSignals(signal, this.#retired.signal);
    for (;;) {
      await abortable(this.#changed.promise, either.signal);
      if (this.#current !== undefined) return this.#current;
    }
  }

  /** Opens no next one. The current one lives on until it ends or `close` is called. */
  retire(): void {
    this.#retired.abort(new Error("The broker connection was closed by this program"));
  }

  /** Idempotent. */
  close(): Promise<void> {
    this.retire();
    this.#closed.abort();
    return this.#done;
  }

  async #run(): Promise<void> {
    const { onFailure, clock, firstDelayMs, maxDelayMs } = this.options;
    const retired = this.#retired.signal;
    const backoff = new Backoff({ firstMs: firstDelayMs, capMs: maxDelayMs });
    while (!retired.aborted) {
      const startedAtMs = clock.now();
      const why = await this.#openOnce().catch((error) => error instanceof Error ? error : new Error(String(error)));
      this.#why = why;
      if (retired.aborted) return;
      await abortable(Promise.resolve(onFailure(why)), retired).catch(() => {});
      if (clock.now() - startedAtMs > stableMs) backoff.reset();
      await clock.sleep(backoff.nextMs(), retired).catch(() => {});
    }
  }

  /** Resolves with why it ended, rejects with why it could not be opened. */
  async #openOnce(): Promise<Error> {
    const { open, onOpen } = this.options;
    const retired = this.#retired.signal;
    const opening = open(retired);
    // A dead wire lets an attempt hang until its heartbeats are missed; nobody who closes shall wait for that.
    const opened = await abortable(opening, retired).catch((error) => {
      opening.then((late) => late.close(), () => {});
      throw error;
    });
    try {
      this.#why = undefined;
      this.#become(opened.value);
      onOpen?.(opened.value);
      return await abortable(opened.ended, this.#closed.signal);
    } finally {
      this.#become(undefined);
      await opened.close();
    }
  }

  #become(current: T | undefined): void {
    this.#current = current;
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
