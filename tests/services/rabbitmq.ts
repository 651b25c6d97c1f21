/**
 * RabbitMQ for tests: a node of our own (`startRabbitMqNode`), or a virtual host on the broker that RABBITMQ_URL and
 * RABBITMQ_MANAGEMENT_URL name (`createVhost`). Run as a program it starts a node and prints how to reach it:
 *
 *     deno run -A tests/services/rabbitmq.ts
 */
import { startRabbitMqNode } from "./rabbitmq_node.ts";

export { canStartRabbitMqNode, installRabbitMq, type RabbitMqNode, startRabbitMqNode } from "./rabbitmq_node.ts";
export { createVhost, type DrainedMessage, type TestQueue, type TestVhost } from "./rabbitmq_vhost.ts";

/** Whether tests can use `createVhost`. */
export const rabbitMqAvailable = Deno.env.has("RABBITMQ_URL");

if (import.meta.main) {
  await using node = await startRabbitMqNode();
  const line = `export RABBITMQ_URL=${node.url} RABBITMQ_MANAGEMENT_URL=${node.managementUrl}\n`;
  await Deno.stdout.write(new TextEncoder().encode(line));
  const asked = Promise.withResolvers<void>();
  for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, asked.resolve);
  await asked.promise;
}
