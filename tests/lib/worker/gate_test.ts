import assert from "node:assert/strict";
import type { Topology } from "../../../lib/amqp/broker.ts";
import { Gate } from "../../../lib/worker/gate.ts";
import { embeddedWith, fill } from "../amqp/broker_fixture.ts";
import { Inbox } from "../amqp/inbox.ts";
import { ManualClock } from "../amqp/manual_clock.ts";
import { RecordedLog } from "../amqp/recorded_log.ts";

const never = new AbortController().signal;
const topology: Topology = { exchanges: [], queues: [{ name: "bitrix24.queue", kind: "work" }], bindings: [] };
const topics = new Map([["bitrix24", ["bitrix24", "bitrix_create_task"]]]);

async function gateOver(queues: readonly string[], options: { queueLimit: number; needsConsumer: boolean }) {
  const owned = await embeddedWith(queues);
  const clock = new ManualClock();
  const log = new RecordedLog();
  const gate = new Gate({ topics, topology, ...options }, { broker: owned.broker, clock, log });
  const look = async () => {
    await clock.advance(1_000);
    return await gate.look(never);
  };
  return { broker: owned.broker, log, look, [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose]() };
}

Deno.test("a system is closed while its queue is full, and open again below the limit", async () => {
  await using world = await gateOver(["bitrix24.queue"], { queueLimit: 2, needsConsumer: false });
  assert.deepEqual((await world.look()).topics, ["bitrix24", "bitrix_create_task"]);
  await fill(world.broker, "bitrix24.queue", "1", "2");
  const closed = await world.look();
  assert.deepEqual(closed.topics, []);
  assert.match(closed.closed.get("bitrix24") ?? "", /2 messages/);
  new Inbox(world.broker, "bitrix24.queue", 1, (delivery) => delivery.ack());
  assert.deepEqual((await world.look()).topics.length, 2);
  assert.deepEqual(world.log.codes, ["worker.system_closed", "worker.system_open"]);
});

Deno.test("a system is closed while nobody consumes its queue", async () => {
  await using world = await gateOver(["bitrix24.queue"], { queueLimit: 10, needsConsumer: true });
  assert.match((await world.look()).closed.get("bitrix24") ?? "", /no consumer/);
  new Inbox(world.broker, "bitrix24.queue");
  assert.equal((await world.look()).closed.size, 0);
});

Deno.test("a missing queue is declared again before anything is fetched for it", async () => {
  await using world = await gateOver([], { queueLimit: 10, needsConsumer: false });
  assert.match((await world.look()).closed.get("bitrix24") ?? "", /missing/);
  assert.deepEqual(await world.broker.inspect("bitrix24.queue"), { kind: "present", messages: 0, consumers: 0 });
  assert.equal((await world.look()).topics.length, 2);
});
