/**
 * `exchanger.events`: what programs tell whoever watches. A topic exchange that survives restarts (publishing to a missing
 * exchange would cost the channel), messages that do not, and readers that lose the oldest when they fall behind.
 */
import { Buffer } from "node:buffer";
import type { Channel, ChannelModel } from "amqplib";
import type { Clock } from "../time/clock.ts";
import type { Subscription } from "./broker.ts";
import { openChannel, replyText } from "./channel.ts";
import { Kept } from "./kept.ts";

const exchange = "exchanger.events";
/** What a reader that does not keep up can be behind. */
const maxUnread = 1_000;

export interface EventsOptions {
  readonly connection: Kept<ChannelModel>;
  readonly clock: Clock;
  onFailure(why: Error): void;
}

export class EventEmitter {
  readonly #channel: Kept<Channel>;
  #bufferFull = false;

  constructor(options: EventsOptions) {
    this.#channel = keepEventsChannel(options, (channel) => {
      this.#bufferFull = false;
      channel.on("drain", () => this.#bufferFull = false);
      return Promise.resolve(channel);
    });
  }

  emit(routingKey: string, body: Uint8Array): void {
    if (this.#bufferFull) return;
    const content = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
    try {
      const room = this.#channel.current?.publish(exchange, routingKey, content, { contentType: "application/json" });
      this.#bufferFull = room === false;
    } catch {
      // The channel is closing; whoever watches misses this one.
    }
  }

  close(): Promise<void> {
    return this.#channel.close();
  }
}

export class EventReader implements Subscription {
  readonly queue: string;
  readonly #channel: Kept<Channel>;
  #closed = false;

  constructor(
    pattern: string,
    onEvent: (routingKey: string, body: Uint8Array) => void,
    private readonly options: EventsOptions & { readonly onClosed: () => void },
  ) {
    this.queue = `${exchange} (${pattern})`;
    this.#channel = keepEventsChannel(options, async (channel, fail) => {
      const { queue } = await channel.assertQueue("", {
        exclusive: true,
        autoDelete: true,
        durable: false,
        maxLength: maxUnread,
        overflow: "drop-head",
        arguments: { "x-queue-type": "classic" },
      });
      await channel.bindQueue(queue, exchange, pattern);
      await channel.consume(queue, (message) => {
        if (message === null) fail(new Error("The queue of an events reader was deleted"));
        else if (!this.#closed) onEvent(message.fields.routingKey, message.content);
      }, { noAck: true });
      return channel;
    });
  }

  get problem(): string | undefined {
    if (this.#channel.current !== undefined) return undefined;
    const why = this.options.connection.why ?? this.#channel.why;
    return why === undefined ? "not bound yet" : replyText(why);
  }

  cancel(): Promise<void> {
    return this.close();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#channel.close();
    this.options.onClosed();
  }
}

function keepEventsChannel(
  { connection, clock, onFailure }: EventsOptions,
  setup: (channel: Channel, fail: (why: Error) => void) => Promise<Channel>,
): Kept<Channel> {
  return new Kept({
    open: async (signal) => {
      const model = await connection.whenOpen(signal);
      return openChannel(model.createChannel(), async (channel, fail) => {
        await channel.assertExchange(exchange, "topic", { durable: true });
        return setup(channel, fail);
      }, clock);
    },
    onFailure,
    clock,
    firstDelayMs: 100,
    maxDelayMs: 10_000,
  });
}
