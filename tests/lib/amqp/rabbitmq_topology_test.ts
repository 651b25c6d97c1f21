/** Declaring on RabbitMQ: what the predecessor left is used, what is ours is exactly as we declare it. */
import assert from "node:assert/strict";
import type { QueueDeclaration, Topology } from "../../../lib/amqp/broker.ts";
import { taskTopology } from "../../../lib/amqp/topology.ts";
import { rabbitMqAvailable } from "../../services/rabbitmq.ts";
import { eventually } from "./eventually.ts";
import { bytes, Inbox } from "./inbox.ts";
import { connect, connectToOwnVhost, ready } from "./rabbitmq_fixture.ts";

const ignore = !rabbitMqAvailable;
const never = new AbortController().signal;

function queues(...declarations: QueueDeclaration[]): Topology {
  return { exchanges: [], queues: declarations, bindings: [] };
}

const delay: QueueDeclaration = { name: "q.delay.1s", kind: "own", messageTtlMs: 200, deadLetterTo: "q" };

Deno.test({
  name: "a classic queue of the predecessor is used as it is, with its messages",
  ignore,
  async fn() {
    await using test = await connectToOwnVhost();
    const { broker, vhost } = test;
    await vhost.withChannel((channel) => channel.assertQueue("bitrix24.queue", { durable: true }));
    await vhost.publishRaw("", "bitrix24.queue", "old", { persistent: true });
    await broker.declare(taskTopology(), never);
    assert.deepEqual(await vhost.queue("bitrix24.queue"), {
      type: "classic",
      arguments: {},
      messages: 1,
      consumers: 0,
    });
    const inbox = new Inbox(broker, "bitrix24.queue", 10, (delivery) => delivery.ack());
    await inbox.count(1);
    assert.deepEqual(inbox.texts, ["old"]);
  },
});

Deno.test({
  name: "a new work queue is a quorum queue that never drops a message for its number of deliveries",
  ignore,
  async fn() {
    await using test = await connectToOwnVhost();
    const { broker, vhost } = test;
    await broker.declare(queues({ name: "q", kind: "work" }), never);
    assert.deepEqual((await vhost.queue("q"))?.arguments, { "x-queue-type": "quorum", "x-delivery-limit": 1_000_000 });
  },
});

Deno.test({
  name: "RABBITMQ_QUEUE_TYPE=classic makes new work queues as the predecessor did; our own stay quorum",
  ignore,
  async fn() {
    await using test = await connectToOwnVhost({ RABBITMQ_QUEUE_TYPE: "classic" });
    const { broker, vhost } = test;
    await broker.declare(queues({ name: "q", kind: "work" }, delay), never);
    const [work, own] = [await vhost.queue("q"), await vhost.queue(delay.name)];
    assert.deepEqual([work?.type, work?.arguments], ["classic", {}]);
    assert.equal(own?.type, "quorum");
  },
});

Deno.test({
  name: "our own queue with other arguments is refused loudly, with what to do",
  ignore,
  async fn() {
    await using test = await connectToOwnVhost();
    const { broker, vhost } = test;
    await vhost.withChannel((channel) => channel.assertQueue(delay.name, { durable: true }));
    await assert.rejects(
      broker.declare(queues(delay), never),
      /queue q\.delay\.1s \(406\): .*inequivalent arg.*delete it/,
    );
    assert.equal((await vhost.queue(delay.name))?.type, "classic");
  },
});

Deno.test({
  name: "policies for all queues do not redirect our delay queue",
  ignore,
  async fn() {
    await using test = await connectToOwnVhost();
    const { broker, vhost } = test;
    await vhost.manage("PUT", `policies/${vhost.name}/trap`, {
      pattern: ".*",
      "apply-to": "queues",
      definition: { "dead-letter-exchange": "", "dead-letter-routing-key": "trap", "message-ttl": 3_600_000 },
    });
    await broker.declare(queues({ name: "q", kind: "work" }, { name: "trap", kind: "work" }, delay), never);
    const inbox = new Inbox(broker, "q");
    await broker.publish({ exchange: "", routingKey: delay.name, body: bytes("x") });
    await inbox.count(1);
    assert.equal((await vhost.queue("trap"))?.messages, 0);
  },
});

Deno.test({
  name: "a user without the right to declare is told which right is missing",
  ignore,
  async fn() {
    await using test = await connectToOwnVhost();
    const { vhost } = test;
    const user = `reader-${crypto.randomUUID()}`;
    await vhost.manage("PUT", `users/${user}`, { password: "secret", tags: "" });
    await vhost.manage("PUT", `permissions/${vhost.name}/${user}`, { configure: "^$", write: ".*", read: ".*" });
    try {
      await using limited = connect({ ...vhost.settings, RABBITMQ_USERNAME: user, RABBITMQ_PASSWORD: "secret" });
      await ready(limited.broker);
      await assert.rejects(limited.broker.declare(queues(delay), never), /\(403\): .*permissions/);
      await vhost.withChannel((channel) => channel.assertQueue("q", { durable: true }));
      await limited.broker.declare(queues({ name: "q", kind: "work" }), never);
    } finally {
      await vhost.manage("DELETE", `users/${user}`);
    }
  },
});

Deno.test({
  name: "what was declared is declared again after a reconnect",
  ignore,
  async fn() {
    await using test = await connectToOwnVhost();
    const { broker, vhost } = test;
    await broker.declare(taskTopology(), never);
    const before = await vhost.connections(2);
    for (const name of ["bitrix24.queue", "default.queue"]) await vhost.deleteQueue(name);
    await vhost.withChannel((channel) => channel.deleteExchange("camunda.external.tasks"));
    assert.ok(before.length >= 2);
    await vhost.closeConnections(2);
    await eventually(async () => (await vhost.queue("default.queue")) !== undefined, "the queues again", 30_000);
    await ready(broker);
    await broker.publish({ exchange: "camunda.external.tasks", routingKey: "bitrix24.some.topic", body: bytes("x") });
    assert.equal((await vhost.drainQueue("bitrix24.queue")).length, 1);
  },
});
