import assert from "node:assert/strict";
import { foreignConsumers, type GuardedQueue, joinMembers } from "../../../lib/program/foreign_consumers.ts";
import type { Broker } from "../../../lib/amqp/broker.ts";
import { leadershipName } from "../../../lib/program/leadership.ts";
import { embeddedWith } from "../amqp/broker_fixture.ts";
import { eventually } from "../amqp/eventually.ts";
import { Inbox } from "../amqp/inbox.ts";
import { ManualClock } from "../amqp/manual_clock.ts";

const never = new AbortController().signal;
const queue = "camunda.responses.queue";
const led: GuardedQueue = { kind: "led", queue: "1c.queue", leadership: leadershipName("creator", "1c") };
const shared: GuardedQueue = { kind: "shared", queue };

/** Looks to the end, however long it takes on the clock. */
async function look(
  broker: Pick<Broker, "inspect">,
  guarded: GuardedQueue[],
  between: () => void | Promise<void> = () => {},
) {
  const clock = new ManualClock();
  let ended = false;
  const looking = foreignConsumers(broker, guarded, { signal: never, clock }).finally(() => {
    ended = true;
  });
  for (;;) {
    await eventually(() => ended || clock.sleeping > 0, "a look");
    if (ended) return { found: await looking, clock };
    await between();
    await clock.advance(1000);
  }
}

async function workersOf(broker: { connection(name: string): Broker }, count: number): Promise<Broker[]> {
  const workers = Array.from({ length: count }, (_, index) => broker.connection(`worker ${index}`));
  for (const worker of workers) {
    await joinMembers(worker, queue, { signal: never, clock: new ManualClock(), retryMs: 1000 });
    new Inbox(worker, queue);
  }
  return workers;
}

Deno.test("queues without consumers are free, absent ones too, after a single look", async () => {
  await using owned = await embeddedWith(["1c.queue"]);
  const { found, clock } = await look(owned.broker, [led, shared]);
  assert.deepEqual(found, []);
  assert.equal(clock.now(), new ManualClock().now());
});

Deno.test("a consumer that nobody's leadership accounts for is foreign, and said so with what to do", async () => {
  await using owned = await embeddedWith(["1c.queue"]);
  new Inbox(owned.broker.connection("predecessor"), "1c.queue");
  const { found, clock } = await look(owned.broker, [led]);
  assert.deepEqual(found.map(({ queue, consumers }) => [queue, consumers]), [["1c.queue", 1]]);
  assert.match(found[0]?.finding ?? "", /1c\.queue is consumed by a program unknown to us.*Stop what consumes it/);
  assert.equal(clock.now() - new ManualClock().now(), 5000);
});

Deno.test("the consumer of the program that leads is ours, a second one is not", async () => {
  await using owned = await embeddedWith(["1c.queue"]);
  const leader = owned.broker.connection("leader");
  await leader.claim(leadershipName("creator", "1c"));
  new Inbox(leader, "1c.queue");
  assert.deepEqual((await look(owned.broker, [led])).found, []);
  new Inbox(owned.broker.connection("predecessor"), "1c.queue");
  assert.deepEqual((await look(owned.broker, [led])).found.map(({ consumers }) => consumers), [1]);
});

Deno.test("workers account for their consumers of the responses queue; what is beyond them is foreign", async () => {
  await using owned = await embeddedWith([queue]);
  await workersOf(owned.broker, 3);
  assert.deepEqual((await look(owned.broker, [shared])).found, []);
  const predecessor = owned.broker.connection("predecessor");
  new Inbox(predecessor, queue);
  new Inbox(predecessor, queue);
  const { found } = await look(owned.broker, [shared]);
  assert.deepEqual(found.map(({ consumers }) => consumers), [2]);
  assert.match(found[0]?.finding ?? "", /2 programs/);
});

Deno.test("a name that this program holds itself accounts for no consumer of others", async () => {
  await using owned = await embeddedWith(["1c.queue"]);
  await owned.broker.claim(leadershipName("creator", "1c"));
  new Inbox(owned.broker.connection("predecessor"), "1c.queue");
  assert.deepEqual((await look(owned.broker, [led])).found.map(({ consumers }) => consumers), [1]);
});

Deno.test("names are looked at no further than consumers have to be explained", async () => {
  await using owned = await embeddedWith([queue]);
  await workersOf(owned.broker, 2);
  const looked: string[] = [];
  const inspect = (name: string) => {
    looked.push(name);
    return owned.broker.inspect(name);
  };
  await look({ inspect }, [shared]);
  assert.deepEqual(looked, [queue, `exchanger.member.${queue}.0`, `exchanger.member.${queue}.1`]);
});

Deno.test("workers that left out of order are not looked for in vain", async () => {
  await using owned = await embeddedWith([queue]);
  const [first, second] = await workersOf(owned.broker, 4);
  await first?.close();
  await second?.close();
  assert.deepEqual((await look(owned.broker, [shared])).found, []);
});

Deno.test("a foreign consumer that goes away while we look is forgotten", async () => {
  await using owned = await embeddedWith(["1c.queue", queue]);
  const predecessor = owned.broker.connection("predecessor");
  new Inbox(predecessor, "1c.queue");
  new Inbox(predecessor, queue);
  assert.deepEqual((await look(owned.broker, [led, shared], () => predecessor.close())).found, []);
});

Deno.test("a worker takes a name again when it was lost, and frees it when it leaves", async () => {
  await using owned = await embeddedWith([queue]);
  const worker = owned.broker.connection("worker");
  const membership = await joinMembers(worker, queue, { signal: never, clock: new ManualClock(), retryMs: 1000 });
  const slot = `exchanger.member.${queue}.0`;
  assert.deepEqual(await owned.broker.inspect(slot), { kind: "locked" });
  owned.broker.breakConnections();
  await eventually(async () => (await owned.broker.inspect(slot)).kind === "locked", "the name held again");
  await membership.leave();
  await membership.leave();
  assert.deepEqual(await owned.broker.inspect(slot), { kind: "absent" });
});

Deno.test("looking ends with the signal's reason", async () => {
  await using owned = await embeddedWith(["1c.queue"]);
  new Inbox(owned.broker.connection("predecessor"), "1c.queue");
  const stop = new AbortController();
  const clock = new ManualClock();
  const looking = assert.rejects(foreignConsumers(owned.broker, [led], { signal: stop.signal, clock }), /stopping/);
  await eventually(() => clock.sleeping === 1, "a look");
  stop.abort(new Error("stopping"));
  await looking;
});
