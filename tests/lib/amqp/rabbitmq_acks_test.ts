import assert from "node:assert/strict";
import { rabbitMqAvailable } from "../../services/rabbitmq.ts";
import { fill } from "./broker_fixture.ts";
import { Inbox } from "./inbox.ts";
import { connectToOwnVhost, ready } from "./rabbitmq_fixture.ts";

Deno.test({
  name: "acks of a large batch take effect although the consumer is closed right after them",
  ignore: !rabbitMqAvailable,
  async fn() {
    await using owned = await connectToOwnVhost();
    const { broker, vhost } = owned;
    await ready(broker);
    const queues = [{ name: "q", kind: "work" as const }];
    await broker.declare({ exchanges: [], queues, bindings: [] }, new AbortController().signal);
    const texts = Array.from({ length: 300 }, (_, number) => `${number}`);
    await fill(broker, "q", ...texts);
    const inbox = new Inbox(broker, "q", 300);
    await inbox.count(300);
    for (const delivery of inbox.deliveries) delivery.ack();
    await inbox.subscription.cancel();
    await inbox.subscription.close();
    assert.deepEqual((await vhost.drainQueue("q")).map(({ body }) => body), []);
  },
});
