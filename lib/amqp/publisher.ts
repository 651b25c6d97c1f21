/**
 * Publishes with confirms: a window of messages is on its way at once, and each publication ends with what the broker
 * said about it. Publications wait here, not in the socket, while there is no connection or no place in the window.
 */
import { Buffer } from "node:buffer";
import { type ChannelModel, type ConfirmChannel, IllegalOperationError, type Message, type Options } from "amqplib";
import type { Counter } from "@opentelemetry/api";
import { errorText } from "../telemetry/error_text.ts";
import type { Clock } from "../time/clock.ts";
import { type Publication, PublishError, type PublishFailure } from "./broker.ts";
import { openChannel } from "./channel.ts";
import { Kept } from "./kept.ts";
import { settledWithin } from "./abortable.ts";

export interface PublisherOptions {
  readonly connection: Kept<ChannelModel>;
  readonly window: number;
  readonly maxBodyBytes: number;
  readonly clock: Clock;
  /** By `outcome`: `confirmed` or a {@link PublishFailure}. */
  readonly publishes: Counter;
  /** Why nothing should be written now although the channel is open; `undefined` if it may. */
  blockedBecause(): string | undefined;
  /** No queue took it: mends what can be mended, so that the next attempt may work. Never rejects. */
  onUnroutable(publication: Publication): Promise<void>;
  onChannelOpen(): void;
  onChannelFailure(why: Error): void | Promise<void>;
}

interface Entry {
  readonly publication: Publication;
  /** The broker sends a message back before it confirms it (RabbitMQ, "Publisher Confirms"). */
  returned: boolean;
  readonly confirmed: () => void;
  readonly failed: (error: PublishError) => void;
}

const confirmTimeoutAtCloseMs = 5_000;

export class Publisher {
  readonly #waiting = new Set<Entry>();
  /** In the order of sending. */
  readonly #sent = new Set<Entry>();
  readonly #channel: Kept<ConfirmChannel>;
  #bufferFull = false;
  #closed = false;
  #allConfirmed = () => {};

  constructor(private readonly options: PublisherOptions) {
    this.#channel = new Kept({
      open: async (signal) => {
        const model = await options.connection.whenOpen(signal);
        return openChannel(model.createConfirmChannel(), (channel) => this.#prepare(channel), options.clock);
      },
      onOpen: () => {
        options.onChannelOpen();
        this.resume();
      },
      onFailure: options.onChannelFailure,
      clock: options.clock,
      firstDelayMs: 50,
      maxDelayMs: 5_000,
    });
  }

  get open(): boolean {
    return this.#channel.current !== undefined;
  }

  get unconfirmed(): number {
    return this.#sent.size;
  }

  whenOpen(signal: AbortSignal): Promise<unknown> {
    return this.#channel.whenOpen(signal);
  }

  async publish(publication: Publication, signal?: AbortSignal): Promise<void> {
    try {
      this.#assertPublishable(publication, signal);
      await this.#enqueue(publication, signal);
      this.options.publishes.add(1, { outcome: "confirmed" });
    } catch (error) {
      if (!(error instanceof PublishError)) throw error;
      this.options.publishes.add(1, { outcome: error.failure });
      if (error.failure === "unroutable") await this.options.onUnroutable(publication);
      throw error;
    }
  }

  /** Sends what waits, as far as the window allows. */
  resume(): void {
    const channel = this.#channel.current;
    if (channel === undefined || this.options.blockedBecause() !== undefined) return;
    for (const entry of this.#waiting) {
      if (this.#bufferFull || this.#sent.size >= this.options.window) return;
      if (!this.#send(channel, entry)) return;
    }
  }

  /** Refuses what waits, awaits what was sent (for a while), closes the channel. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const entry of this.#waiting) {
      entry.failed(failure("not_sent", entry.publication, "the connection was closed by this program"));
    }
    this.#waiting.clear();
    if (this.#sent.size > 0) {
      const allConfirmed = new Promise<void>((resolve) => this.#allConfirmed = resolve);
      await settledWithin(confirmTimeoutAtCloseMs, allConfirmed, this.options.clock);
    }
    await this.#channel.close();
  }

  #assertPublishable(publication: Publication, signal: AbortSignal | undefined): void {
    const { body, ignoreSizeLimit = false } = publication;
    const { maxBodyBytes } = this.options;
    if (body.byteLength > maxBodyBytes && !ignoreSizeLimit) {
      const why = `it has ${body.byteLength} bytes, more than RABBITMQ_MAX_MESSAGE_BYTES=${maxBodyBytes}`;
      throw failure("too_large", publication, why);
    }
    if (this.#closed) throw failure("not_sent", publication, "the connection was closed by this program");
    if (signal?.aborted) throw failure("not_sent", publication, errorText(signal.reason));
  }

  #enqueue(publication: Publication, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        if (this.#waiting.delete(entry)) entry.failed(failure("not_sent", publication, errorText(signal?.reason)));
      };
      const settle = (outcome: () => void) => {
        signal?.removeEventListener("abort", onAbort);
        outcome();
      };
      const entry: Entry = {
        publication,
        returned: false,
        confirmed: () => settle(resolve),
        failed: (error) => settle(() => reject(error)),
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#waiting.add(entry);
      this.resume();
    });
  }

  #prepare(channel: ConfirmChannel): Promise<ConfirmChannel> {
    this.#bufferFull = false;
    channel.on("return", (message) => this.#markReturned(message));
    channel.on("drain", () => {
      this.#bufferFull = false;
      this.resume();
    });
    return Promise.resolve(channel);
  }

  /** `false` when the channel is about to close: the entry waits for the next one. */
  #send(channel: ConfirmChannel, entry: Entry): boolean {
    const { exchange, routingKey, body } = entry.publication;
    const content = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
    try {
      const room = channel.publish(exchange, routingKey, content, propertiesOf(entry.publication), (error) => {
        this.#sent.delete(entry);
        this.#finish(entry, error);
        this.resume();
        if (this.#sent.size === 0) this.#allConfirmed();
      });
      this.#bufferFull = !room;
      this.#sent.add(entry);
    } catch (error) {
      if (error instanceof IllegalOperationError) return false;
      // It cannot be encoded: a routing key over 255 bytes, a header of a type that AMQP lacks.
      entry.failed(failure("not_sent", entry.publication, errorText(error)));
    }
    this.#waiting.delete(entry);
    return true;
  }

  /** @param error amqplib's: null for an ack, "message nacked", or "channel closed" */
  #finish(entry: Entry, error: unknown): void {
    const { publication } = entry;
    if (error === null) {
      if (entry.returned) entry.failed(failure("unroutable", publication, "no queue took it"));
      else entry.confirmed();
    } else if (errorText(error) === "message nacked") {
      entry.failed(failure("refused", publication, "a queue refused it (full, or an internal fault of the broker)"));
    } else {
      entry.failed(
        failure("unknown", publication, "it was sent, but the channel ended before the broker confirmed it"),
      );
    }
  }

  /**
   * AMQP does not say which publication came back. Several that are equal in all that is compared are one message to
   * whoever reads the queue, so it does not matter which of them is marked.
   */
  #markReturned({ fields, properties, content }: Message): void {
    for (const entry of this.#sent) {
      const { exchange, routingKey, messageId, body } = entry.publication;
      const same = !entry.returned && exchange === fields.exchange && routingKey === fields.routingKey &&
        messageId === properties.messageId && content.equals(body);
      if (!same) continue;
      entry.returned = true;
      return;
    }
  }
}

function propertiesOf(publication: Publication): Options.Publish {
  const { contentType = "application/json", contentEncoding, headers, messageId, timestampS, expirationMs } =
    publication;
  return {
    persistent: true,
    mandatory: true,
    contentType,
    ...(contentEncoding === undefined ? {} : { contentEncoding }),
    ...(headers === undefined ? {} : { headers }),
    ...(messageId === undefined ? {} : { messageId }),
    ...(timestampS === undefined ? {} : { timestamp: timestampS }),
    // A fraction or a negative number would cost the channel (406), and with it everything in the window.
    ...(expirationMs === undefined ? {} : { expiration: String(Math.max(0, Math.round(expirationMs))) }),
  };
}

function failure(kind: PublishFailure, { exchange, routingKey, messageId }: Publication, why: string): PublishError {
  const name = messageId === undefined ? "A message" : `Message ${messageId}`;
  const target = exchange === "" ? `queue ${routingKey}` : `${exchange} with key ${routingKey}`;
  return new PublishError(kind, `${name} to ${target} was not published: ${why}`);
}
