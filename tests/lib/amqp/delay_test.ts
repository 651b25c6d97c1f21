import assert from "node:assert/strict";
import { attemptOf, delayFor, retryLater } from "../../../lib/amqp/delay.ts";
import { PublishError } from "../../../lib/amqp/broker.ts";
import { delayQueueName, delayQueues, delaysS } from "../../../lib/amqp/topology.ts";
import { embeddedWith, type OwnedBroker, readyIn } from "./broker_fixture.ts";
import { bytes, Inbox, textOf } from "./inbox.ts";
import { ManualClock, turn } from "./manual_clock.ts";

const never = new AbortController().signal;

async function withDelays(clock: ManualClock): Promise<OwnedBroker> {
  const owned = await embeddedWith(["q"], { clock });
  await owned.broker.declare(delayQueues("q"), never);
  return owned;
}

Deno.test("each attempt waits longer, until the schedule is exhausted and nothing is published", async () => {
  const clock = new ManualClock();
  await using owned = await withDelays(clock);
  const { broker } = owned;
  await broker.publish({
    exchange: "",
    routingKey: "q",
    body: bytes("task"),
    messageId: "task-1",
    timestampS: 1_700_000_000,
    headers: { task_id: "task-1" },
  });
  const inbox = new Inbox(broker, "q");
  for (const [attempt, seconds] of delaysS.entries()) {
    const delivery = await inbox.at(attempt);
    assert.equal(attemptOf(delivery), attempt);
    assert.equal(await retryLater(broker, delivery, `failure ${attempt}`), "scheduled");
    delivery.ack();
    await turn();
    await clock.advance(seconds * 1000 - 1);
    assert.equal(inbox.deliveries.length, attempt + 1, `still waiting after attempt ${attempt}`);
    await clock.advance(1);
  }
  const last = await inbox.at(delaysS.length);
  assert.equal(attemptOf(last), delaysS.length);
  assert.equal(last.headers["x-last-error"], "failure 4");
  assert.equal(last.headers["task_id"], "task-1");
  assert.equal(last.messageId, "task-1");
  assert.equal(last.timestampS, 1_700_000_000);
  assert.equal(textOf(last), "task");
  assert.equal(await retryLater(broker, last, "once more"), "exhausted");
  for (const seconds of delaysS) assert.equal(await readyIn(broker, delayQueueName("q", seconds)), 0);
});

Deno.test("a schedule of one's own decides how often and how long", async () => {
  await using owned = await withDelays(new ManualClock());
  const { broker } = owned;
  await broker.publish({ exchange: "", routingKey: "q", body: bytes("x"), headers: { "x-attempt": 1 } });
  const delivery = await new Inbox(broker, "q").at(0);
  const schedule: number[] = [30, 600];
  assert.equal(await retryLater(broker, delivery, "r", { schedule }), "scheduled");
  assert.equal(await readyIn(broker, "q.delay.600s"), 1);
  assert.equal(await retryLater(broker, delivery, "r", { schedule, attempt: 2 }), "exhausted");
});

Deno.test("attempts are read from our header, else from the predecessor's count", async () => {
  await using owned = await embeddedWith(["q"]);
  const { broker } = owned;
  const inbox = new Inbox(broker, "q");
  const attempts: { header?: string | number; retryCount?: number; attempt: number }[] = [
    { attempt: 0 },
    { retryCount: 3, attempt: 3 },
    { header: 2, retryCount: 3, attempt: 2 },
    { header: 0, retryCount: 3, attempt: 0 },
    { header: "2", attempt: 0 },
    { header: -1, attempt: 0 },
    { header: 1.5, attempt: 0 },
  ];
  for (const [index, { header, retryCount, attempt }] of attempts.entries()) {
    const headers = header === undefined ? {} : { "x-attempt": header };
    await broker.publish({ exchange: "", routingKey: "q", body: bytes("x"), headers });
    assert.equal(attemptOf(await inbox.at(index), retryCount), attempt, `${header} ${retryCount}`);
  }
});

Deno.test("a long reason is cut to 500 characters, never inside one", async () => {
  await using owned = await withDelays(new ManualClock());
  const { broker } = owned;
  await broker.publish({ exchange: "", routingKey: "q", body: bytes("x") });
  await retryLater(broker, await new Inbox(broker, "q").at(0), "😀".repeat(600));
  const copy = await new Inbox(broker, "q.delay.5s").at(0);
  assert.equal(copy.headers["x-last-error"], "😀".repeat(500));
});

Deno.test("what the broker notes of a message's way is not copied", async () => {
  const clock = new ManualClock();
  await using owned = await withDelays(clock);
  const { broker } = owned;
  const headers = { "x-first-death-queue": "a", "x-delivery-count": 4, kept: "yes" };
  await broker.publish({ exchange: "", routingKey: "q.delay.5s", body: bytes("x"), headers });
  const inbox = new Inbox(broker, "q");
  await turn();
  await clock.advance(5000);
  const delivery = await inbox.at(0);
  assert.ok(delivery.headers["x-death"]);
  await retryLater(broker, delivery, "again");
  const copy = await new Inbox(broker, "q.delay.5s").at(0);
  assert.deepEqual(copy.headers, { kept: "yes", "x-attempt": 1, "x-last-error": "again" });
});

Deno.test("a detour goes through the delay queue of its length and counts no attempt", async () => {
  await using owned = await withDelays(new ManualClock());
  const { broker } = owned;
  await broker.publish({ exchange: "", routingKey: "q", body: bytes("x"), headers: { "x-attempt": 2 } });
  const delivery = await new Inbox(broker, "q").at(0);
  await delayFor(broker, delivery, 120);
  const copy = await new Inbox(broker, delayQueueName("q", 120)).at(0);
  assert.deepEqual(copy.headers, { "x-attempt": 2 });
});

Deno.test("a message over the size limit can be delayed, for the broker holds it already", async () => {
  await using owned = await embeddedWith(["q"], { maxBodyBytes: 10 });
  const { broker } = owned;
  await broker.declare(delayQueues("q"), never);
  await broker.publish({ exchange: "", routingKey: "q", body: new Uint8Array(11), ignoreSizeLimit: true });
  assert.equal(await retryLater(broker, await new Inbox(broker, "q").at(0), "r"), "scheduled");
});

Deno.test("without its delay queue a retry is rejected and the delivery stays ours", async () => {
  await using owned = await embeddedWith(["q"]);
  const { broker } = owned;
  await broker.publish({ exchange: "", routingKey: "q", body: bytes("x") });
  const delivery = await new Inbox(broker, "q").at(0);
  await assert.rejects(
    retryLater(broker, delivery, "r"),
    (error: unknown) => error instanceof PublishError && error.failure === "unroutable",
  );
  assert.equal(delivery.settled, false);
});
