import assert from "node:assert/strict";
import { Creator } from "../../../lib/creator/creator.ts";
import { decodeMessage, type JsonObject, jsonObject } from "../../../lib/messages/json.ts";
import type { EmbeddedBroker } from "../../../lib/amqp/embedded.ts";
import { delayQueueName } from "../../../lib/amqp/topology.ts";
import { readyIn } from "../amqp/broker_fixture.ts";
import { eventually } from "../amqp/eventually.ts";
import { bytes, Inbox } from "../amqp/inbox.ts";
import { delaysS, detourS, put, scriptedWorld } from "./scripted_system.ts";

const QUEUE = "bitrix24.queue";

/** A creator over scripted neighbours; ends with the test. */
async function creatorWorld() {
  const world = await scriptedWorld();
  const options = {
    batchSize: 50,
    windowMs: 50,
    detourS,
    retryDelaysS: delaysS,
    leaseMs: 86_400_000,
    workerId: "universal-worker",
  };
  let creator: Creator | undefined;
  return {
    ...world,
    start() {
      creator = new Creator(options, world.deps, world.signals);
    },
    async bodyIn(queue: string): Promise<JsonObject> {
      return decodeMessage(jsonObject, (await new Inbox(world.broker, queue, 1).at(0)).body);
    },
    async [Symbol.asyncDispose]() {
      world.stop();
      await creator?.consumer.ended();
      await world[Symbol.asyncDispose]();
    },
  };
}

/** What is in the queue comes back as delivered before. */
async function handToOneThatDies(broker: EmbeddedBroker): Promise<void> {
  const other = broker.connection("a creator that dies");
  await new Inbox(other, QUEUE).at(0);
  await other.close();
}

Deno.test("a created object is reported with the task as it came and the target's answer, then the task is done with", async () => {
  await using world = await creatorWorld();
  world.camunda.add("t-1");
  world.adapter.onCreate = () => ({ kind: "created", id: "7", response: { result: { task: { id: "7" } } } });
  const task = {
    task_id: "t-1",
    topic: "bitrix_create_task",
    variables: { deep: { list: [1] } },
    unknown_extra: "kept",
  };
  await put(world.broker, QUEUE, task);
  world.start();
  const sent = await world.bodyIn("bitrix24.sent.queue");
  assert.deepEqual(sent["original_message"], task);
  assert.deepEqual(sent["response_data"], { result: { task: { id: "7" } } });
  assert.deepEqual([sent["original_queue"], sent["processing_status"]], [QUEUE, "success"]);
  await eventually(async () => await readyIn(world.broker, QUEUE) === 0, "the task is acknowledged");
});

Deno.test("copies of one task become one object", async () => {
  await using world = await creatorWorld();
  world.camunda.add("t-1");
  for (let copy = 0; copy < 3; copy++) await put(world.broker, QUEUE, { task_id: "t-1" });
  world.start();
  await world.bodyIn("bitrix24.sent.queue");
  assert.deepEqual(world.adapter.created, [["t-1"]]);
  assert.equal(await readyIn(world.broker, "bitrix24.sent.queue"), 0);
});

Deno.test("a copy that comes while its task is being created is looked at only afterwards", async () => {
  await using world = await creatorWorld();
  world.camunda.add("t-1");
  const order: string[] = [];
  const create = world.adapter.create.bind(world.adapter);
  world.adapter.create = async (tasks) => {
    order.push("begins");
    if (order.length === 1) await put(world.broker, QUEUE, { task_id: "t-1" });
    // Long enough for the copy to get as far, if nothing held it.
    await eventually(() => order.length > 1, "the copy", 400).catch(() => {});
    order.push("ends");
    return create(tasks);
  };
  await put(world.broker, QUEUE, { task_id: "t-1" });
  world.start();
  await eventually(() => order.length === 4, "both");
  assert.deepEqual(order, ["begins", "ends", "begins", "ends"]);
});

Deno.test("a task that Camunda no longer waits for is not created", async () => {
  await using world = await creatorWorld();
  world.camunda.add("wanted");
  await put(world.broker, QUEUE, { task_id: "cancelled" });
  await put(world.broker, QUEUE, { task_id: "wanted" });
  world.start();
  await world.bodyIn("bitrix24.sent.queue");
  assert.deepEqual(world.adapter.created.flat(), ["wanted"]);
  assert.equal(await readyIn(world.broker, QUEUE), 0);
});

Deno.test("while Camunda does not answer nothing is created and no message moves", async () => {
  await using world = await creatorWorld();
  world.camunda.add("t-1");
  world.camunda.down = true;
  await put(world.broker, QUEUE, { task_id: "t-1" });
  world.start();
  await eventually(() => !world.deps.health.readiness().ready, "the reason is in /readyz");
  assert.match(world.deps.health.readiness().reasons.join(), /Camunda does not answer/);
  world.camunda.down = false;
  await world.bodyIn("bitrix24.sent.queue");
  assert.deepEqual(world.adapter.created, [["t-1"]]);
});

Deno.test("a task that has no object to wait for is answered at once", async () => {
  await using world = await creatorWorld();
  world.camunda.add("t-1");
  world.adapter.onCreate = () => ({ kind: "done", answer: "ДА", variables: {}, response: {} });
  await put(world.broker, QUEUE, { task_id: "t-1", activity_id: "A" });
  world.start();
  const response = await world.bodyIn("camunda.responses.queue");
  assert.deepEqual([response["processing_status"], response["answer"]], ["completed_by_tracker", "ДА"]);
});

Deno.test("a task the target cannot take is tried again by the schedule, then given up in Camunda and the errors queue", async () => {
  await using world = await creatorWorld();
  world.camunda.add("t-1");
  world.adapter.onCreate = () => ({ kind: "retry", reason: "the responsible user is unknown" });
  await put(world.broker, QUEUE, { task_id: "t-1" });
  world.start();
  const response = await world.bodyIn("camunda.responses.queue");
  assert.equal(response["processing_status"], "failed");
  assert.match(JSON.stringify(response["error"]), /responsible user is unknown/);
  const setAside = await world.bodyIn("errors.camunda_tasks.queue");
  assert.deepEqual([setAside["error_type"], setAside["system"]], ["RETRY_LIMIT_EXCEEDED", "bitrix24"]);
  assert.equal(world.adapter.created.length, 1 + delaysS.length);
});

Deno.test("after an ambiguous request the next attempt waits for the detour", async () => {
  await using world = await creatorWorld();
  world.camunda.add("t-1");
  let first = true;
  world.adapter.onCreate = () => {
    if (!first) return { kind: "created", id: "7", response: {} };
    first = false;
    return { kind: "retry", reason: "no answer", ambiguous: true };
  };
  await put(world.broker, QUEUE, { task_id: "t-1" });
  const startedAt = performance.now();
  world.start();
  await world.bodyIn("bitrix24.sent.queue");
  assert.ok(performance.now() - startedAt >= detourS * 1000 - 100);
});

Deno.test("a message that was delivered before makes its detour before anything is created", async () => {
  await using world = await creatorWorld();
  world.camunda.add("t-1");
  await put(world.broker, QUEUE, { task_id: "t-1" });
  await handToOneThatDies(world.broker);
  const startedAt = performance.now();
  world.start();
  await world.bodyIn("bitrix24.sent.queue");
  assert.ok(performance.now() - startedAt >= detourS * 1000 - 100);
  assert.deepEqual(world.adapter.created, [["t-1"]]);
});

Deno.test("while the target is down messages stay where they are and cost no attempt", async () => {
  await using world = await creatorWorld();
  world.camunda.add("t-1");
  world.camunda.add("t-2");
  let down = true;
  world.adapter.onCreate = ({ task_id }) =>
    down ? { kind: "down", reason: "502" } : { kind: "created", id: task_id, response: {} };
  await put(world.broker, QUEUE, { task_id: "t-1" });
  await put(world.broker, QUEUE, { task_id: "t-2" });
  world.start();
  await eventually(() => world.adapter.created.length >= 2, "a probe");
  down = false;
  await new Inbox(world.broker, "bitrix24.sent.queue").count(2);
  assert.equal(await readyIn(world.broker, "errors.camunda_tasks.queue"), 0);
});

Deno.test("what can never be created is refused with its reason and code", async () => {
  await using world = await creatorWorld();
  world.camunda.add("t-1");
  world.adapter.onCreate = () => ({ kind: "refused", code: "UNKNOWN_TOPIC", reason: "no such topic" });
  await put(world.broker, QUEUE, { task_id: "t-1" });
  world.start();
  assert.equal((await world.bodyIn("errors.camunda_tasks.queue"))["error_type"], "UNKNOWN_TOPIC");
  assert.equal((await world.bodyIn("camunda.responses.queue"))["processing_status"], "failed");
});

Deno.test("a malformed message is set aside with its raw body; Camunda is told when it names a task; others are unaffected", async () => {
  await using world = await creatorWorld();
  world.camunda.add("good");
  await put(world.broker, QUEUE, bytes("{oops"));
  await put(world.broker, QUEUE, { task_id: "t-1", variables: "not an object" });
  await put(world.broker, QUEUE, { task_id: "good" });
  world.start();
  const setAside = new Inbox(world.broker, "errors.camunda_tasks.queue");
  await setAside.count(2);
  assert.match(setAside.texts.join(), /\{oops/);
  const response = await world.bodyIn("camunda.responses.queue");
  assert.equal(jsonObject.parse(response["original_message"])["task_id"], "t-1");
  await world.bodyIn("bitrix24.sent.queue");
  assert.deepEqual(world.adapter.created.flat(), ["good"]);
});

Deno.test("a fresh copy of a task whose last request ended ambiguously makes the detour too", async () => {
  await using world = await creatorWorld();
  world.camunda.add("t-1");
  let ambiguous = true;
  world.adapter.onCreate = () =>
    ambiguous ? { kind: "retry", reason: "no answer", ambiguous: true } : { kind: "created", id: "7", response: {} };
  await put(world.broker, QUEUE, { task_id: "t-1" });
  world.start();
  await eventually(() => world.adapter.created.length === 1, "an ambiguous attempt");
  const triedAt = performance.now();
  ambiguous = false;
  await put(world.broker, QUEUE, { task_id: "t-1" });
  await world.bodyIn("bitrix24.sent.queue");
  assert.ok(performance.now() - triedAt >= detourS * 1000 - 100, "nothing was asked before");
});

Deno.test("a target that cannot recognise a repeat gets none: what is uncertain is set aside as maybe done", async () => {
  await using world = await creatorWorld();
  world.adapter.repeats = "neither";
  for (const id of ["in hand", "no answer", "connection lost"]) world.camunda.add(id);
  world.adapter.onCreate = ({ task_id }) =>
    task_id === "no answer"
      ? { kind: "retry", reason: "no answer", ambiguous: true }
      : { kind: "down", reason: "connection lost", ambiguous: true };
  await put(world.broker, QUEUE, { task_id: "in hand" });
  await handToOneThatDies(world.broker);
  await put(world.broker, QUEUE, { task_id: "no answer" });
  await put(world.broker, QUEUE, { task_id: "connection lost" });
  world.start();
  const setAside = new Inbox(world.broker, "errors.camunda_tasks.queue");
  await setAside.count(3);
  const types = setAside.texts.map((text) => JSON.parse(text).error_type);
  assert.deepEqual(types, ["maybe_done", "maybe_done", "maybe_done"]);
  await new Inbox(world.broker, "camunda.responses.queue").count(3);
  assert.deepEqual(world.adapter.created.flat().toSorted(), ["connection lost", "no answer"]);
});

Deno.test("a target that cannot recognise a repeat and is down sets nothing aside; afterwards it gets each task once", async () => {
  await using world = await creatorWorld();
  world.adapter.repeats = "neither";
  const ids = ["a", "b", "c"];
  for (const id of ids) {
    world.camunda.add(id);
    await put(world.broker, QUEUE, { task_id: id });
  }
  const done: string[] = [];
  let down = true;
  world.adapter.onCreate = ({ task_id: id }) => {
    if (down) return { kind: "down", reason: "connection refused" };
    done.push(id);
    return { kind: "done", variables: {}, response: {} };
  };
  world.start();
  await eventually(() => world.adapter.created.length >= 3, "a probe after the first refusals");
  down = false;
  await new Inbox(world.broker, "camunda.responses.queue").count(3);
  assert.deepEqual(done.toSorted(), ids);
  assert.equal(await readyIn(world.broker, "errors.camunda_tasks.queue"), 0);
});

Deno.test("what was given back untouched needs no detour when the target is back", async () => {
  await using world = await creatorWorld();
  let down = true;
  world.adapter.onCreate = ({ task_id: id }) =>
    down ? { kind: "down", reason: "502" } : { kind: "created", id, response: {} };
  world.camunda.add("t-1");
  await put(world.broker, QUEUE, { task_id: "t-1" });
  world.start();
  await eventually(() => world.adapter.created.length >= 2, "a probe with the same message");
  assert.equal(await readyIn(world.broker, delayQueueName(QUEUE, detourS)), 0);
  down = false;
  await world.bodyIn("bitrix24.sent.queue");
});

Deno.test("the target can ask for a longer delay than the schedule has", async () => {
  await using world = await creatorWorld();
  world.camunda.add("t-1");
  let first = true;
  world.adapter.onCreate = () => {
    if (!first) return { kind: "created", id: "7", response: {} };
    first = false;
    return { kind: "retry", reason: "come back in two seconds", afterMs: 2_000 };
  };
  await put(world.broker, QUEUE, { task_id: "t-1" });
  const startedAt = performance.now();
  world.start();
  await world.bodyIn("bitrix24.sent.queue");
  assert.ok(performance.now() - startedAt >= 1_900);
});

Deno.test("a fault of ours about one task stops no other; that one is tried again as after any ambiguous attempt", async () => {
  await using world = await creatorWorld();
  for (const id of ["a", "strange", "b"]) world.camunda.add(id);
  world.adapter.onCreate = ({ task_id: id }) => {
    if (id === "strange") throw new TypeError("Cannot read properties of undefined");
    return { kind: "created", id, response: {} };
  };
  for (const id of ["a", "strange", "b"]) await put(world.broker, QUEUE, { task_id: id });
  world.start();
  await new Inbox(world.broker, "bitrix24.sent.queue").count(2);
  const setAside = await world.bodyIn("errors.camunda_tasks.queue");
  assert.equal(setAside["error_type"], "RETRY_LIMIT_EXCEEDED");
  assert.match(String(setAside["error_message"]), /fault in Exchanger: Cannot read properties/);
});

Deno.test("a task of a suspended process waits without an attempt until the process goes on", async () => {
  await using world = await creatorWorld();
  world.camunda.add("t-1", { suspended: true });
  await put(world.broker, QUEUE, { task_id: "t-1" });
  world.start();
  const detour = delayQueueName(QUEUE, detourS);
  await eventually(async () => await readyIn(world.broker, detour) === 1, "it waits");
  assert.deepEqual(world.adapter.created, []);
  world.camunda.add("t-1");
  await world.bodyIn("bitrix24.sent.queue");
});

Deno.test("leases are renewed while tasks wait for their next attempt", async () => {
  await using world = await creatorWorld();
  world.camunda.add("old", { lockExpirationTime: new Date(Date.now() + 3_600_000).toISOString() });
  world.camunda.add("young", { lockExpirationTime: new Date(Date.now() + 80_000_000).toISOString() });
  for (const id of ["old", "young"]) await put(world.broker, QUEUE, { task_id: id, worker_id: "by whom" });
  world.start();
  await new Inbox(world.broker, "bitrix24.sent.queue").count(2);
  assert.deepEqual(world.camunda.locked.map(({ id, workerId }) => [id, workerId]), [["old", "by whom"]]);
});

Deno.test("an object that may have been made for a process that has since been cancelled is withdrawn", async () => {
  await using world = await creatorWorld();
  await put(world.broker, QUEUE, { task_id: "tried" });
  await handToOneThatDies(world.broker);
  await put(world.broker, QUEUE, { task_id: "fresh" });
  world.start();
  await eventually(() => world.adapter.withdrawn.length > 0, "a withdrawal");
  await eventually(async () => await readyIn(world.broker, QUEUE) === 0, "nothing waits");
  assert.deepEqual(world.adapter.withdrawn, ["tried"]);
  assert.deepEqual(world.adapter.created, []);
});

Deno.test("a message beyond the size limit is set aside whole, and Camunda is told", async () => {
  await using world = await creatorWorld();
  await put(world.broker, QUEUE, { task_id: "huge", variables: { text: "x".repeat(world.broker.maxBodyBytes) } });
  world.start();
  const setAside = await world.bodyIn("errors.camunda_tasks.queue");
  assert.equal(setAside["error_type"], "message_too_large");
  assert.ok(JSON.stringify(setAside["original_message"]).length > world.broker.maxBodyBytes);
  const response = await world.bodyIn("camunda.responses.queue");
  assert.deepEqual(response["original_message"], { task_id: "huge", worker_id: null });
});
