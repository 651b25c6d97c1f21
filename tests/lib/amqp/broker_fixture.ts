/** An embedded broker that a test owns, with queues to begin with. */
import type { Broker } from "../../../lib/amqp/broker.ts";
import { createEmbeddedBroker, type EmbeddedBroker, type EmbeddedBrokerOptions } from "../../../lib/amqp/embedded.ts";
import { bytes } from "./inbox.ts";

export interface OwnedBroker extends AsyncDisposable {
  readonly broker: EmbeddedBroker;
}

export async function embeddedWith(queues: readonly string[], options?: EmbeddedBrokerOptions): Promise<OwnedBroker> {
  const broker = createEmbeddedBroker(options);
  await broker.declare({
    exchanges: [],
    queues: queues.map((name) => ({ name, kind: "work" })),
    bindings: [],
  }, new AbortController().signal);
  return { broker, [Symbol.asyncDispose]: () => broker.close() };
}

/** Publishes texts to a queue, in order. */
export async function fill(broker: Broker, queue: string, ...texts: string[]): Promise<void> {
  for (const text of texts) await broker.publish({ exchange: "", routingKey: queue, body: bytes(text) });
}

export async function readyIn(broker: Broker, queue: string): Promise<number | undefined> {
  const state = await broker.inspect(queue);
  return state.kind === "present" ? state.messages : undefined;
}
