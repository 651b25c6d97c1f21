/** Consumes a queue, as a creator would, and keeps what it takes. */
import amqp from "amqplib";
import type { ChannelModel } from "amqplib";

export interface KeptMessage {
  readonly body: Uint8Array;
  readonly headers?: Readonly<Record<string, unknown>>;
}

export class QueueReader implements AsyncDisposable {
  readonly messages: KeptMessage[] = [];
  #waiting: { readonly many: number; readonly resolve: () => void } | undefined;
  #connection: ChannelModel | undefined;
  private constructor(connection: ChannelModel) {
    this.#connection = connection;
  }

  /** @param url of the virtual host */
  static open(url: string, queue: string): Promise<QueueReader> {
    return QueueReader.#consume(url, queue, { noAck: true });
  }

  /** Takes the first message and keeps it: the queue has a consumer, and nobody works for it. */
  static holdFirst(url: string, queue: string): Promise<QueueReader> {
    return QueueReader.#consume(url, queue, { noAck: false });
  }

  static async #consume(url: string, queue: string, options: { readonly noAck: boolean }): Promise<QueueReader> {
    const connection = await amqp.connect(url);
    const reader = new QueueReader(connection);
    const channel = await connection.createChannel();
    await channel.prefetch(1); // of messages that want an ack
    await channel.consume(queue, (message) => {
      if (message === null) return;
      const { content: body, properties: { headers = {} } } = message;
      reader.#take({ body, headers });
    }, options);
    return reader;
  }

  /** Resolves when this many messages have come since the reader was opened. */
  received(many: number): Promise<void> {
    if (this.messages.length >= many) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting = { many, resolve };
    return promise;
  }

  async close(): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    await connection?.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #take(message: KeptMessage): void {
    this.messages.push(message);
    if (this.#waiting !== undefined && this.messages.length >= this.#waiting.many) this.#waiting.resolve();
  }
}
