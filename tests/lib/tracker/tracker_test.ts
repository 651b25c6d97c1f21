import assert from "node:assert/strict";
import { decodeMessage, encodeMessage, type JsonObject, jsonObject } from "../../../lib/messages/json.ts";
import { systemClock } from "../../../lib/time/clock.ts";
import { LookIntervals } from "../../../lib/tracker/look_intervals.ts";
import { OpenTasks } from "../../../lib/tracker/open_tasks.ts";
import { Tracker } from "../../../lib/tracker/tracker.ts";
import { readyIn } from "../amqp/broker_fixture.ts";
import { eventually } from "../amqp/eventually.ts";
import { bytes, Inbox } from "../amqp/inbox.ts";
import { put, scriptedWorld } from "../creator/scripted_system.ts";

const SENT = "bitrix24.sent.queue";
const WAITING = "bitrix24.waiting.60s";
const LEASE_MS = 86_400_000;

/** A tracker over scripted neighbours; ends with the test. */
async function trackerWorld() {
  const world = await scriptedWorld();
  const options = {
    intervals: new LookIntervals(60),
    batchSize: 100,
    windowMs: 50,
    leaseMs: LEASE_MS,
    workerId: "universal-worker",
    missingShare: 0.1,
  };
  const openTasks = new OpenTasks("bitrix24", [60], world.meter, systemClock);
  let tracker: Tracker | undefined;
  return {
    ...world,
    start() {
      tracker = new Tracker(options, { ...world.deps, openTasks }, world.signals);
    },
    async bodyIn(queue: string): Promise<JsonObject> {
      return decodeMessage(jsonObject, (await new Inbox(world.broker, queue, 1).at(0)).body);
    },
    async [Symbol.asyncDispose]() {
      world.stop();
      await tracker?.consumer.ended();
      await world[Symbol.asyncDispose]();
    },
  };
}

function sentMessageOf(taskId: string): JsonObject {
  const original_message = {
    task_id: taskId,
    activity_id: "A",
    worker_id: "w",
    variables: { secret: "x".repeat(1000) },
  };
  return { original_queue: "bitrix24.queue", original_message, response_data: { result: { task: { id: "7" } } } };
}

const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString().replace("Z", "+0000");

Deno.test("an open task waits slimly until the next common tick; copies collapse to one", async () => {
  await using world = await trackerWorld();
  world.camunda.add("t-1", { lockExpirationTime: inHours(20) });
  await put(world.broker, SENT, sentMessageOf("t-1"));
  await put(world.broker, SENT, sentMessageOf("t-1"));
  world.start();
  await eventually(async () => await readyIn(world.broker, WAITING) === 1, "it waits");
  assert.equal(await readyIn(world.broker, SENT), 0);
  const waiting = await new Inbox(world.broker, WAITING, 1).at(0);
  assert.ok(waiting.body.length < 600, `${waiting.body.length} bytes`);
  assert.deepEqual(world.camunda.locked, [], "a lease above its half is left alone");
});

Deno.test("a finished task is answered with what the target says, in the predecessor's shape", async () => {
  await using world = await trackerWorld();
  world.camunda.add("t-1", { lockExpirationTime: inHours(20) });
  const response = { result: { task: { id: "7", status: "5", ufResultExpected: "1", ufResultAnswer_text: "ДА" } } };
  world.adapter.onTrack = () => ({ kind: "done", variables: {}, response });
  await put(world.broker, SENT, sentMessageOf("t-1"));
  world.start();
  const answer = await world.bodyIn("camunda.responses.queue");
  assert.deepEqual(answer["response_data"], response);
  assert.deepEqual([answer["processing_status"], answer["original_queue"]], ["completed_by_tracker", "bitrix24.queue"]);
});

Deno.test("leases below their half are renewed by the lock's holder, and the predecessor's year is brought down", async () => {
  await using world = await trackerWorld();
  const expirations = { young: inHours(20), old: inHours(11), expired: inHours(-1), year: inHours(8760) };
  for (const [id, lockExpirationTime] of Object.entries(expirations)) {
    world.camunda.add(id, { lockExpirationTime });
    await put(world.broker, SENT, sentMessageOf(id));
  }
  world.camunda.add("incident", { lockExpirationTime: inHours(-1), retries: 0 });
  await put(world.broker, SENT, sentMessageOf("incident"));
  world.start();
  await eventually(async () => await readyIn(world.broker, WAITING) === 5, "all wait");
  assert.deepEqual(world.camunda.locked.map(({ id }) => id).toSorted(), ["expired", "old", "year"]);
  assert.ok(world.camunda.locked.every(({ workerId }) => workerId === "w"));
  assert.ok(world.camunda.locked.every(({ durationMs }) => Math.abs(durationMs - LEASE_MS) <= LEASE_MS / 10));
});

Deno.test("the object of a task that Camunda no longer waits for is withdrawn", async () => {
  await using world = await trackerWorld();
  await put(world.broker, SENT, sentMessageOf("cancelled"));
  world.start();
  await eventually(() => world.adapter.withdrawn.length === 1, "withdrawn");
  await eventually(async () => await readyIn(world.broker, SENT) === 0, "and done with");
  assert.equal(await readyIn(world.broker, WAITING), 0);
});

Deno.test("a withdrawal that fails is tried again on a later tick", async () => {
  await using world = await trackerWorld();
  world.adapter.withdraw = () => Promise.resolve([{ kind: "retry", reason: "the portal answers 502" }]);
  await put(world.broker, SENT, sentMessageOf("cancelled"));
  world.start();
  const { headers } = await new Inbox(world.broker, WAITING, 1).at(0);
  assert.equal(headers["x-withdrawals"], 1);
});

Deno.test("a declined task becomes a BPMN error with its code, a set-aside copy beside it", async () => {
  await using world = await trackerWorld();
  world.camunda.add("t-1");
  world.adapter.onTrack = () => ({ kind: "cancelled", code: "TASK_DECLINED", reason: "declined by user 7" });
  await put(world.broker, SENT, sentMessageOf("t-1"));
  world.start();
  const answer = await world.bodyIn("camunda.responses.queue");
  assert.equal(answer["processing_status"], "bpmn_error");
  assert.equal(jsonObject.parse(answer["error"])["code"], "TASK_DECLINED");
  assert.equal((await world.bodyIn("errors.camunda_tasks.queue"))["error_type"], "cancelled_in_target");
});

Deno.test("a missing object is believed on the second look", async () => {
  await using world = await trackerWorld();
  world.camunda.add("t-1");
  world.adapter.onTrack = () => ({ kind: "missing" });
  await put(world.broker, SENT, sentMessageOf("t-1"));
  world.start();
  const inbox = new Inbox(world.broker, WAITING, 1);
  const { headers, body } = await inbox.at(0);
  assert.equal(headers["x-misses"], 1);
  assert.equal(await readyIn(world.broker, "errors.camunda_tasks.queue"), 0);
  await world.broker.publish({ exchange: "", routingKey: SENT, body, headers: { "x-misses": 1 } });
  assert.equal((await world.bodyIn("errors.camunda_tasks.queue"))["error_type"], "missing_in_target");
});

Deno.test("a portal that is down moves no message; a malformed one is set aside meanwhile", async () => {
  await using world = await trackerWorld();
  world.camunda.add("t-1");
  let down = true;
  let looks = 0;
  world.adapter.onTrack = () => {
    looks++;
    return down ? { kind: "down", reason: "502" } : { kind: "done", variables: {}, response: {} };
  };
  await put(world.broker, SENT, sentMessageOf("t-1"));
  await put(world.broker, SENT, bytes("[]"));
  world.start();
  assert.match(JSON.stringify(await world.bodyIn("errors.camunda_tasks.queue")), /malformed_message/);
  await eventually(() => looks >= 2, "a probe");
  assert.equal(await readyIn(world.broker, WAITING), 0);
  down = false;
  await world.bodyIn("camunda.responses.queue");
});

Deno.test("when many objects are missing none is believed to be deleted: an alarm, and all go on waiting", async () => {
  await using world = await trackerWorld();
  world.adapter.onTrack = () => ({ kind: "missing" });
  const ids = ["a", "b", "c", "d"];
  for (const id of ids) {
    world.camunda.add(id);
    const body = encodeMessage(sentMessageOf(id));
    await world.broker.publish({ exchange: "", routingKey: SENT, body, headers: { "x-misses": 1 } });
  }
  world.start();
  await eventually(async () => await readyIn(world.broker, WAITING) === 4, "all wait");
  assert.match(world.deps.health.readiness().reasons.join(), /4 of 4 objects are not shown/);
  assert.ok(world.deps.log.codes.includes("tracker.objects_hidden"));
  assert.equal(await readyIn(world.broker, "errors.camunda_tasks.queue"), 0);
});

Deno.test("looks that go on failing are told to the owner of the process once, and go on", async () => {
  await using world = await trackerWorld();
  world.adapter.onTrack = () => ({ kind: "retry", reason: "the answer 28 means nothing" });
  for (const [id, failures] of [["tenth", 9], ["fifth", 4], ["twentieth", 19]] as const) {
    world.camunda.add(id);
    const body = encodeMessage(sentMessageOf(id));
    await world.broker.publish({ exchange: "", routingKey: SENT, body, headers: { "x-failures": failures } });
  }
  world.start();
  await eventually(async () => await readyIn(world.broker, WAITING) === 3, "all wait");
  const responses = new Inbox(world.broker, "camunda.responses.queue");
  const { body } = await responses.at(0);
  const response = decodeMessage(jsonObject, body);
  assert.equal(response["processing_status"], "failed");
  assert.equal(jsonObject.parse(response["original_message"])["task_id"], "tenth");
  assert.match(JSON.stringify(response["error"]), /28 means nothing/);
  assert.equal(responses.deliveries.length, 1);
});

Deno.test("a fault of ours about one object stops no other", async () => {
  await using world = await trackerWorld();
  for (const id of ["a", "strange"]) {
    world.camunda.add(id);
    await put(world.broker, SENT, sentMessageOf(id));
  }
  world.adapter.onTrack = ({ original_message: { task_id } }) => {
    if (task_id === "strange") throw new TypeError("Cannot read properties of undefined");
    return { kind: "done", variables: {}, response: {} };
  };
  world.start();
  const answer = await world.bodyIn("camunda.responses.queue");
  assert.equal(jsonObject.parse(answer["original_message"])["task_id"], "a");
  const { headers } = await new Inbox(world.broker, WAITING, 1).at(0);
  assert.deepEqual([headers["x-failures"], headers["x-looks"]], [1, 1]);
});

Deno.test("what an adapter notes about an open object it finds in the message at the next look, until it notes otherwise", async () => {
  await using world = await trackerWorld();
  world.camunda.add("t-1");
  const noted = [{ asked: "yesterday" }, undefined, { asked: "today" }];
  const seen: (JsonObject | undefined)[] = [];
  world.adapter.onTrack = ({ notes }) => {
    const look = seen.push(notes) - 1;
    if (look === noted.length) return { kind: "done", variables: {}, response: {} };
    const next = noted[look];
    return next === undefined ? { kind: "open" } : { kind: "open", notes: next };
  };
  await put(world.broker, SENT, sentMessageOf("t-1"));
  world.start();
  const waiting = new Inbox(world.broker, WAITING, 3);
  const waited: { readonly body: Uint8Array; readonly looks: unknown }[] = [];
  for (const look of noted.keys()) {
    const { body, headers } = await waiting.at(look);
    waited.push({ body, looks: headers["x-looks"] });
    await world.broker.publish({ exchange: "", routingKey: SENT, body, headers: { "x-looks": look + 1 } });
  }
  await world.bodyIn("camunda.responses.queue");
  assert.deepEqual(seen, [undefined, { asked: "yesterday" }, { asked: "yesterday" }, { asked: "today" }]);
  assert.deepEqual(waited.map(({ looks }) => looks), [1, 2, 3]);
  assert.deepEqual(waited[1]?.body, waited[0]?.body, "a look that changes nothing writes what it read");
});

Deno.test("a missing object with a code becomes a BPMN error", async () => {
  await using world = await trackerWorld();
  world.camunda.add("t-1");
  world.adapter.onTrack = () => ({ kind: "missing", code: "TASK_DELETED" });
  const body = encodeMessage(sentMessageOf("t-1"));
  await world.broker.publish({ exchange: "", routingKey: SENT, body, headers: { "x-misses": 1 } });
  world.start();
  const answer = await world.bodyIn("camunda.responses.queue");
  assert.equal(answer["processing_status"], "bpmn_error");
  assert.equal(jsonObject.parse(answer["error"])["code"], "TASK_DELETED");
});

Deno.test("a withdrawal that finds the target down waits with everything else and costs no attempt", async () => {
  await using world = await trackerWorld();
  let down = true;
  let asked = 0;
  world.adapter.withdraw = () => {
    asked++;
    return Promise.resolve([down ? { kind: "down", reason: "502" } : { kind: "withdrawn" }]);
  };
  await put(world.broker, SENT, sentMessageOf("cancelled"));
  world.start();
  await eventually(() => asked >= 2, "a probe");
  assert.match(world.deps.health.readiness().reasons.join(), /502/);
  assert.equal(await readyIn(world.broker, WAITING), 0);
  down = false;
  await eventually(async () => await readyIn(world.broker, SENT) === 0, "withdrawn");
  await eventually(() => world.deps.health.readiness().reasons.length === 0, "and nothing is down any more");
});
