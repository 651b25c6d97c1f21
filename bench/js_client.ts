/**
 * What a team writes that joins Camunda and RabbitMQ with the vendor's client: every task is enriched, published with a
 * confirm, its lock extended. Arguments: `default` or `tuned`, Camunda's URL, the tenant, RabbitMQ's URL, the queue.
 */
import { Buffer } from "node:buffer";
import amqp from "amqplib";
import { Client } from "camunda-external-task-client-js";
import { TOPIC } from "./orders.ts";

const [how, baseUrl = "", tenantId, brokerUrl = "", queue = ""] = Deno.args;
const connection = await amqp.connect(brokerUrl);
const channel = await connection.createConfirmChannel();
await channel.assertQueue(queue, { durable: true, arguments: { "x-queue-type": "quorum" } });

const client = new Client({
  baseUrl,
  workerId: "js-client",
  ...(how === "tuned" ? { maxTasks: 50, interval: 0 } : {}),
});

async function variablesOf(processInstanceId: string): Promise<unknown> {
  const answer = await fetch(`${baseUrl}/variable-instance?deserializeValues=false`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ processInstanceIdIn: [processInstanceId] }),
  });
  return await answer.json();
}

/** What the client hands to a handler, as far as it is used; it brings no types. */
interface Handed {
  readonly task: {
    readonly id: string;
    readonly processInstanceId: string;
    readonly variables: { getAll(): Readonly<Record<string, unknown>> };
  };
  readonly taskService: { extendLock(task: Handed["task"], durationMs: number): Promise<void> };
}

client.subscribe(TOPIC, { lockDuration: 300_000, tenantIdIn: [tenantId] }, async ({ task, taskService }: Handed) => {
  const { variables, ...fields } = task;
  const body = {
    ...fields,
    variables: variables.getAll(),
    process_variables: await variablesOf(task.processInstanceId),
  };
  await new Promise<void>((resolve, reject) => {
    const content = Buffer.from(JSON.stringify(body));
    channel.sendToQueue(queue, content, { persistent: true }, (error) => error ? reject(error) : resolve());
  });
  await taskService.extendLock(task, 86_400_000);
});
