import assert from "node:assert/strict";
import { QueueWatch } from "../../../lib/program/queue_watch.ts";
import { createMetrics } from "../../../lib/telemetry/metrics.ts";
import { embeddedWith, fill } from "../amqp/broker_fixture.ts";
import { RecordedLog } from "../amqp/recorded_log.ts";

Deno.test("a queue is told of when there is more in it than at the last look, and its gauge follows", async () => {
  await using owned = await embeddedWith(["1c.queue"]);
  const log = new RecordedLog();
  const metrics = createMetrics("test", "0");
  const watch = new QueueWatch("queue_filling", { broker: owned.broker, meter: metrics.meter, log });
  const look = () => watch.look({ queue: "1c.queue", meaning: "nobody works on them", level: "warn" });
  await look();
  assert.deepEqual(log.codes, []);
  await fill(owned.broker, "1c.queue", "{}", "{}");
  await look();
  await look();
  assert.deepEqual(log.messages, ["1c.queue holds 2 messages: nobody works on them"]);
  assert.match(await metrics.render(), /exchanger_queue_messages\{[^}]*queue="1c\.queue"[^}]*\} 2/);
  await fill(owned.broker, "1c.queue", "{}");
  await look();
  assert.equal(log.messages.length, 2);
});
