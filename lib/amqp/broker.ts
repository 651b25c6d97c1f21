/**
 * The broker as Exchanger's programs see it. `rabbitmq.ts` speaks AMQP 0-9-1 to RabbitMQ, `embedded.ts` keeps everything
 * in this process (demo, unit tests); both pass the same contract suite.
 *
 * Everything here survives lost connections by itself: callers never reconnect, resubscribe or declare again.
 */

/** Header values that travel unchanged through every broker version we support. */
export type HeaderValue = string | number | boolean;

/** A message on its way to the broker. Always persistent and `mandatory`. */
export interface Publication {
  /** `""` is the default exchange, which routes by queue name. */
  readonly exchange: string;
  readonly routingKey: string;
  readonly body: Uint8Array;
  /** The external task id; a republished message keeps it. */
  readonly messageId?: string;
  /** @default "application/json" */
  readonly contentType?: string;
  readonly contentEncoding?: string;
  readonly headers?: Readonly<Record<string, HeaderValue>>;
  /** Unix time in seconds, as AMQP's `timestamp` property wants it. */
  readonly timestampS?: number;
  /** Per-message time to live; the message leaves its queue (to the queue's dead-letter target) after it. */
  readonly expirationMs?: number;
  /** Set for a message that is set aside: dropping it for its size would lose it. @default false */
  readonly ignoreSizeLimit?: boolean;
}

/**
 * Why a publication did not become durable.
 * - `not_sent`: it never reached the socket (no connection, blocked, aborted while queued): surely not in the broker.
 * - `unroutable`: returned by the broker, no queue took it.
 * - `refused`: nacked (a `reject-publish` queue is full, or an internal fault of a queue).
 * - `unknown`: sent, but the connection ended before the confirm: it may or may not be in the broker.
 * - `too_large`: over {@link Broker.maxBodyBytes} without `ignoreSizeLimit`; not sent.
 */
export type PublishFailure = "not_sent" | "unroutable" | "refused" | "unknown" | "too_large";

export class PublishError extends Error {
  override readonly name = "PublishError";
  constructor(readonly failure: PublishFailure, message: string) {
    super(message);
  }
}

/** A message handed to us. It belongs to us until `ack` or `giveBack`; both are idempotent and never throw. */
export interface Delivery {
  readonly queue: string;
  readonly exchange: string;
  readonly routingKey: string;
  readonly body: Uint8Array;
  readonly messageId?: string;
  readonly contentType?: string;
  readonly headers: Readonly<Record<string, unknown>>;
  /** Unix seconds. */
  readonly timestampS?: number;
  /** `false` proves that no consumer saw it before; `true` means maybe. */
  readonly redelivered: boolean;
  /** Whether `ack` or `giveBack` was called, or the channel it came on is gone (then the broker delivers it again). */
  readonly settled: boolean;
  /** Only after its effect is durable. */
  ack(): void;
  /** Puts it back at its place in the queue. Once, when a breaker opens or the program stops; never as a retry. */
  giveBack(): void;
}

export interface SubscribeOptions {
  /** Most messages in hand without an ack; 1–65535. */
  readonly prefetch: number;
}

/** A consumer that is re-created after a lost connection, a closed channel, a cancel by the broker or a deleted queue. */
export interface Subscription {
  readonly queue: string;
  /** `undefined` while messages can arrive, else what keeps them away, in words for `/readyz`. */
  readonly problem: string | undefined;
  /** Stops new deliveries; those in hand can still be settled. Idempotent. */
  cancel(): Promise<void>;
  /** `cancel`, then gives back what is unsettled and closes the channel. Idempotent. */
  close(): Promise<void>;
}

/** What a passive look at a queue says. `locked`: it is exclusive to another connection. */
export type QueueState =
  | { readonly kind: "present"; readonly messages: number; readonly consumers: number }
  | { readonly kind: "absent" }
  | { readonly kind: "locked" };

export interface ExchangeDeclaration {
  readonly name: string;
  readonly type: "topic" | "direct" | "fanout";
  /** @default true */
  readonly durable?: boolean;
  readonly alternateExchange?: string;
}

/**
 * - `work`: a queue of the public contract. One that exists is used as it is (passive look; the predecessor's classic
 *   queues stay); a missing one is made as a quorum queue (or classic by RABBITMQ_QUEUE_TYPE).
 * - `own`: ours alone, always quorum, declared actively with exactly these arguments: a mismatch is a loud 406.
 */
export interface QueueDeclaration {
  readonly name: string;
  readonly kind: "work" | "own";
  /** Messages older than this move to the dead-letter target. Only for `own` queues. */
  readonly messageTtlMs?: number;
  /** Only for `own` queues; at-least-once dead-lettering through the default exchange to this queue. */
  readonly deadLetterTo?: string;
}

export interface Binding {
  readonly exchange: string;
  readonly queue: string;
  readonly routingKey: string;
}

export interface Topology {
  readonly exchanges: readonly ExchangeDeclaration[];
  readonly queues: readonly QueueDeclaration[];
  readonly bindings: readonly Binding[];
}

/** An exclusive name in the broker, held as long as our consuming connection lives. */
export interface Claim {
  readonly name: string;
  /** Aborts when the claim is lost with its connection; whoever acts on it must stop at once. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

export interface BrokerState {
  readonly connected: boolean;
  /** Whether `publish` would reach the socket now: connected, channel open and not blocked by an alarm. */
  readonly writable: boolean;
  /** Why not, in words; `undefined` when connected and writable. A refused password is said as such. */
  readonly problem: string | undefined;
  /** Publications sent and not yet confirmed. */
  readonly unconfirmed: number;
}

export interface Broker {
  /** Largest body `publish` accepts. @default 8 MiB */
  readonly maxBodyBytes: number;
  state(): BrokerState;
  /** Resolves when `state().writable`; rejects with the signal's reason when aborted. */
  whenWritable(signal: AbortSignal): Promise<void>;
  /**
   * Declares and remembers: what was declared is declared again after every reconnect and whenever a queue of it turns
   * out to be missing. Waits for the connection. Rejects on a mismatch (406) and on missing rights (403).
   */
  declare(topology: Topology, signal: AbortSignal): Promise<void>;
  /**
   * Resolves once the broker has confirmed and routed the message. Waits for a free place in the confirm window and for
   * the connection; `signal` ends only that waiting (`not_sent`): what was sent is always awaited to its confirm.
   * @throws {PublishError}
   */
  publish(publication: Publication, signal?: AbortSignal): Promise<void>;
  /** Consumes with manual acknowledgement. Returns at once; deliveries begin when the queue can be consumed. */
  subscribe(queue: string, options: SubscribeOptions, onDelivery: (delivery: Delivery) => void): Subscription;
  /** A passive look that disturbs nothing. Rejects while the broker is unreachable. */
  inspect(queue: string): Promise<QueueState>;
  /** Takes an exclusive name, or `undefined` when another connection holds it. Rejects while unreachable. */
  claim(name: string): Promise<Claim | undefined>;
  /** Tells observers what happened (`exchanger.events`). Transient, unconfirmed, never waits, never throws. */
  emit(routingKey: string, body: Uint8Array): void;
  /** Reads events by pattern (`task.*`) into a bounded, exclusive, drop-head queue of our own. */
  readEvents(pattern: string, onEvent: (routingKey: string, body: Uint8Array) => void): Subscription;
  /** Waits for confirms under way, closes everything. Idempotent. */
  close(): Promise<void>;
}
