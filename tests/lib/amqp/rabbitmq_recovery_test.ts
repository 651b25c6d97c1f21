/** What RabbitMQ, or the network before it, does to us: connections cut, channels closed, wires gone silent. */
import assert from "node:assert/strict";
import { type Broker, PublishError } from "../../../lib/amqp/broker.ts";
import { rabbitMqAvailable } from "../../services/rabbitmq.ts";
import { startProxy } from "../../services/half_open_proxy.ts";
import { eventually } from "./eventually.ts";
import { bytes, Inbox } from "./inbox.ts";
import { connect, connectToOwnVhost, ready } from "./rabbitmq_fixture.ts";

const ignore = !rabbitMqAvailable;
const never = new AbortController().signal;

async function declareQueue(broker: Broker, name: string): Promise<void> {
  await broker.declare({ exchanges: [], queues: [{ name, kind: "work" }], bindings: [] }, never);
}

Deno.test({
  name: "connections cut in the middle of publishing and consuming lose nothing that was acknowledged",
  ignore,
  async fn() {
    await using test = await connectToOwnVhost({ RABBITMQ_CONFIRM_WINDOW: "50" });
    const { broker, vhost, log } = test;
    await declareQueue(broker, "q");
    const received = new Set<string>();
    broker.subscribe("q", { prefetch: 20 }, (delivery) => {
      received.add(new TextDecoder().decode(delivery.body));
      delivery.ack();
    });
    await vhost.connections(2);

    const ledger = { attempted: 0, unknown: 0, acknowledged: new Set<string>() };
    const publishOne = async () => {
      const id = `m${ledger.attempted++}`;
      try {
        await broker.publish({ exchange: "", routingKey: "q", body: bytes(id), messageId: id });
        ledger.acknowledged.add(id);
      } catch (error) {
        assert.ok(error instanceof PublishError);
        assert.equal(error.failure, "unknown", error.message);
        ledger.unknown++;
      }
    };
    let publishing = true;
    const published = (async () => {
      while (publishing) await Promise.all(Array.from({ length: 100 }, publishOne));
    })();
    // A cut between two bursts meets nothing on its way: then it was not the one to test.
    await eventually(async () => {
      await vhost.closeConnections(2);
      return ledger.unknown > 0;
    }, "a cut while publications were on their way");
    publishing = false;
    await published;

    const lost = () => [...ledger.acknowledged].filter((id) => !received.has(id));
    await eventually(() => lost().length === 0, `all of ${ledger.acknowledged.size} acknowledged messages received`);
    const state = await broker.inspect("q");
    assert.ok(state.kind === "present" && state.consumers === 1);
    assert.ok(log.codes.includes("amqp.connection_failed"));
  },
});

Deno.test({
  name: "while there is no connection publications wait, and they are sent when it is back",
  ignore,
  async fn() {
    await using test = await connectToOwnVhost();
    const { vhost } = test;
    await declareQueue(test.broker, "q");
    await using proxy = startProxy(vhost.settings["RABBITMQ_HOST"] ?? "", Number(vhost.settings["RABBITMQ_PORT"]));
    await using away = connect({ ...vhost.settings, RABBITMQ_PORT: String(proxy.port) });
    await ready(away.broker);
    proxy.refuse = true;
    proxy.cut();
    await eventually(() => !away.broker.state().connected, "the loss is noticed");
    const sent = away.broker.publish({ exchange: "", routingKey: "q", body: bytes("patient") });
    const abort = new AbortController();
    const givenUp = away.broker.publish({ exchange: "", routingKey: "q", body: bytes("impatient") }, abort.signal);
    await assert.rejects(away.broker.inspect("q"), /RabbitMQ/);
    abort.abort();
    await assert.rejects(givenUp, (error) => error instanceof PublishError && error.failure === "not_sent");
    proxy.refuse = false;
    await sent;
    assert.deepEqual((await vhost.drainQueue("q")).map(({ body }) => body), ["patient"]);
  },
});

for (
  const [what, flows] of Object.entries(
    {
      "both directions": ["toTarget", "toClient"],
      "what the broker says": ["toClient"],
    } as const,
  )
) {
  Deno.test({
    name: `a wire that swallows ${what} is noticed within two heartbeats, and everything comes back`,
    ignore,
    async fn() {
      await using test = await connectToOwnVhost();
      const { vhost } = test;
      await declareQueue(test.broker, "q");
      await using proxy = startProxy(vhost.settings["RABBITMQ_HOST"] ?? "", Number(vhost.settings["RABBITMQ_PORT"]));
      const heartbeatS = 3;
      await using away = connect({
        ...vhost.settings,
        RABBITMQ_PORT: String(proxy.port),
        RABBITMQ_HEARTBEAT: String(heartbeatS),
      });
      const { broker } = away;
      await ready(broker);
      const inbox = new Inbox(broker, "q");
      await broker.publish({ exchange: "", routingKey: "q", body: bytes("in hand") });
      const inHand = await inbox.at(0);
      const claim = await broker.claim("exchanger.lead.test");
      assert.ok(claim);

      for (const flow of flows) proxy[flow] = "swallow";
      const silentSinceMs = performance.now();
      const onItsWay = broker.publish({ exchange: "", routingKey: "q", body: bytes("on its way") });
      await assert.rejects(onItsWay, (error) => error instanceof PublishError && error.failure === "unknown");
      await eventually(() => claim.lost.aborted && inHand.settled, "the loss of claim and delivery");
      const noticedAfterMs = performance.now() - silentSinceMs;
      assert.ok(noticedAfterMs <= 2 * heartbeatS * 1000 + 2_000, `noticed after ${noticedAfterMs} ms`);
      // On a busy machine the broker may miss our heartbeats before we miss its, and end the connection.
      assert.match(broker.state().problem ?? "", /two heartbeats|Unexpected close/);

      for (const flow of flows) proxy[flow] = "forward";
      await inbox.count(2, 40_000);
      assert.equal(inbox.deliveries[1]?.redelivered, true);
      await broker.publish({ exchange: "", routingKey: "q", body: bytes("after") });
      await eventually(() => inbox.texts.includes("after"), "messages flow again");
    },
  });
}

Deno.test({
  name: "a broker that never answers does not keep close waiting",
  ignore,
  async fn() {
    const silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    try {
      const under = connect({
        RABBITMQ_HOST: "127.0.0.1",
        RABBITMQ_PORT: String(silent.addr.port),
        RABBITMQ_USERNAME: "guest",
        RABBITMQ_PASSWORD: "guest",
        RABBITMQ_VIRTUAL_HOST: "/",
      });
      using taken = await silent.accept();
      assert.ok(taken);
      const startedMs = performance.now();
      await under.broker.close();
      assert.ok(performance.now() - startedMs < 500, "close waited for the broker");
    } finally {
      silent.close();
    }
  },
});

Deno.test({
  name: "a wire that has gone silent does not keep close waiting for its heartbeats",
  ignore,
  async fn() {
    await using test = await connectToOwnVhost();
    const { vhost } = test;
    await declareQueue(test.broker, "q");
    await using proxy = startProxy(vhost.settings["RABBITMQ_HOST"] ?? "", Number(vhost.settings["RABBITMQ_PORT"]));
    const { broker } = connect({ ...vhost.settings, RABBITMQ_PORT: String(proxy.port) });
    await ready(broker);
    const consuming = new Inbox(broker, "q").subscription;
    await eventually(() => consuming.problem === undefined, "a consumer");
    const claim = await broker.claim("exchanger.lead.test");
    proxy.toTarget = proxy.toClient = "swallow";
    const opening = new Inbox(broker, "q").subscription;
    const startedMs = performance.now();
    await Promise.all([consuming.cancel(), opening.close(), claim?.release()]);
    await broker.close();
    const tookMs = performance.now() - startedMs;
    assert.ok(tookMs < 6_000, `${tookMs} ms`);
  },
});

Deno.test({
  name: "close waits for the confirm of what is on its way and refuses what still waits",
  ignore,
  async fn() {
    await using test = await connectToOwnVhost({ RABBITMQ_CONFIRM_WINDOW: "1" });
    const { broker, vhost } = test;
    await declareQueue(broker, "q");
    const publish = (text: string) => broker.publish({ exchange: "", routingKey: "q", body: bytes(text) });
    const results = Promise.allSettled([publish("sent"), publish("waiting")]);
    await broker.close();
    const [sent, waiting] = await results;
    assert.equal(sent?.status, "fulfilled");
    assert.ok(waiting?.status === "rejected" && waiting.reason instanceof PublishError);
    assert.equal(waiting.reason.failure, "not_sent");
    assert.deepEqual((await vhost.drainQueue("q")).map(({ body }) => body), ["sent"]);
  },
});

Deno.test({
  name: "a handler that throws gets the message again after a back-off, and the fault is told",
  ignore,
  async fn() {
    await using test = await connectToOwnVhost();
    const { broker, log } = test;
    await declareQueue(broker, "q");
    const redelivered: boolean[] = [];
    broker.subscribe("q", { prefetch: 1 }, (delivery) => {
      redelivered.push(delivery.redelivered);
      if (redelivered.length < 3) throw new Error("a fault of the handler");
      delivery.ack();
    });
    await broker.publish({ exchange: "", routingKey: "q", body: bytes("x") });
    await eventually(() => redelivered.length === 3, "the third delivery");
    assert.deepEqual(redelivered, [false, true, true]);
    assert.equal(log.messages.filter((message) => /a fault of the handler/.test(message)).length, 2);
  },
});
