/**
 * Exclusive names in the broker: an exclusive queue can be declared by one connection only and goes with it. This is how
 * one of several programs becomes the active one.
 */
import type { ChannelModel } from "amqplib";
import type { Clock } from "../time/clock.ts";
import type { Claim } from "./broker.ts";
import { closeTimeoutMs, openChannel, replyCode } from "./channel.ts";
import { settledWithin } from "./abortable.ts";

/** `undefined` when somebody else holds the name. */
export async function claimName(model: ChannelModel, name: string, clock: Clock): Promise<Claim | undefined> {
  try {
    const { value: channel, ended, close } = await openChannel(model.createChannel(), async (channel, fail) => {
      await channel.assertQueue(name, {
        exclusive: true,
        autoDelete: true,
        durable: false,
        arguments: { "x-queue-type": "classic" },
      });
      // Says at once if somebody deletes the queue, and refuses (403) a second claim by our own connection.
      await channel.consume(name, () => fail(new Error(`The queue ${name} was deleted`)), { exclusive: true });
      return channel;
    }, clock);
    const lost = new AbortController();
    let released = false;
    ended.then((why) => {
      if (!released) lost.abort(new Error(`The claim on ${name} was lost: ${why.message}`, { cause: why }));
    });
    return {
      name,
      lost: lost.signal,
      async release() {
        if (released || lost.signal.aborted) return;
        released = true;
        await settledWithin(closeTimeoutMs, channel.deleteQueue(name), clock);
        await close();
      },
    };
  } catch (error) {
    if (replyCode(error) === 405 || (replyCode(error) === 403 && /exclusive/.test(String(error)))) return undefined;
    throw error;
  }
}
