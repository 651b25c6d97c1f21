/** What only a node of our own can be made to do: alarms, restarts, crashes, errors of a channel that nobody asked for. */
import assert from "node:assert/strict";
import { type Broker, PublishError } from "../../../lib/amqp/broker.ts";
import { canStartRabbitMqNode, type RabbitMqNode, startRabbitMqNode } from "../../services/rabbitmq.ts";
import { eventually } from "./eventually.ts";
import { bytes, Inbox } from "./inbox.ts";
import { connect, ready } from "./rabbitmq_fixture.ts";

const ignore = !canStartRabbitMqNode;
const never = new AbortController().signal;

function settingsOf(node: RabbitMqNode): Record<string, string> {
  return {
    RABBITMQ_HOST: "127.0.0.1",
    RABBITMQ_PORT: String(node.port),
    RABBITMQ_USERNAME: "guest",
    RABBITMQ_PASSWORD: "guest",
    RABBITMQ_VIRTUAL_HOST: "/",
  };
}

async function declareQueue(broker: Broker, name: string): Promise<void> {
  await broker.declare({ exchanges: [], queues: [{ name, kind: "work" }], bindings: [] }, never);
}

function publish(broker: Broker, text: string, signal?: AbortSignal): Promise<void> {
  return broker.publish({ exchange: "", routingKey: "q", body: bytes(text) }, signal);
}

Deno.test({
  name: "a memory alarm is a named problem that stops publishing, not consuming, and ends by itself",
  ignore,
  async fn() {
    await using node = await startRabbitMqNode();
    await using under = connect(settingsOf(node));
    const { broker, log } = under;
    await ready(broker);
    await declareQueue(broker, "q");
    await publish(broker, "before");

    await node.ctl("set_vm_memory_high_watermark", "0.00001");
    // The broker says `blocked` to a connection only when it publishes.
    const onItsWay = publish(broker, "on its way");
    await eventually(() => broker.state().problem !== undefined, "the alarm in the state");
    assert.match(broker.state().problem ?? "", /takes no messages.*memory/);
    assert.deepEqual({ ...broker.state(), problem: "" }, {
      connected: true,
      writable: false,
      problem: "",
      unconfirmed: 1,
    });
    const abort = new AbortController();
    const waiting = publish(broker, "waiting", abort.signal);
    const writable = broker.whenWritable(never);
    abort.abort(new Error("not now"));
    await assert.rejects(waiting, (error) => error instanceof PublishError && error.failure === "not_sent");

    const inbox = new Inbox(broker, "q", 10, (delivery) => delivery.ack());
    await inbox.count(1);
    await eventually(async () => {
      const state = await broker.inspect("q");
      return state.kind === "present" && state.messages === 0;
    }, "the acknowledged message is gone");

    await node.ctl("set_vm_memory_high_watermark", "0.4");
    await writable;
    await onItsWay;
    await inbox.count(2);
    assert.deepEqual(inbox.texts, ["before", "on its way"]);
    assert.equal(broker.state().problem, undefined);
    const told = log.codes.filter((code) => code.endsWith("blocked"));
    assert.deepEqual(told, ["amqp.blocked", "amqp.unblocked"]);
  },
});

Deno.test({
  name: "a channel that the broker closes is opened again with its consumer, the connection stays",
  ignore,
  async fn() {
    await using node = await startRabbitMqNode();
    await using under = connect(settingsOf(node));
    const { broker, log } = under;
    await ready(broker);
    await declareQueue(broker, "q");
    await publish(broker, "1");
    const inbox = new Inbox(broker, "q");
    const inHand = await inbox.at(0);

    // Every channel gets the acknowledgement of a message that it never saw: 406 PRECONDITION_FAILED.
    const unknownTag = "{'basic.ack', 999, false}";
    await node.ctl("eval", `[rabbit_channel:do(Channel, ${unknownTag}) || Channel <- rabbit_channel:list_local()].`);
    const again = await inbox.at(1);
    assert.equal(inHand.settled, true);
    assert.equal(again.redelivered, true);
    inHand.ack();
    again.ack();
    await publish(broker, "2");
    await inbox.count(3);
    assert.deepEqual(inbox.texts, ["1", "1", "2"]);
    assert.equal(inbox.subscription.problem, undefined);
    assert.ok(log.messages.some((message) => /Nothing arrives from q: .*unknown delivery tag/.test(message)));
    assert.equal(log.codes.filter((code) => code === "amqp.connected").length, 2, "no connection was lost");
  },
});

Deno.test({
  name: "a broker that is restarted, and one that crashes, keep what they confirmed and are used again",
  ignore,
  async fn() {
    await using node = await startRabbitMqNode();
    await using under = connect(settingsOf(node));
    const { broker, log } = under;
    await ready(broker);
    await declareQueue(broker, "q");
    const inbox = new Inbox(broker, "q", 1);
    const claim = await broker.claim("exchanger.lead.test");
    await publish(broker, "confirmed");
    await inbox.count(1);

    await node.restart();
    await ready(broker);
    assert.equal(claim?.lost.aborted, true);
    await inbox.count(2);
    assert.deepEqual(inbox.texts, ["confirmed", "confirmed"]);

    await node.kill();
    await eventually(() => !broker.state().connected, "the crash is noticed");
    assert.match(broker.state().problem ?? "", /RabbitMQ/);
    assert.match(inbox.subscription.problem ?? "", /RabbitMQ/);
    const patient = publish(broker, "patient");
    await node.start();
    await patient;
    const again = await inbox.at(2, 40_000);
    again.ack();
    await inbox.count(4);
    assert.deepEqual(inbox.texts.slice(2), ["confirmed", "patient"]);
    assert.equal(log.codes.filter((code) => code === "amqp.connection_failed").length, 4, "repeats are not logged");
  },
});
