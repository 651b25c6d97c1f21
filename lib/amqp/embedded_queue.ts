/** One queue of the embedded broker: order, expiry at the head, and who gets the next message. */
import type { Clock } from "../time/clock.ts";
import type { Publication, QueueDeclaration } from "./broker.ts";

/** A message in a queue. The body is never shared: whoever stores or delivers one copies it. */
export interface StoredMessage {
  readonly properties: Pick<Publication, "exchange" | "routingKey" | "messageId" | "contentType" | "timestampS">;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Uint8Array;
  /** Per-message time to live, counted anew in each queue. */
  readonly expirationMs?: number;
}

/** A message at its place in one queue. */
export interface QueuedMessage {
  readonly message: StoredMessage;
  readonly position: number;
  /** Epoch milliseconds; a message that is given back keeps it. */
  readonly expiresAtMs: number;
  readonly redelivered: boolean;
}

export interface QueueConsumer {
  /** Whether its prefetch allows one more. */
  readonly hasRoom: boolean;
  take(queued: QueuedMessage): void;
}

/** Longer timers fire at once: timers count in 32 bits. */
const longestTimerMs = 2 ** 31 - 1;

export class EmbeddedQueue {
  /** Never delivered, in order of arrival; those before `#first` are gone. */
  #fresh: QueuedMessage[] = [];
  #first = 0;
  /** Given back, by position. Each is older than every fresh one, because delivery is in order. */
  readonly #returned: QueuedMessage[] = [];
  readonly #consumers: QueueConsumer[] = [];
  #nextPosition = 0;
  #pumpRequested = false;
  #nextTurn: ReturnType<typeof setTimeout> | undefined;
  #alarm: { readonly dueAtMs: number; readonly cancel: AbortController } | undefined;
  #closed = false;

  /** @param deadLetter stores a message in the queue of that name; `false` when there is none. */
  constructor(
    readonly declaration: QueueDeclaration,
    private readonly clock: Clock,
    private readonly deadLetter: (target: string, message: StoredMessage) => boolean,
  ) {}

  /** Messages that no consumer holds. */
  get ready(): number {
    return this.#returned.length + this.#fresh.length - this.#first;
  }

  get consumers(): number {
    return this.#consumers.length;
  }

  enqueue(message: StoredMessage): void {
    const timeToLiveMs = Math.min(message.expirationMs ?? Infinity, this.declaration.messageTtlMs ?? Infinity);
    this.#fresh.push({
      message,
      position: this.#nextPosition++,
      expiresAtMs: this.clock.now() + timeToLiveMs,
      redelivered: false,
    });
    this.wake();
  }

  /**
   * Returns a delivered message to its place. The queue rests until the next turn of the event loop: a consumer that
   * gives everything back must not starve the process.
   */
  putBack(queued: QueuedMessage): void {
    if (this.#closed) return;
    const after = this.#returned.findIndex((other) => other.position > queued.position);
    this.#returned.splice(after === -1 ? this.#returned.length : after, 0, { ...queued, redelivered: true });
    this.#nextTurn ??= setTimeout(() => {
      this.#nextTurn = undefined;
      this.wake();
    }, 0);
  }

  attach(consumer: QueueConsumer): void {
    this.#consumers.push(consumer);
    this.wake();
  }

  detach(consumer: QueueConsumer): void {
    const index = this.#consumers.indexOf(consumer);
    if (index !== -1) this.#consumers.splice(index, 1);
  }

  /** Looks soon whether something can be delivered or has expired; consumers are never called from within a call to us. */
  wake(): void {
    if (this.#pumpRequested) return;
    this.#pumpRequested = true;
    queueMicrotask(() => {
      this.#pumpRequested = false;
      this.#pump();
    });
  }

  /** Ends its timers; messages and consumers are forgotten. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#nextTurn);
    this.#alarm?.cancel.abort();
    this.#consumers.length = 0;
    this.#returned.length = 0;
    this.#fresh = [];
    this.#first = 0;
  }

  #pump(): void {
    // A consumer may give its message back right away; the queue then rests (see putBack).
    while (this.#nextTurn === undefined) {
      const head = this.#liveHead();
      if (head === undefined) break;
      const consumer = this.#nextConsumer();
      if (consumer === undefined) break;
      this.#dropHead();
      consumer.take(head);
    }
    this.#setAlarm();
  }

  /** The next message after expired ones have left. As in quorum queues, only the head of a queue expires. */
  #liveHead(): QueuedMessage | undefined {
    for (let head = this.#head(); head !== undefined; head = this.#head()) {
      if (head.expiresAtMs > this.clock.now()) return head;
      const target = this.declaration.deadLetterTo;
      // At-least-once dead-lettering: without its target a message stays, and leaves once the target is declared.
      if (target !== undefined && !this.deadLetter(target, expired(head.message, this.declaration.name))) {
        return undefined;
      }
      this.#dropHead();
    }
    return undefined;
  }

  #head(): QueuedMessage | undefined {
    return this.#returned[0] ?? this.#fresh[this.#first];
  }

  #dropHead(): void {
    if (this.#returned.shift() !== undefined) return;
    this.#first++;
    if (this.#first > 1024 && this.#first * 2 > this.#fresh.length) {
      this.#fresh = this.#fresh.slice(this.#first);
      this.#first = 0;
    }
  }

  /** Round robin among those with room. */
  #nextConsumer(): QueueConsumer | undefined {
    const index = this.#consumers.findIndex((consumer) => consumer.hasRoom);
    const [next] = index === -1 ? [] : this.#consumers.splice(index, 1);
    if (next !== undefined) this.#consumers.push(next);
    return next;
  }

  #setAlarm(): void {
    const dueAtMs = this.#head()?.expiresAtMs ?? Infinity;
    const waitMs = dueAtMs - this.clock.now();
    if (this.#alarm?.dueAtMs === dueAtMs) return;
    this.#alarm?.cancel.abort();
    this.#alarm = undefined;
    // Already due means that the dead-letter target is missing; declaring it wakes this queue.
    if (waitMs <= 0 || dueAtMs === Infinity || this.#closed) return;
    const alarm = { dueAtMs, cancel: new AbortController() };
    this.#alarm = alarm;
    this.clock.sleep(Math.min(waitMs, longestTimerMs), alarm.cancel.signal).then(() => {
      // A cancel may come after the sleep has ended and before this runs.
      if (this.#alarm !== alarm) return;
      this.#alarm = undefined;
      this.wake();
    }, () => {});
  }
}

/** The message as it leaves a queue by expiry: without its expiration, which would strike again in the next queue. */
function expired(message: StoredMessage, queue: string): StoredMessage {
  const { expirationMs: _ended, ...kept } = message;
  const { exchange, routingKey } = message.properties;
  const death = { queue, reason: "expired", count: 1, exchange, "routing-keys": [routingKey] };
  const earlier = message.headers["x-death"];
  const deaths = [death, ...(Array.isArray(earlier) ? earlier : [])];
  return { ...kept, headers: { ...message.headers, "x-death": deaths } };
}
