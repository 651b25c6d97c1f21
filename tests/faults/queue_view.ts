/** The broker as the other side of the worker sees it: takes tasks out of their queue, puts responses in. */
import amqp, { type Channel, type ChannelModel } from "amqplib";
import { Buffer } from "node:buffer";
import { z } from "zod";

const taskBody = z.looseObject({ task_id: z.string(), process_instance_id: z.string(), activity_id: z.string() });
export type TaskBody = z.infer<typeof taskBody>;

const setAsideBody = z.looseObject({
  task_id: z.string(),
  /** `{raw_body}` when it was no JSON. */
  original_message: z.unknown(),
  error_info: z.looseObject({ type: z.string(), message: z.string() }).optional(),
});
export type SetAsideBody = z.infer<typeof setAsideBody>;

export class QueueView implements AsyncDisposable {
  #open: { readonly connection: ChannelModel; readonly channel: Channel } | undefined;

  /** @param url with the virtual host */
  constructor(private readonly url: string) {}

  takeTasks(queue: string): Promise<TaskBody[]> {
    return this.#take(queue, (text) => taskBody.parse(JSON.parse(text)));
  }

  takeSetAside(queue: string): Promise<SetAsideBody[]> {
    return this.#take(queue, (text) => setAsideBody.parse(JSON.parse(text)));
  }

  /** JSON bodies of any shape. */
  takeBodies(queue: string): Promise<unknown[]> {
    return this.#take(queue, (text): unknown => JSON.parse(text));
  }

  /** Ready messages. Rejects if there is no such queue. */
  async depth(queue: string): Promise<number> {
    try {
      return (await (await this.#channel()).checkQueue(queue)).messageCount;
    } catch (error) {
      await this.#drop(); // the broker has closed the channel
      throw error;
    }
  }

  async deleteQueue(queue: string): Promise<void> {
    await (await this.#channel()).deleteQueue(queue);
  }

  /** Publishes to a queue; returns which bodies the broker confirmed. */
  async publish(queue: string, bodies: readonly (string | Uint8Array)[]): Promise<boolean[]> {
    // A connection of its own: under an alarm the broker stops reading from those that publish.
    let connection: ChannelModel | undefined;
    try {
      connection = await connect(this.url);
      const channel = await connection.createConfirmChannel();
      channel.on("error", () => {});
      const returned = new Set<string>();
      channel.on("return", ({ properties }) => returned.add(String(properties.messageId)));
      const confirmed = bodies.map((body) => {
        const messageId = crypto.randomUUID();
        return new Promise<boolean>((resolve) => {
          const options = { persistent: true, mandatory: true, messageId };
          channel.publish(
            "",
            queue,
            Buffer.from(body),
            options,
            (error) => resolve(!error && !returned.has(messageId)),
          );
        });
      });
      return await Promise.all(confirmed);
    } catch {
      // The broker is away: nothing more was confirmed.
      return bodies.map(() => false);
    } finally {
      await connection?.close().catch(() => {});
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#drop();
  }

  /** Everything that is ready; what cannot be had now, because the broker or the queue is away, is there the next time. */
  async #take<T>(queue: string, parse: (text: string) => T): Promise<T[]> {
    const taken: T[] = [];
    try {
      const channel = await this.#channel();
      for (;;) {
        const message = await channel.get(queue);
        if (message === false) return taken;
        taken.push(parse(message.content.toString("utf8")));
        channel.ack(message);
      }
    } catch (error) {
      await this.#drop();
      if (error instanceof z.ZodError || error instanceof SyntaxError) throw error;
      return taken;
    }
  }

  async #channel(): Promise<Channel> {
    if (this.#open === undefined) {
      const connection = await connect(this.url);
      const channel = await connection.createChannel();
      channel.on("error", () => {});
      this.#open = { connection, channel };
    }
    return this.#open.channel;
  }

  async #drop(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    await open?.connection.close().catch(() => {});
  }
}

async function connect(url: string): Promise<ChannelModel> {
  const connection = await amqp.connect(url);
  // A broker that goes away rejects the call under way.
  connection.on("error", () => {});
  return connection;
}
