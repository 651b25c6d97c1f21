/** A consumer of the embedded broker: what it holds, and how that goes back. */
import type { Delivery, SubscribeOptions, Subscription } from "./broker.ts";
import type { EmbeddedQueue, QueueConsumer, QueuedMessage } from "./embedded_queue.ts";

export class EmbeddedSubscription implements Subscription, QueueConsumer {
  /** How to give each unsettled delivery back. */
  readonly #giveBacks = new Set<() => void>();
  #source: EmbeddedQueue | undefined;
  #cancelled = false;

  constructor(
    readonly queue: string,
    private readonly options: SubscribeOptions,
    private readonly onDelivery: (delivery: Delivery) => void,
    private readonly onClose: () => void,
  ) {}

  get problem(): string | undefined {
    if (this.#cancelled) return `consuming from ${this.queue} was ended`;
    return this.#source === undefined ? `queue ${this.queue} does not exist` : undefined;
  }

  get hasRoom(): boolean {
    return this.#giveBacks.size < this.options.prefetch;
  }

  /** Begins, or begins again after `interrupt`, unless it was cancelled. */
  attach(source: EmbeddedQueue | undefined): void {
    if (this.#cancelled || this.#source === source) return;
    this.#source = source;
    source?.attach(this);
  }

  /** What a lost channel does: unsettled messages go back to the queue and nothing arrives until `attach`. */
  interrupt(): void {
    this.#source?.detach(this);
    this.#source = undefined;
    for (const giveBack of this.#giveBacks) giveBack();
  }

  take(queued: QueuedMessage): void {
    const source = this.#source;
    if (source === undefined) throw new Error(`A message of ${this.queue} was delivered to a detached consumer`);
    let settled = false;
    const settle = (): boolean => {
      if (settled) return false;
      settled = true;
      this.#giveBacks.delete(giveBack);
      source.wake();
      return true;
    };
    const giveBack = () => {
      if (settle()) source.putBack(queued);
    };
    this.#giveBacks.add(giveBack);
    const { properties, headers, body } = queued.message;
    this.onDelivery({
      ...properties,
      queue: this.queue,
      headers: { ...headers },
      body: body.slice(),
      redelivered: queued.redelivered,
      get settled() {
        return settled;
      },
      ack: () => void settle(),
      giveBack,
    });
  }

  cancel(): Promise<void> {
    this.#cancelled = true;
    this.#source?.detach(this);
    this.#source = undefined;
    return Promise.resolve();
  }

  async close(): Promise<void> {
    await this.cancel();
    this.interrupt();
    this.onClose();
  }
}
