import assert from "node:assert/strict";
import { watchUnserved } from "../../../lib/creator/unserved_queues.ts";
import { createMetrics } from "../../../lib/telemetry/metrics.ts";
import { embeddedWith, fill, readyIn } from "../amqp/broker_fixture.ts";
import { eventually } from "../amqp/eventually.ts";
import { ManualClock } from "../amqp/manual_clock.ts";
import { RecordedLog } from "../amqp/recorded_log.ts";

Deno.test("queues that are not served are named at the start and left alone; people are told when they fill", async () => {
  await using owned = await embeddedWith(["1c.queue", "openproject.queue"]);
  const { broker } = owned;
  const log = new RecordedLog();
  const clock = new ManualClock();
  const stop = new AbortController();
  const queues = [
    { queue: "1c.queue", why: "this version has no adapter for it" },
    { queue: "openproject.queue", why: "OPENPROJECT_URL is not set" },
  ];
  const { meter } = createMetrics("test", "0");
  const watching = watchUnserved(queues, { broker, clock, log, meter }, stop.signal);
  await eventually(() => clock.sleeping === 1, "the first look");
  assert.match(log.messages.join(), /1c\.queue \(this version.*openproject\.queue \(OPENPROJECT_URL is not set\)/);
  assert.equal(log.messages.length, 1);
  await fill(broker, "1c.queue", "{}");
  await clock.advance(60_000);
  await eventually(() => log.messages.length === 2, "a word about the queue that fills");
  assert.match(log.messages[1] ?? "", /^1c\.queue holds 1 messages: they are left alone; this version/);
  assert.equal(await readyIn(broker, "1c.queue"), 1);
  stop.abort();
  await watching;
});
