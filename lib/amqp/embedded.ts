/**
 * A broker inside this process, for the demo and for tests: same interface and same answers as RabbitMQ (one contract
 * suite runs on both), nothing on disk. What RabbitMQ keeps for all its clients is the `EmbeddedHost`; a `Broker`
 * is one connection to it.
 */
import { type Clock, systemClock } from "../time/clock.ts";
import { type Broker, type BrokerState, type Claim, type Delivery, type Publication, PublishError } from "./broker.ts";
import type { QueueState, SubscribeOptions, Subscription, Topology } from "./broker.ts";
import { matchesTopic } from "./embedded_exchanges.ts";
import { type EmbeddedConnection, EmbeddedHost, type EventReader, type HeldClaim } from "./embedded_host.ts";
import { EmbeddedSubscription } from "./embedded_subscription.ts";

export interface EmbeddedBrokerOptions {
  /** Ages messages. @default systemClock */
  readonly clock?: Clock;
  /** @default 8 MiB */
  readonly maxBodyBytes?: number;
}

/** One connection, and the means to do to all of them what happens to brokers. */
export interface EmbeddedBroker extends Broker {
  /** Another connection; `name` says in errors whose it is. */
  connection(name: string): Broker;
  /** Every connection breaks and is made again: unsettled messages go back, claims are lost, consumers resume. */
  breakConnections(): void;
  /** The queue and its messages are gone; connections that declared it make it again when they notice. */
  deleteQueue(name: string): void;
  /** Publishing waits, as under a memory or disk alarm, until `unblock`. */
  block(reason: string): void;
  unblock(): void;
  /** Ends every connection and forgets all messages. */
  close(): Promise<void>;
}

export function createEmbeddedBroker(options: EmbeddedBrokerOptions = {}): EmbeddedBroker {
  return new MainConnection(new EmbeddedHost(options.clock ?? systemClock), options.maxBodyBytes ?? 8 * 1024 * 1024);
}

class Connection implements Broker, EmbeddedConnection {
  readonly #declared: Topology[] = [];
  readonly #subscriptions = new Set<EmbeddedSubscription>();
  readonly #eventReaders = new Set<EventReader>();
  /** Called when it can be written to again, or is closed. */
  readonly #waiters = new Set<() => void>();
  #closed = false;

  constructor(protected readonly host: EmbeddedHost, readonly maxBodyBytes: number, private readonly name: string) {
    host.connections.add(this);
  }

  state(): BrokerState {
    const problem = this.#closed ? `connection ${this.name} is closed` : this.host.blockedBecause;
    return { connected: !this.#closed, writable: problem === undefined, problem, unconfirmed: 0 };
  }

  async whenWritable(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    while (!this.state().writable) {
      this.#assertOpen();
      await new Promise<void>((resolve, reject) => {
        const onWritable = () => {
          signal.removeEventListener("abort", onAbort);
          resolve();
        };
        const onAbort = () => {
          this.#waiters.delete(onWritable);
          reject(signal.reason);
        };
        this.#waiters.add(onWritable);
        signal.addEventListener("abort", onAbort, { once: true });
      });
    }
  }

  unblocked(): void {
    const waiters = [...this.#waiters];
    this.#waiters.clear();
    for (const waiter of waiters) waiter();
  }

  declare(topology: Topology, signal: AbortSignal): Promise<void> {
    return Promise.try(() => {
      signal.throwIfAborted();
      this.#assertOpen();
      this.host.declare(topology);
      this.#declared.push(topology);
    });
  }

  async publish(publication: Publication, signal?: AbortSignal): Promise<void> {
    const sizeBytes = publication.body.byteLength;
    if (sizeBytes > this.maxBodyBytes && !publication.ignoreSizeLimit) {
      throw new PublishError(
        "too_large",
        `The message has ${sizeBytes} bytes, more than the limit of ${this.maxBodyBytes}`,
      );
    }
    const copied = { ...publication, body: publication.body.slice() };
    try {
      await this.whenWritable(signal ?? new AbortController().signal);
    } catch (error) {
      throw new PublishError("not_sent", `The message was not sent: ${this.state().problem ?? String(error)}`);
    }
    try {
      this.host.publish(copied);
    } catch (error) {
      // A queue of ours may have been deleted: the next attempt shall find it.
      if (error instanceof PublishError && error.failure === "unroutable") this.#declareAgain();
      throw error;
    }
  }

  subscribe(queue: string, options: SubscribeOptions, onDelivery: (delivery: Delivery) => void): Subscription {
    this.#assertOpen();
    const subscription = new EmbeddedSubscription(queue, options, onDelivery, () => {
      this.#subscriptions.delete(subscription);
    });
    this.#subscriptions.add(subscription);
    subscription.attach(this.host.queues.get(queue));
    return subscription;
  }

  inspect(name: string): Promise<QueueState> {
    return Promise.try(() => this.#inspect(name));
  }

  #inspect(name: string): QueueState {
    this.#assertOpen();
    const claim = this.host.claims.get(name);
    if (claim !== undefined) {
      return claim.owner === this ? { kind: "present", messages: 0, consumers: 0 } : { kind: "locked" };
    }
    const queue = this.host.queues.get(name);
    if (queue === undefined) return { kind: "absent" };
    return { kind: "present", messages: queue.ready, consumers: queue.consumers };
  }

  claim(name: string): Promise<Claim | undefined> {
    return Promise.try(() => this.#claim(name));
  }

  #claim(name: string): Claim | undefined {
    this.#assertOpen();
    const held = this.host.claims.get(name);
    if (held !== undefined) return held.owner === this ? held : undefined;
    const lost = new AbortController();
    const claim: HeldClaim = {
      name,
      owner: this,
      lost: lost.signal,
      lose: () => {
        if (this.host.claims.get(name) === claim) this.host.claims.delete(name);
        lost.abort(new Error(`The claim on ${name} was lost with its connection`));
      },
      release: () => {
        if (this.host.claims.get(name) === claim) this.host.claims.delete(name);
        return Promise.resolve();
      },
    };
    this.host.claims.set(name, claim);
    return claim;
  }

  emit(routingKey: string, body: Uint8Array): void {
    if (this.#closed) return;
    for (const reader of this.host.eventReaders) {
      if (!matchesTopic(reader.pattern, routingKey)) continue;
      const copy = body.slice();
      queueMicrotask(() => {
        if (this.host.eventReaders.has(reader)) reader.onEvent(routingKey, copy);
      });
    }
  }

  readEvents(pattern: string, onEvent: (routingKey: string, body: Uint8Array) => void): Subscription {
    this.#assertOpen();
    const reader: EventReader = { pattern, onEvent };
    this.#eventReaders.add(reader);
    this.host.eventReaders.add(reader);
    const end = () => {
      this.#eventReaders.delete(reader);
      this.host.eventReaders.delete(reader);
      return Promise.resolve();
    };
    return { queue: `events ${pattern}`, problem: undefined, cancel: end, close: end };
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.host.connections.delete(this);
    for (const reader of this.#eventReaders) this.host.eventReaders.delete(reader);
    await Promise.all(Array.from(this.#subscriptions, (subscription) => subscription.close()));
    this.#loseClaims();
    this.unblocked();
  }

  /** What a broken connection does; it is made again at once. */
  break(): void {
    if (this.#closed) return;
    for (const subscription of this.#subscriptions) subscription.interrupt();
    this.#loseClaims();
    this.#declareAgain();
    for (const subscription of this.#subscriptions) subscription.attach(this.host.queues.get(subscription.queue));
  }

  queueDeleted(name: string): void {
    const consumed = [...this.#subscriptions].filter((subscription) => subscription.queue === name);
    for (const subscription of consumed) subscription.interrupt();
    if (consumed.length > 0) this.#declareAgain();
  }

  queueDeclared(name: string): void {
    for (const subscription of this.#subscriptions) {
      if (subscription.queue === name) subscription.attach(this.host.queues.get(name));
    }
  }

  #declareAgain(): void {
    for (const topology of this.#declared) this.host.declare(topology);
  }

  #loseClaims(): void {
    for (const claim of this.host.claims.values()) {
      if (claim.owner === this) claim.lose();
    }
  }

  #assertOpen(): void {
    if (this.#closed) throw new Error(`The connection ${this.name} to the embedded broker is closed`);
  }
}

class MainConnection extends Connection implements EmbeddedBroker {
  readonly #others: Connection[] = [];

  constructor(host: EmbeddedHost, maxBodyBytes: number) {
    super(host, maxBodyBytes, "main");
  }

  connection(name: string): Broker {
    const connection = new Connection(this.host, this.maxBodyBytes, name);
    this.#others.push(connection);
    return connection;
  }

  breakConnections(): void {
    for (const connection of [this, ...this.#others]) connection.break();
  }

  deleteQueue(name: string): void {
    this.host.deleteQueue(name);
  }

  block(reason: string): void {
    this.host.blockedBecause = reason;
  }

  unblock(): void {
    this.host.unblock();
  }

  override async close(): Promise<void> {
    await Promise.all([super.close(), ...this.#others.map((connection) => connection.close())]);
    this.host.close();
  }
}
