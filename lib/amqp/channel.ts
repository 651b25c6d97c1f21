/** A channel with everything on it that its owner needs; it lives until the broker, the connection or the owner ends it. */
import { type Channel, type ChannelModel, IllegalOperationError } from "amqplib";
import { errorText } from "../telemetry/error_text.ts";
import type { Clock } from "../time/clock.ts";
import type { Opened } from "./kept.ts";
import { settledWithin } from "./abortable.ts";

class ConnectionGoneError extends Error {
  override readonly name = "ConnectionGoneError";
}

/** Whether a call failed, or a channel ended, only because the connection went: the connection itself tells why. */
export function isConnectionGone(error: unknown): boolean {
  return error instanceof ConnectionGoneError || error instanceof IllegalOperationError ||
    /^Channel ended/.test(errorText(error)); // amqplib's words for calls that were under way
}

/** What an orderly end may take; a dead wire never answers. */
export const closeTimeoutMs = 1_000;

/**
 * @param setup prepares the channel; `fail` ends it later for a reason that AMQP does not see as an error of the channel,
 * such as a consumer that the broker cancelled
 */
export async function openChannel<C extends Channel, T>(
  creation: Promise<C>,
  setup: (channel: C, fail: (why: Error) => void) => Promise<T>,
  clock: Clock,
): Promise<Opened<T>> {
  const channel = await creation;
  const ended = Promise.withResolvers<Error>();
  // The broker's error comes first, then "close"; a connection that ends closes its channels without an error.
  channel.on("error", ended.resolve);
  channel.on("close", () => ended.resolve(new ConnectionGoneError("The connection of this channel was lost")));
  const close = () => settledWithin(closeTimeoutMs, Promise.race([channel.close(), closedOf(channel)]), clock);
  try {
    return { value: await setup(channel, ended.resolve), ended: ended.promise, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * Does something on a channel of its own: a refused declaration or passive look closes the channel it was made on.
 */
export async function withChannel<T>(model: ChannelModel, use: (channel: Channel) => Promise<T>): Promise<T> {
  const channel = await model.createChannel();
  // The refusal also rejects the call that caused it.
  channel.on("error", () => {});
  try {
    return await use(channel);
  } finally {
    // Not awaited: it is over for us, and the answer would cost a round trip.
    channel.close().catch(() => {});
  }
}

/** AMQP's reply code (404 no such queue, 405 locked, 406 other arguments…) if the broker gave one. */
export function replyCode(error: unknown): number | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "number" ? code : undefined;
}

/** The broker's own words out of amqplib's `Operation failed: QueueDeclare; 406 (PRECONDITION-FAILED) with message "…"`. */
export function replyText(error: unknown): string {
  const text = errorText(error);
  return /with message "(.*)"$/s.exec(text)?.[1] ?? text;
}

function closedOf(channel: Channel): Promise<void> {
  return new Promise((resolve) => channel.once("close", resolve));
}
