/** A delivery once more, in another queue or for another time. */
import type { Broker, Delivery, HeaderValue } from "./broker.ts";

/**
 * Publishes the body and the properties of a delivery to a queue, confirmed; the caller acknowledges the delivery after it,
 * so that a crash in between leaves two copies and never none.
 * @param headers to set besides those the sender set
 * @throws {PublishError} when the copy is not durable; the delivery is then still the only one.
 */
export async function publishCopy(
  broker: Broker,
  delivery: Delivery,
  queue: string,
  headers: Readonly<Record<string, HeaderValue>> = {},
  signal?: AbortSignal,
): Promise<void> {
  const { body, messageId, contentType, timestampS } = delivery;
  await broker.publish({
    exchange: "",
    routingKey: queue,
    body,
    headers: { ...ownHeaders(delivery), ...headers },
    // The broker holds a message of this size already.
    ignoreSizeLimit: true,
    ...(messageId === undefined ? {} : { messageId }),
    ...(contentType === undefined ? {} : { contentType }),
    ...(timestampS === undefined ? {} : { timestampS }),
  }, signal);
}

/** Headers the sender set. What the broker notes of a message's way (deaths, deliveries) is not ours to send. */
function ownHeaders(delivery: Delivery): Record<string, HeaderValue> {
  const own: Record<string, HeaderValue> = {};
  for (const [name, value] of Object.entries(delivery.headers)) {
    if (/^x-(death|first-death-|last-death-|delivery-count|acquired-count)/.test(name)) continue;
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") own[name] = value;
  }
  return own;
}
