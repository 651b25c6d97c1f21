/** Exchanges, queues and bindings: declared when asked to, and again when they may have gone. */
import type { ChannelModel, Options } from "amqplib";
import type { Log } from "../telemetry/log.ts";
import type { Binding, ExchangeDeclaration, QueueDeclaration, Topology } from "./broker.ts";
import { isConnectionGone, replyCode, replyText, withChannel } from "./channel.ts";
import type { Kept } from "./kept.ts";
import { abortable } from "./abortable.ts";

/** Never −1 (3.10 then drops at the first redelivery) and never the default (4.x drops at 20). */
const deliveryLimit = 1_000_000;
const quorum = { "x-queue-type": "quorum", "x-delivery-limit": deliveryLimit };

export class Declarations {
  /** By its text, so that declaring the same again does not make the list longer. */
  readonly #declared = new Map<string, Topology>();
  #restoring: Promise<void> | undefined;

  constructor(private readonly newWorkQueue: "quorum" | "classic", private readonly log: Log) {}

  /** @throws on a mismatch (406) or missing rights (403); a connection that is lost meanwhile is waited for again */
  async declare(connection: Kept<ChannelModel>, topology: Topology, signal: AbortSignal): Promise<void> {
    for (;;) {
      const model = await connection.whenOpen(signal);
      try {
        await abortable(this.#apply(model, topology), signal);
        this.#declared.set(JSON.stringify(topology), topology);
        return;
      } catch (error) {
        if (signal.aborted || !isConnectionGone(error)) throw error;
      }
    }
  }

  /** Whether a message sent there is meant to arrive in something that was declared here. */
  knows(exchange: string, routingKey: string): boolean {
    return [...this.#declared.values()].some(({ exchanges, queues }) =>
      exchange === "" ? queues.some(({ name }) => name === routingKey) : exchanges.some(({ name }) => name === exchange)
    );
  }

  /** Declares everything again; calls that come meanwhile share the run. Never rejects: what fails is logged. */
  restore(model: ChannelModel, because: string): Promise<void> {
    this.#restoring ??= this.#restore(model, because).finally(() => this.#restoring = undefined);
    return this.#restoring;
  }

  async #restore(model: ChannelModel, because: string): Promise<void> {
    if (this.#declared.size === 0) return;
    this.log.info("amqp.declared_again", `Declaring exchanges, queues and bindings again: ${because}`);
    for (const topology of this.#declared.values()) {
      try {
        await this.#apply(model, topology);
      } catch (error) {
        if (isConnectionGone(error)) return; // the next connection begins anew
        this.log.error("amqp.declare_failed", replyText(error));
      }
    }
  }

  async #apply(model: ChannelModel, { exchanges, queues, bindings }: Topology): Promise<void> {
    for (const exchange of exchanges) await declareExchange(model, exchange);
    for (const queue of queues) {
      if (queue.kind === "own") await declareQueue(model, queue.name, ownArguments(queue));
      else if (!(await queueExists(model, queue.name))) {
        await declareQueue(model, queue.name, this.newWorkQueue === "quorum" ? quorum : {});
      }
    }
    if (bindings.length > 0) await bindQueues(model, bindings);
  }
}

async function declareExchange(model: ChannelModel, exchange: ExchangeDeclaration): Promise<void> {
  const { name, type, durable = true, alternateExchange } = exchange;
  const options = { durable, ...(alternateExchange === undefined ? {} : { alternateExchange }) };
  await refusable(`exchange ${name}`, withChannel(model, (channel) => channel.assertExchange(name, type, options)));
}

async function declareQueue(model: ChannelModel, name: string, queueArguments: Options.AssertQueue["arguments"]) {
  const options = { durable: true, arguments: queueArguments };
  await refusable(`queue ${name}`, withChannel(model, (channel) => channel.assertQueue(name, options)));
}

async function bindQueues(model: ChannelModel, bindings: readonly Binding[]): Promise<void> {
  const bound = withChannel(model, async (channel) => {
    for (const { queue, exchange, routingKey } of bindings) await channel.bindQueue(queue, exchange, routingKey);
  });
  await refusable("the bindings", bound);
}

/**
 * A policy can set another dead-letter exchange or key for every queue, but an argument wins over a policy; so both are
 * given. At-least-once dead-lettering works only together with `reject-publish`.
 */
function ownArguments({ messageTtlMs, deadLetterTo }: QueueDeclaration): Record<string, string | number> {
  return {
    ...quorum,
    "x-overflow": "reject-publish",
    ...(messageTtlMs === undefined ? {} : { "x-message-ttl": messageTtlMs }),
    ...(deadLetterTo === undefined ? {} : {
      "x-dead-letter-strategy": "at-least-once",
      "x-dead-letter-exchange": "",
      "x-dead-letter-routing-key": deadLetterTo,
    }),
  };
}

async function queueExists(model: ChannelModel, name: string): Promise<boolean> {
  try {
    await withChannel(model, (channel) => channel.checkQueue(name));
    return true;
  } catch (error) {
    if (replyCode(error) === 404) return false;
    throw error;
  }
}

/** A declaration that the broker refuses rejects with what it is about and what to do; `code` stays AMQP's reply code. */
async function refusable(what: string, declaration: Promise<unknown>): Promise<void> {
  try {
    await declaration;
  } catch (error) {
    const code = replyCode(error);
    if (code === undefined) throw error;
    const refusal = new Error(`RabbitMQ refuses ${what} (${code}): ${replyText(error)}. ${remedyFor(code)}`, {
      cause: error,
    });
    throw Object.assign(refusal, { code });
  }
}

function remedyFor(code: number): string {
  switch (code) {
    case 403:
      return "Give the user configure, write and read permissions for it, or have an administrator declare it.";
    case 404:
      return "What it is bound to does not exist.";
    case 405:
      return "Another program holds it exclusively.";
    case 406:
      return "It exists with other arguments: delete it once it is empty, and it is made anew.";
    default:
      return "The broker's log says more.";
  }
}
