/** Exchanges and bindings of the embedded broker: which queues a routing key leads to. */
import type { Binding, ExchangeDeclaration } from "./broker.ts";

interface Exchange {
  readonly declaration: ExchangeDeclaration;
  readonly bindings: Binding[];
}

export class EmbeddedExchanges {
  readonly #exchanges = new Map<string, Exchange>();

  /** @throws {Error} when it exists and differs, as RabbitMQ's 406 does. */
  declare(declaration: ExchangeDeclaration): void {
    const existing = this.#exchanges.get(declaration.name)?.declaration;
    if (existing === undefined) {
      this.#exchanges.set(declaration.name, { declaration, bindings: [] });
    } else if (
      existing.type !== declaration.type || existing.alternateExchange !== declaration.alternateExchange ||
      (existing.durable ?? true) !== (declaration.durable ?? true)
    ) {
      throw new Error(
        `Exchange ${declaration.name} exists with another type or alternate exchange (406 PRECONDITION_FAILED). ` +
          "Delete it, or set the name to one of your own.",
      );
    }
  }

  /** @throws {Error} when the exchange does not exist, as RabbitMQ's 404 does. */
  bind(binding: Binding): void {
    const exchange = this.#exchanges.get(binding.exchange);
    if (exchange === undefined) throw new Error(`Exchange ${binding.exchange} does not exist (404 NOT_FOUND)`);
    const known = exchange.bindings.some((other) =>
      other.queue === binding.queue && other.routingKey === binding.routingKey
    );
    if (!known) exchange.bindings.push(binding);
  }

  /** Forgets the bindings of a deleted queue. */
  unbind(queue: string): void {
    for (const { bindings } of this.#exchanges.values()) {
      const kept = bindings.filter((binding) => binding.queue !== queue);
      bindings.splice(0, bindings.length, ...kept);
    }
  }

  /** Names of the queues, each once; by the alternate exchange when there is none; `undefined` without such an exchange. */
  route(exchangeName: string, routingKey: string): ReadonlySet<string> | undefined {
    const visited = new Set<string>();
    let exchange = this.#exchanges.get(exchangeName);
    if (exchange === undefined) return undefined;
    while (exchange !== undefined && !visited.has(exchange.declaration.name)) {
      const { type, alternateExchange, name }: ExchangeDeclaration = exchange.declaration;
      visited.add(name);
      const hits = exchange.bindings.filter((binding) => matches(type, binding.routingKey, routingKey));
      if (hits.length > 0) return new Set(hits.map((binding) => binding.queue));
      exchange = alternateExchange === undefined ? undefined : this.#exchanges.get(alternateExchange);
    }
    return new Set();
  }
}

function matches(type: ExchangeDeclaration["type"], pattern: string, routingKey: string): boolean {
  switch (type) {
    case "fanout":
      return true;
    case "direct":
      return pattern === routingKey;
    case "topic":
      return matchesTopic(pattern, routingKey);
  }
}

/** AMQP 0-9-1 §3.1.3.3: `*` stands for exactly one word, `#` for any number of them, none included. */
export function matchesTopic(pattern: string, routingKey: string): boolean {
  return matchesWords(words(pattern), words(routingKey));
}

/** An empty key has no words (not one empty word): `*` does not match it, `#` does. */
function words(text: string): readonly string[] {
  return text === "" ? [] : text.split(".");
}

function matchesWords(pattern: readonly string[], key: readonly string[]): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return key.length === 0;
  if (first === "#") return matchesWords(rest, key) || (key.length > 0 && matchesWords(pattern, key.slice(1)));
  return key.length > 0 && (first === "*" || first === key[0]) && matchesWords(rest, key.slice(1));
}
