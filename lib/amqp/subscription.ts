/** A consumer that comes back: after a lost connection, a closed channel, a cancel by the broker, a deleted queue. */
import type { Channel, ChannelModel, ConsumeMessage } from "amqplib";
import type { Counter } from "@opentelemetry/api";
import { errorText } from "../telemetry/error_text.ts";
import type { Log } from "../telemetry/log.ts";
import { FailureLog } from "../telemetry/repeats.ts";
import type { Clock } from "../time/clock.ts";
import type { Delivery, Subscription } from "./broker.ts";
import { closeTimeoutMs, isConnectionGone, openChannel, replyCode, replyText } from "./channel.ts";
import { Kept } from "./kept.ts";
import { settledWithin } from "./abortable.ts";

export interface SubscriptionOptions {
  readonly connection: Kept<ChannelModel>;
  readonly queue: string;
  readonly prefetch: number;
  readonly onDelivery: (delivery: Delivery) => void;
  /** The queue is missing: declares again what was declared. Never rejects. */
  readonly restore: (because: string) => Promise<void>;
  readonly onClosed: () => void;
  readonly clock: Clock;
  readonly log: Log;
  readonly deliveries: Counter;
}

interface Consumer {
  readonly channel: Channel;
  readonly consumerTag: string;
  /** Becomes false with the channel: the broker has then taken back what was not settled. */
  alive: boolean;
  /** Acks that followed each other closely, and when the last of them was sent (epoch ms). */
  readonly acks: { count: number; lastAtMs: number };
}

/**
 * A quorum queue takes about 32 acks of a channel at once; those behind them are lost when the channel closes, and their
 * messages delivered again (RabbitMQ 3.10.8: 300 acks, closed at once, left 266 messages; after 200 ms none).
 */
const ACKS_AT_ONCE = 32;
const ACK_FLUSH_MS = 250;

/** A consumer ended although its channel is well: the queue was deleted, or its leader has moved. */
class ConsumerCancelledError extends Error {
  override readonly name = "ConsumerCancelledError";
}

export class RabbitMqSubscription implements Subscription {
  readonly queue: string;
  readonly #consumer: Kept<Consumer>;
  readonly #failures: FailureLog;
  /** No more deliveries are wanted; those that still arrive go back when the cancel has taken effect. */
  #cancelled = false;
  readonly #late: Delivery[] = [];

  constructor(private readonly options: SubscriptionOptions) {
    const { queue, clock, log } = options;
    this.queue = queue;
    this.#failures = new FailureLog(log, {
      code: "amqp.consumer",
      what: `Nothing arrives from ${queue}`,
      now: clock.now,
    });
    this.#consumer = new Kept({
      open: (signal) => this.#consume(signal),
      onOpen: () => this.#failures.recovered({ queue }),
      onFailure: (why) => this.#onFailure(why),
      clock,
      firstDelayMs: 100,
      maxDelayMs: 10_000,
    });
  }

  get problem(): string | undefined {
    if (this.#cancelled) return "cancelled by this program";
    if (this.#consumer.current !== undefined) return undefined;
    const why = this.options.connection.why ?? this.#consumer.why;
    return why === undefined ? `no consumer on ${this.queue} yet` : replyText(why);
  }

  async cancel(): Promise<void> {
    if (this.#cancelled) return;
    this.#cancelled = true;
    const consumer = this.#consumer.current;
    if (consumer === undefined) return this.#consumer.close();
    this.#consumer.retire();
    await settledWithin(closeTimeoutMs, consumer.channel.cancel(consumer.consumerTag), this.options.clock);
    for (const delivery of this.#late) delivery.giveBack();
  }

  async close(): Promise<void> {
    this.#cancelled = true;
    const consumer = this.#consumer.current;
    if (consumer !== undefined) {
      await this.#flushAcks(consumer);
      // A channel that closes gives everything back, each message to its old place.
      consumer.alive = false;
    }
    await this.#consumer.close();
    this.options.onClosed();
  }

  async #flushAcks({ acks, alive }: Consumer): Promise<void> {
    if (!alive || acks.count <= ACKS_AT_ONCE) return;
    const sinceMs = this.options.clock.now() - acks.lastAtMs;
    if (sinceMs < ACK_FLUSH_MS) await this.options.clock.sleep(ACK_FLUSH_MS - sinceMs);
  }

  async #consume(signal: AbortSignal) {
    const { connection, queue, prefetch, clock } = this.options;
    const model = await connection.whenOpen(signal);
    return openChannel(model.createChannel(), async (channel, fail) => {
      const acks = { count: 0, lastAtMs: 0 };
      const consumer = { channel, consumerTag: crypto.randomUUID(), alive: true, acks };
      channel.on("close", () => consumer.alive = false);
      await channel.prefetch(prefetch);
      await channel.consume(queue, (message) => {
        if (message === null) fail(new ConsumerCancelledError(`The broker cancelled the consumer of ${queue}`));
        else this.#deliver(consumer, message, fail);
      }, { consumerTag: consumer.consumerTag });
      return consumer;
    }, clock);
  }

  #deliver(consumer: Consumer, message: ConsumeMessage, fail: (why: Error) => void): void {
    const delivery = toDelivery(this.queue, consumer, message, this.options.clock);
    if (this.#cancelled) {
      this.#late.push(delivery);
      return;
    }
    this.options.deliveries.add(1, { queue: this.queue });
    try {
      this.options.onDelivery(delivery);
    } catch (error) {
      fail(new Error(`The handler of ${this.queue} failed: ${errorText(error)}`, { cause: error }));
    }
  }

  async #onFailure(why: Error): Promise<void> {
    if (isConnectionGone(why)) return;
    const words = replyText(why);
    this.#failures.failed(words, { queue: this.queue });
    if (why instanceof ConsumerCancelledError || replyCode(why) === 404) await this.options.restore(words);
  }
}

function toDelivery(queue: string, consumer: Consumer, message: ConsumeMessage, clock: Clock): Delivery {
  const { fields, properties, content } = message;
  const { messageId, contentType, timestamp, headers = {} } = properties;
  let settled = false;
  const settle = (act: () => void) => {
    if (settled || !consumer.alive) return;
    settled = true;
    try {
      act();
    } catch {
      // The channel is closing: the broker takes the message back and delivers it again.
    }
  };
  return {
    queue,
    exchange: fields.exchange,
    routingKey: fields.routingKey,
    body: content,
    redelivered: fields.redelivered,
    headers,
    ...(typeof messageId === "string" ? { messageId } : {}),
    ...(typeof contentType === "string" ? { contentType } : {}),
    ...(typeof timestamp === "number" ? { timestampS: timestamp } : {}),
    get settled() {
      return settled || !consumer.alive;
    },
    ack: () =>
      settle(() => {
        noteAck(consumer.acks, clock.now());
        consumer.channel.ack(message);
      }),
    giveBack: () => settle(() => consumer.channel.nack(message, false, true)),
  };
}

function noteAck(acks: Consumer["acks"], nowMs: number): void {
  if (nowMs - acks.lastAtMs > ACK_FLUSH_MS) acks.count = 0;
  acks.count++;
  acks.lastAtMs = nowMs;
}
