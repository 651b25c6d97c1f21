/**
 * Gathers deliveries of one subscription into batches: a batch is full, or its window after the first message has
 * passed, and one of the slots is free. Made anew whenever consuming begins again.
 */
import type { Clock } from "../time/clock.ts";
import type { Broker, Delivery, Subscription } from "./broker.ts";

export interface IntakeLimits {
  /** Most messages in a batch. */
  readonly batchSize: number;
  /** How long the first message of a batch waits for others. */
  readonly windowMs: number;
  /** Batches handled at the same time. */
  readonly concurrency: number;
  /** Most messages in hand. */
  readonly prefetch: number;
}

export class Intake {
  readonly #subscription: Subscription;
  readonly #running = new Set<Promise<void>>();
  readonly #cancelled = new AbortController();
  #gathered: Delivery[] = [];
  #handling = 0;
  #window: AbortController | undefined;
  #windowPassed = false;
  #ending = false;

  /** @param handle never rejects. */
  constructor(
    broker: Pick<Broker, "subscribe">,
    queue: string,
    private readonly limits: IntakeLimits,
    private readonly clock: Clock,
    private readonly handle: (batch: readonly Delivery[], intake: Intake) => Promise<void>,
  ) {
    this.#subscription = broker.subscribe(queue, { prefetch: limits.prefetch }, (delivery) => this.#gather(delivery));
  }

  get problem(): string | undefined {
    return this.#subscription.problem;
  }

  get inHand(): number {
    return this.#gathered.length + this.#handling;
  }

  /** Aborts once no more messages come: only then does a message that is given back stay away. */
  get cancelled(): AbortSignal {
    return this.#cancelled.signal;
  }

  /** Ends deliveries and gives back what no handler has; batches under way go on. */
  async cancel(): Promise<void> {
    this.#ending = true;
    this.#closeWindow();
    await this.#subscription.cancel();
    for (const delivery of this.#gathered) delivery.giveBack();
    this.#gathered = [];
    this.#cancelled.abort();
  }

  /** `cancel`, then waits for the batches under way; `force` ends that wait and gives back what they hold. */
  async end(force: AbortSignal): Promise<void> {
    await this.cancel();
    const finished = new AbortController();
    const forced = new Promise<void>((resolve) => {
      if (force.aborted) return resolve();
      force.addEventListener("abort", () => resolve(), { once: true, signal: finished.signal });
    });
    await Promise.race([Promise.all(this.#running), forced]);
    finished.abort();
    await this.#subscription.close();
  }

  #gather(delivery: Delivery): void {
    this.#gathered.push(delivery);
    this.#dispatch();
  }

  #dispatch(): void {
    if (this.#ending) return;
    while (this.#running.size < this.limits.concurrency && this.#batchIsDue()) {
      this.#closeWindow();
      this.#start(this.#gathered.splice(0, this.limits.batchSize));
    }
    // What is due already waits for a free slot and not for time to pass.
    if (this.#gathered.length > 0 && !this.#batchIsDue() && this.#window === undefined) this.#openWindow();
  }

  #batchIsDue(): boolean {
    return this.#gathered.length >= this.limits.batchSize || (this.#windowPassed && this.#gathered.length > 0);
  }

  #start(gathered: readonly Delivery[]): void {
    // Those that were lost with their channel come again on the next one.
    const batch = gathered.filter((delivery) => !delivery.settled);
    if (batch.length === 0) return;
    this.#handling += batch.length;
    const run = this.handle(batch, this).then(() => {
      this.#handling -= batch.length;
      this.#running.delete(run);
      this.#dispatch();
    });
    this.#running.add(run);
  }

  #openWindow(): void {
    const window = new AbortController();
    this.#window = window;
    this.clock.sleep(this.limits.windowMs, window.signal).then(() => {
      if (this.#window !== window) return;
      this.#windowPassed = true;
      this.#dispatch();
    }, () => {});
  }

  #closeWindow(): void {
    this.#window?.abort();
    this.#window = undefined;
    this.#windowPassed = false;
  }
}
