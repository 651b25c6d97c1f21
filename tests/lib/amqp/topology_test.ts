import assert from "node:assert/strict";
import fc from "fast-check";
import {
  contractNames,
  delayQueues,
  knownTopics,
  queueOf,
  routingKey,
  sentQueueOf,
  systemOfTopic,
  systems,
  taskTopology,
  waitingQueue,
} from "../../../lib/amqp/topology.ts";
import { embeddedWith, readyIn } from "./broker_fixture.ts";
import { bytes } from "./inbox.ts";

const never = new AbortController().signal;

Deno.test("the 27 known topics belong to their systems", () => {
  assert.deepEqual(systems.map((system) => [system, knownTopics[system].length]), [
    ["bitrix24", 6],
    ["openproject", 5],
    ["1c", 5],
    ["python-services", 11],
  ]);
  for (const system of systems) {
    for (const topic of knownTopics[system]) assert.equal(systemOfTopic(topic), system, topic);
  }
});

Deno.test("an unknown topic goes to the first system that lists a beginning of it, in any case of letters", () => {
  const outcomes = {
    "bitrix24_new_action": "bitrix24",
    "bitrix_unknown_action": "default",
    "1c_new_thing": "1c",
    "": "default",
    "completely_unknown": "default",
    "Bitrix_Create_Task2": "bitrix24",
    "OP_create_task": "openproject",
    "1cc": "1c",
    "python3": "python-services",
    "constructor": "default",
  };
  for (const [topic, system] of Object.entries(outcomes)) assert.equal(systemOfTopic(topic), system, topic);
});

Deno.test("routing keys are system and topic", () => {
  assert.equal(routingKey(systemOfTopic("bitrix_create_task"), "bitrix_create_task"), "bitrix24.bitrix_create_task");
  assert.equal(routingKey(systemOfTopic("op_create_task"), "op_create_task"), "openproject.op_create_task");
  assert.equal(routingKey(systemOfTopic("1c"), "1c"), "1c.1c");
  assert.equal(routingKey(systemOfTopic("send_email"), "send_email"), "python-services.send_email");
  assert.equal(routingKey(systemOfTopic("xyz"), "xyz"), "default.xyz");
});

Deno.test("queues are named after their system, unknown ones after default", () => {
  assert.equal(queueOf("1c"), "1c.queue");
  assert.equal(sentQueueOf("1c"), "1c.sent.queue");
  assert.equal(queueOf("unknown"), "default.queue");
  assert.equal(sentQueueOf("unknown"), "default.sent.queue");
});

Deno.test("every topic reaches the queue of its system and no other, whatever dots it has", async () => {
  await using owned = await embeddedWith([]);
  const { broker } = owned;
  await broker.declare(taskTopology(), never);
  const names = [...systems.map(queueOf), "default.queue", "errors.camunda_tasks.queue"];
  const counts = () => Promise.all(names.map((name) => readyIn(broker, name)));
  const known = systems.flatMap((system) => knownTopics[system]);
  const topic = fc.oneof(
    fc.constantFrom(...known),
    fc.tuple(fc.constantFrom(...known), fc.stringMatching(/^[a-z.]{1,8}$/)).map((parts) => parts.join("")),
    fc.stringMatching(/^[a-z_.]{0,12}$/),
  );
  await fc.assert(fc.asyncProperty(topic, async (name) => {
    const before = await counts();
    await broker.publish({
      exchange: contractNames.tasksExchange,
      routingKey: routingKey(systemOfTopic(name), name),
      body: bytes("{}"),
    });
    const after = await counts();
    const grown = names.filter((_, index) => after[index] !== before[index]);
    assert.deepEqual(grown, [queueOf(systemOfTopic(name))]);
  }));
});

Deno.test("responses and errors reach their queues by the keys of the contract", async () => {
  await using owned = await embeddedWith([]);
  const { broker } = owned;
  await broker.declare(taskTopology({ ...contractNames, responsesQueue: "answers" }), never);
  await broker.publish({ exchange: "camunda.task.responses", routingKey: "answers", body: bytes("{}") });
  await broker.publish({ exchange: "camunda.external.tasks", routingKey: "errors.camunda_tasks", body: bytes("{}") });
  assert.equal(await readyIn(broker, "answers"), 1);
  assert.equal(await readyIn(broker, "errors.camunda_tasks.queue"), 1);
});

Deno.test("the predecessor's bindings are all kept", () => {
  const { bindings } = taskTopology();
  const keysOf = (queue: string) =>
    bindings.filter((binding) => binding.queue === queue).map((binding) => binding.routingKey);
  assert.deepEqual(keysOf("bitrix24.queue"), ["bitrix24.#", "bitrix24.*"]);
  assert.deepEqual(keysOf("python-services.queue"), [
    "python-services.#",
    "python.*",
    "email.*",
    "telegram.*",
    "yandex.*",
    "user.*",
    "file.*",
    "data.*",
  ]);
});

Deno.test("delay and waiting queues lead back to their own queue", () => {
  assert.deepEqual(delayQueues("1c.queue").queues[0], {
    name: "1c.queue.delay.5s",
    kind: "own",
    messageTtlMs: 5000,
    deadLetterTo: "1c.queue",
  });
  assert.deepEqual(delayQueues("1c.queue").queues.map(({ name }) => name.slice("1c.queue.delay.".length)), [
    "5s",
    "30s",
    "120s",
    "600s",
    "3600s",
  ]);
  assert.deepEqual(waitingQueue("bitrix24", 60).queues, [{
    name: "bitrix24.waiting.60s",
    kind: "own",
    messageTtlMs: 120_000,
    deadLetterTo: "bitrix24.sent.queue",
  }]);
});
