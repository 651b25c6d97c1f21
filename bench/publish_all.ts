/** Puts messages on a queue; resolves when all are confirmed. */
import { Buffer } from "node:buffer";
import amqp from "amqplib";

/** @param url of the virtual host */
export async function publishAll(url: string, queue: string, bodies: Iterable<Uint8Array>): Promise<void> {
  const connection = await amqp.connect(url);
  const channel = await connection.createConfirmChannel();
  for (const body of bodies) {
    channel.sendToQueue(queue, Buffer.from(body), { persistent: true, contentType: "application/json" });
  }
  await channel.waitForConfirms();
  await connection.close();
}
