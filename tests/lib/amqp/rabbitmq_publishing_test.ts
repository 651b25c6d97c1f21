/** Publishing to RabbitMQ: what becomes of each message is known, or said to be unknown. */
import assert from "node:assert/strict";
import { type Publication, PublishError } from "../../../lib/amqp/broker.ts";
import { rabbitMqAvailable } from "../../services/rabbitmq.ts";
import { eventually } from "./eventually.ts";
import { bytes, Inbox } from "./inbox.ts";
import { connectToOwnVhost } from "./rabbitmq_fixture.ts";

const ignore = !rabbitMqAvailable;
const never = new AbortController().signal;
const quorum = { durable: true, arguments: { "x-queue-type": "quorum" } };

function toQueue(queue: string, text: string, more: Partial<Publication> = {}): Publication {
  return { exchange: "", routingKey: queue, body: bytes(text), ...more };
}

function failsWith(failure: PublishError["failure"], words?: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof PublishError, String(error));
    assert.equal(error.failure, failure, error.message);
    if (words !== undefined) assert.match(error.message, words);
    return true;
  };
}

Deno.test({
  name: "only the message that no queue took is rejected, among many on their way",
  ignore,
  async fn() {
    await using test = await connectToOwnVhost();
    const { broker, vhost } = test;
    await vhost.withChannel((channel) => channel.assertQueue("q", quorum));
    const results = await Promise.allSettled(Array.from({ length: 200 }, (_, index) => {
      const queue = index % 50 === 7 ? "nowhere" : "q";
      return broker.publish(toQueue(queue, `${index}`, { messageId: `m${index}` }));
    }));
    const rejected = results.flatMap((result, index) => result.status === "rejected" ? [index] : []);
    assert.deepEqual(rejected, [7, 57, 107, 157]);
    assert.equal((await vhost.drainQueue("q")).length, 196);
  },
});

Deno.test({
  name: "a full queue that rejects publishes is a refusal, and the message is not in it",
  ignore,
  async fn() {
    await using test = await connectToOwnVhost();
    const { broker, vhost } = test;
    const full = { durable: true, arguments: { "x-max-length": 2, "x-overflow": "reject-publish" } };
    await vhost.withChannel((channel) => channel.assertQueue("full", full));
    await broker.publish(toQueue("full", "1"));
    await broker.publish(toQueue("full", "2"));
    await assert.rejects(broker.publish(toQueue("full", "3")), failsWith("refused", /full/));
    assert.deepEqual((await vhost.drainQueue("full")).map(({ body }) => body), ["1", "2"]);
  },
});

Deno.test({
  name: "no more messages than the confirm window are on their way",
  ignore,
  async fn() {
    await using test = await connectToOwnVhost({ RABBITMQ_CONFIRM_WINDOW: "10" });
    const { broker, vhost } = test;
    await vhost.withChannel((channel) => channel.assertQueue("q", quorum));
    let most = 0;
    const published = Promise.all(Array.from({ length: 300 }, async (_, index) => {
      await broker.publish(toQueue("q", `${index}`));
      most = Math.max(most, broker.state().unconfirmed);
    }));
    assert.equal(broker.state().unconfirmed, 10);
    await published;
    assert.ok(most <= 10, `${most} at once`);
    assert.equal(broker.state().unconfirmed, 0);
  },
});

Deno.test({
  name: "a publication that waits for its place is not sent when it is aborted",
  ignore,
  async fn() {
    await using test = await connectToOwnVhost({ RABBITMQ_CONFIRM_WINDOW: "1" });
    const { broker, vhost } = test;
    await vhost.withChannel((channel) => channel.assertQueue("q", quorum));
    const abort = new AbortController();
    const first = broker.publish(toQueue("q", "first"));
    const second = broker.publish(toQueue("q", "second"), abort.signal);
    abort.abort(new Error("changed my mind"));
    await assert.rejects(second, failsWith("not_sent", /changed my mind/));
    await first;
    assert.deepEqual((await vhost.drainQueue("q")).map(({ body }) => body), ["first"]);
  },
});

Deno.test({
  name: "an abort after sending changes nothing: the confirm is awaited",
  ignore,
  async fn() {
    await using test = await connectToOwnVhost();
    const { broker, vhost } = test;
    await vhost.withChannel((channel) => channel.assertQueue("q", quorum));
    const abort = new AbortController();
    const sent = broker.publish(toQueue("q", "x"), abort.signal);
    abort.abort();
    await sent;
    assert.equal((await vhost.drainQueue("q")).length, 1);
  },
});

Deno.test({
  name: "messages are persistent JSON with their properties, as the predecessor's programs read them",
  ignore,
  async fn() {
    await using test = await connectToOwnVhost();
    const { broker, vhost } = test;
    await vhost.withChannel((channel) => channel.assertQueue("q", quorum));
    await broker.publish(toQueue("q", "{}", {
      messageId: "task-1",
      timestampS: 1_700_000_000,
      contentEncoding: "utf-8",
      headers: { camunda_topic: "bitrix_create_task" },
      expirationMs: 59_999.6,
    }));
    const [message] = await vhost.drainQueue("q");
    assert.ok(message);
    const { deliveryMode, contentType, contentEncoding, timestamp, expiration } = message.properties;
    assert.deepEqual(
      { deliveryMode, contentType, contentEncoding, timestamp, expiration, messageId: message.messageId },
      {
        deliveryMode: 2,
        contentType: "application/json",
        contentEncoding: "utf-8",
        timestamp: 1_700_000_000,
        expiration: "60000",
        messageId: "task-1",
      },
    );
    assert.equal(message.headers["camunda_topic"], "bitrix_create_task");
  },
});

Deno.test({
  name: "a body over the limit is not sent, unless it is set aside with its size forgiven",
  ignore,
  async fn() {
    await using test = await connectToOwnVhost({ RABBITMQ_MAX_MESSAGE_BYTES: "1024" });
    const { broker, vhost } = test;
    await vhost.withChannel((channel) => channel.assertQueue("q", quorum));
    const large = toQueue("q", "x".repeat(1025));
    await assert.rejects(broker.publish(large), failsWith("too_large", /1025 bytes.*RABBITMQ_MAX_MESSAGE_BYTES=1024/));
    await broker.publish({ ...large, ignoreSizeLimit: true });
    assert.equal((await vhost.drainQueue("q")).length, 1);
  },
});

Deno.test({
  name: "a message of many frames arrives whole",
  ignore,
  async fn() {
    await using test = await connectToOwnVhost();
    const { broker, vhost } = test;
    await vhost.withChannel((channel) => channel.assertQueue("q", quorum));
    const text = "Задача ".repeat(300_000);
    await Promise.all([1, 2, 3].map(() => broker.publish(toQueue("q", text))));
    const bodies = (await vhost.drainQueue("q")).map(({ body }) => body === text);
    assert.deepEqual(bodies, [true, true, true]);
  },
});

Deno.test({
  name: "a message that cannot be encoded fails alone",
  ignore,
  async fn() {
    await using test = await connectToOwnVhost();
    const { broker, vhost } = test;
    await vhost.withChannel((channel) => channel.assertQueue("q", quorum));
    const before = broker.publish(toQueue("q", "1"));
    const impossible = broker.publish(toQueue("k".repeat(256), "2"));
    const after = broker.publish(toQueue("q", "3"));
    await assert.rejects(impossible, failsWith("not_sent"));
    await Promise.all([before, after]);
    assert.equal((await vhost.drainQueue("q")).length, 2);
  },
});

Deno.test({
  name: "a publication to a missing exchange costs the channel, not the connection, and the next one works",
  ignore,
  async fn() {
    await using test = await connectToOwnVhost();
    const { broker, vhost, log } = test;
    await vhost.withChannel((channel) => channel.assertQueue("q", quorum));
    await assert.rejects(
      broker.publish({ exchange: "nowhere", routingKey: "k", body: bytes("x") }),
      failsWith("unknown"),
    );
    await broker.publish(toQueue("q", "after"));
    assert.equal((await vhost.drainQueue("q")).length, 1);
    assert.ok(log.codes.includes("amqp.publishing_channel_failed"), log.codes.join());
    assert.equal(log.codes.filter((code) => code === "amqp.connected").length, 2);
  },
});

Deno.test({
  name: "an exchange of ours that was deleted is there again for the next attempt",
  ignore,
  async fn() {
    await using test = await connectToOwnVhost();
    const { broker, vhost } = test;
    await broker.declare({
      exchanges: [{ name: "tasks", type: "topic" }],
      queues: [{ name: "q", kind: "work" }],
      bindings: [{ exchange: "tasks", queue: "q", routingKey: "#" }],
    }, never);
    await vhost.withChannel((channel) => channel.deleteExchange("tasks"));
    const publication = { exchange: "tasks", routingKey: "k", body: bytes("x") };
    await assert.rejects(broker.publish(publication), failsWith("unknown"));
    await eventually(() => broker.publish(publication).then(() => true, () => false), "an accepted publication");
    assert.equal((await vhost.drainQueue("q")).length, 1);
  },
});

Deno.test({
  name: "publications are counted by outcome, deliveries by queue",
  ignore,
  async fn() {
    await using test = await connectToOwnVhost();
    const { broker, vhost, metrics } = test;
    await vhost.withChannel((channel) => channel.assertQueue("q", quorum));
    await Promise.all([broker.publish(toQueue("q", "1")), broker.publish(toQueue("q", "2"))]);
    await assert.rejects(broker.publish(toQueue("nowhere", "3")));
    await new Inbox(broker, "q").count(2);
    const rendered = await metrics.render();
    assert.match(rendered, /exchanger_amqp_publishes_total\{outcome="confirmed"\} 2/);
    assert.match(rendered, /exchanger_amqp_publishes_total\{outcome="unroutable"\} 1/);
    assert.match(rendered, /exchanger_amqp_deliveries_total\{queue="q"\} 2/);
    assert.match(rendered, /exchanger_amqp_unconfirmed 0/);
  },
});
