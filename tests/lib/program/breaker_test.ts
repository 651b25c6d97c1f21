import assert from "node:assert/strict";
import { type BatchConsumer, consumeBatches } from "../../../lib/amqp/batches.ts";
import { Breaker } from "../../../lib/program/breaker.ts";
import { Health } from "../../../lib/program/health.ts";
import { systemClock } from "../../../lib/time/clock.ts";
import { embeddedWith, fill, readyIn } from "../amqp/broker_fixture.ts";
import { eventually } from "../amqp/eventually.ts";
import { RecordedLog } from "../amqp/recorded_log.ts";

Deno.test("while a system is down messages stay in their queue, single ones probe, and all flow when it is back", async () => {
  await using owned = await embeddedWith(["q"]);
  const { broker } = owned;
  await fill(broker, "q", ...Array.from({ length: 20 }, (_, number) => `${number}`));
  const stop = new AbortController();
  const health = new Health();
  const log = new RecordedLog();
  let down = true;
  const tries: number[] = [];
  const handled = new Set<string>();
  let consumer: BatchConsumer | undefined = undefined;
  const breaker = new Breaker("portal", () => {
    assert.ok(consumer);
    return consumer;
  }, { clock: systemClock, log, health, signal: stop.signal, backoff: { firstMs: 20, capMs: 40 } });
  const options = { batchSize: 5, windowMs: 1, concurrency: 2, clock: systemClock, log };
  consumer = consumeBatches(broker, "q", options, (batch) => {
    tries.push(batch.length);
    if (down) {
      breaker.trip("it answers 502");
      return Promise.resolve(batch.map(() => ({ kind: "giveBack" })));
    }
    breaker.pass();
    for (const delivery of batch) handled.add(new TextDecoder().decode(delivery.body));
    return Promise.resolve(batch.map(() => ({ kind: "ack" })));
  });

  await eventually(() => tries.length >= 6, "several probes");
  assert.ok(tries.slice(2).every((length) => length === 1), `after the first batches only single messages: ${tries}`);
  assert.match(health.readiness().reasons.join(), /portal: it answers 502/);
  assert.equal(log.codes.filter((code) => code === "breaker.open").length, 1, "told once");
  down = false;
  await eventually(() => handled.size === 20, "all messages handled");
  assert.equal(await readyIn(broker, "q"), 0);
  assert.deepEqual(health.readiness(), { ready: true, reasons: [] });
  assert.ok(log.codes.includes("breaker.closed"));

  stop.abort();
  await consumer.drain(stop.signal);
  await breaker.ended();
});
