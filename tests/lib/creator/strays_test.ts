import assert from "node:assert/strict";
import { Strays } from "../../../lib/creator/strays.ts";
import { decodeMessage, jsonObject } from "../../../lib/messages/json.ts";
import { readyIn } from "../amqp/broker_fixture.ts";
import { eventually } from "../amqp/eventually.ts";
import { bytes, Inbox, textOf } from "../amqp/inbox.ts";
import { put, scriptedWorld } from "./scripted_system.ts";

const QUEUE = "default.queue";

async function strayWorld() {
  const world = await scriptedWorld();
  const strays = new Strays(world.deps, world.signals);
  return {
    ...world,
    async [Symbol.asyncDispose]() {
      world.stop();
      await strays.consumer.ended();
      await world[Symbol.asyncDispose]();
    },
  };
}

Deno.test("a stray task of a system that has a queue goes there as it is; the message's system counts before its topic", async () => {
  await using world = await strayWorld();
  const byTopic = { task_id: "t-1", topic: "send_email", system: "default", odd: [1] };
  const bySystem = { task_id: "t-2", topic: "bitrix_like_name", system: "1c" };
  await put(world.broker, QUEUE, byTopic);
  await put(world.broker, QUEUE, bySystem);
  const moved = await new Inbox(world.broker, "python-services.queue", 1).at(0);
  assert.deepEqual(JSON.parse(textOf(moved)), byTopic);
  assert.equal(moved.headers["kept"], true);
  const named = await new Inbox(world.broker, "1c.queue", 1).at(0);
  assert.deepEqual(JSON.parse(textOf(named)), bySystem);
  await eventually(async () => await readyIn(world.broker, QUEUE) === 0, "no stray is left");
  assert.equal(await readyIn(world.broker, "errors.camunda_tasks.queue"), 0);
});

Deno.test("a stray task of no system is set aside with a reason and told to Camunda; what is no message is set aside raw", async () => {
  await using world = await strayWorld();
  await put(world.broker, QUEUE, { task_id: "t-1", topic: "weigh_truck", system: "default" });
  await put(world.broker, QUEUE, bytes("<xml/>"));
  const setAside = new Inbox(world.broker, "errors.camunda_tasks.queue");
  await setAside.count(2);
  const [unknown, malformed] = setAside.texts.map((text) => JSON.parse(text))
    .toSorted((a, b) => b.error_type.localeCompare(a.error_type));
  assert.equal(unknown.error_type, "unknown_topic");
  assert.match(unknown.error_message, /weigh_truck.*WORKER_EXTRA_TOPICS/);
  assert.deepEqual([malformed.error_type, malformed.original_message], ["malformed_message", { raw_body: "<xml/>" }]);
  const response = decodeMessage(jsonObject, (await new Inbox(world.broker, "camunda.responses.queue", 1).at(0)).body);
  assert.equal(response["processing_status"], "failed");
});
