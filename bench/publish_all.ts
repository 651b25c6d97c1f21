/** Puts messages on a queue; resolves when all are confirmed. */
import { Buffer } from "node:buffer";
import amqp from "amqplib";
import type { KeptMessage } from "./queue_reader.ts";

/** @param url of the virtual host */
export async function publishAll(url: string, queue: string, messages: Iterable<KeptMessage>): Promise<void> {
  const connection = await amqp.connect(url);
  const channel = await connection.createConfirmChannel();
  for (const { body, headers = {} } of messages) {
    channel.sendToQueue(queue, Buffer.from(body), { persistent: true, contentType: "application/json", headers });
  }
  await channel.waitForConfirms();
  await connection.close();
}
