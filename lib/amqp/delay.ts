/**
 * Sends a message round through a delay queue and back to its own queue. The caller acknowledges the delivery afterwards:
 * the copy is confirmed by then, so that a crash in between leaves two copies and never none.
 */
import type { Broker, Delivery, HeaderValue } from "./broker.ts";
import { integer, list, textSchema } from "../config/schemas.ts";
import type { SettingsTable } from "../config/setting.ts";
import { publishCopy } from "./publish_copy.ts";
import { delayQueueName, delaysS } from "./topology.ts";

const delays = textSchema("must be whole numbers of seconds from 1 to 86400, separated by commas", (input) => {
  const seconds = (list.safeParse(input).data ?? []).map((word) =>
    integer({ min: 1, max: 86_400 }).safeParse(word).data
  );
  const known = seconds.filter((value) => value !== undefined);
  return known.length === seconds.length && known.length > 0 ? known : undefined;
});

export const retrySettings = {
  RETRY_DELAYS_SECONDS: {
    schema: delays,
    doc:
      "Seconds before each further attempt at a message that could not be handled; after the last it is set aside. " +
      "Only answers about that very task count; a system that is down costs no attempt.",
    example: "10,60,600",
    default: delaysS.join(","),
  },
} as const satisfies SettingsTable;

const attemptHeader = "x-attempt";
const lastErrorHeader = "x-last-error";
const lastErrorMaxCharacters = 500;

/**
 * Attempts already spent on a message: our `x-attempt` header, else what the predecessor counted in the body.
 * @param retryCount the body's `retry_count`
 */
export function attemptOf(delivery: Delivery, retryCount: number = 0): number {
  const header = delivery.headers[attemptHeader];
  return typeof header === "number" && Number.isInteger(header) && header >= 0 ? header : retryCount;
}

export interface RetryOptions {
  /** The delay after each attempt; as many attempts follow the first. @default 5 s, 30 s, 2 min, 10 min, 1 h */
  readonly schedule?: readonly number[];
  /** Attempts already spent. @default attemptOf(delivery) */
  readonly attempt?: number;
  /** Ends the wait for a connection, not the wait for a confirm. */
  readonly signal?: AbortSignal;
}

/**
 * Schedules the next attempt; `exhausted` when the schedule has no more, and then nothing was published. Only for answers
 * about this very message: a system that is down costs no attempts.
 * @throws {PublishError} when the copy is not durable; the delivery is then still the only one.
 */
export async function retryLater(
  broker: Broker,
  delivery: Delivery,
  reason: string,
  options: RetryOptions = {},
): Promise<"scheduled" | "exhausted"> {
  const attempt = options.attempt ?? attemptOf(delivery);
  const seconds = (options.schedule ?? delaysS)[attempt];
  if (seconds === undefined) return "exhausted";
  const lastError = Array.from(reason).slice(0, lastErrorMaxCharacters).join("");
  const headers = { [attemptHeader]: attempt + 1, [lastErrorHeader]: lastError };
  await publishCopy(broker, delivery, delayQueueName(delivery.queue, seconds), headers, options.signal);
  return "scheduled";
}

/**
 * Sends a message round without counting an attempt: before a create whose predecessor may have taken effect, or while a
 * process is suspended.
 * @param seconds one of the delays that were declared for the queue
 * @param headers to set besides those the message has
 * @throws {PublishError}
 */
export async function delayFor(
  broker: Broker,
  delivery: Delivery,
  seconds: number,
  headers: Readonly<Record<string, HeaderValue>> = {},
): Promise<void> {
  await publishCopy(broker, delivery, delayQueueName(delivery.queue, seconds), headers);
}
