/**
 * What the embedded broker keeps for all its connections, as a RabbitMQ virtual host does: exchanges, queues, claims and
 * readers of events.
 */
import type { Clock } from "../time/clock.ts";
import { type Claim, type Publication, PublishError, type QueueDeclaration, type Topology } from "./broker.ts";
import { EmbeddedExchanges } from "./embedded_exchanges.ts";
import { EmbeddedQueue, type StoredMessage } from "./embedded_queue.ts";

/** What a connection wants to hear of. */
export interface EmbeddedConnection {
  /** The queue exists (again): its consumers begin. */
  queueDeclared(name: string): void;
  queueDeleted(name: string): void;
  unblocked(): void;
}

export interface EventReader {
  readonly pattern: string;
  readonly onEvent: (routingKey: string, body: Uint8Array) => void;
}

export interface HeldClaim extends Claim {
  readonly owner: EmbeddedConnection;
  readonly lose: () => void;
}

export class EmbeddedHost {
  readonly queues = new Map<string, EmbeddedQueue>();
  readonly exchanges = new EmbeddedExchanges();
  readonly claims = new Map<string, HeldClaim>();
  readonly connections = new Set<EmbeddedConnection>();
  readonly eventReaders = new Set<EventReader>();
  blockedBecause: string | undefined;

  constructor(private readonly clock: Clock) {}

  declare({ exchanges, queues, bindings }: Topology): void {
    for (const exchange of exchanges) this.exchanges.declare(exchange);
    for (const queue of queues) this.#declareQueue(queue);
    for (const binding of bindings) {
      if (!this.queues.has(binding.queue)) throw new Error(`Queue ${binding.queue} does not exist (404 NOT_FOUND)`);
      this.exchanges.bind(binding);
    }
  }

  #declareQueue(declaration: QueueDeclaration): void {
    const existing = this.queues.get(declaration.name);
    if (existing !== undefined) {
      if (declaration.kind === "work" || haveSameArguments(existing.declaration, declaration)) return;
      throw new Error(
        `Queue ${declaration.name} exists with other arguments (406 PRECONDITION_FAILED). ` +
          "Let it run empty and delete it; it is made again.",
      );
    }
    const queue = new EmbeddedQueue(declaration, this.clock, (target, message) => {
      const properties = { ...message.properties, exchange: "", routingKey: target };
      return this.#store(target, { ...message, properties });
    });
    this.queues.set(declaration.name, queue);
    for (const connection of this.connections) connection.queueDeclared(declaration.name);
    for (const other of this.queues.values()) other.wake();
  }

  /** The body becomes ours. */
  publish(publication: Publication): void {
    const { body, headers, expirationMs, contentEncoding: _unread, ignoreSizeLimit: _heeded, ...properties } =
      publication;
    const { exchange, routingKey } = properties;
    const targets = exchange === "" ? [routingKey] : this.exchanges.route(exchange, routingKey);
    if (targets === undefined) throw new PublishError("refused", `Exchange ${exchange} does not exist (404 NOT_FOUND)`);
    const message: StoredMessage = {
      properties: { contentType: "application/json", ...properties },
      headers: { ...headers },
      body,
      ...(expirationMs === undefined ? {} : { expirationMs }),
    };
    const stored = Array.from(targets, (target) => this.#store(target, message));
    if (stored.includes(true)) return;
    const from = exchange === "" ? "the default exchange" : `exchange ${exchange}`;
    throw new PublishError("unroutable", `No queue took the message: ${from} has no queue for "${routingKey}"`);
  }

  #store(queueName: string, message: StoredMessage): boolean {
    const queue = this.queues.get(queueName);
    queue?.enqueue(message);
    return queue !== undefined;
  }

  deleteQueue(name: string): void {
    const queue = this.queues.get(name);
    if (queue === undefined) return;
    this.queues.delete(name);
    this.exchanges.unbind(name);
    queue.close();
    for (const connection of this.connections) connection.queueDeleted(name);
  }

  unblock(): void {
    this.blockedBecause = undefined;
    for (const connection of this.connections) connection.unblocked();
  }

  /** Forgets every message and ends the timers. */
  close(): void {
    for (const queue of this.queues.values()) queue.close();
    this.queues.clear();
  }
}

function haveSameArguments(one: QueueDeclaration, other: QueueDeclaration): boolean {
  return one.kind === other.kind && one.messageTtlMs === other.messageTtlMs && one.deadLetterTo === other.deadLetterTo;
}
