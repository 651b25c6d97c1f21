/** When the worker takes tasks, when it leaves them in Camunda, and how it begins and ends. */
import assert from "node:assert/strict";
import { contractNames, defaultQueue, taskTopology } from "../../lib/amqp/topology.ts";
import { DependencyDownError } from "../../lib/program/exit_code.ts";
import { program as worker } from "../../worker.ts";
import { eventually } from "../lib/amqp/eventually.ts";
import { Inbox } from "../lib/amqp/inbox.ts";
import { oneTask } from "../simulators/camunda/contract_bench.ts";
import { taskQueue, topic } from "./one_task.ts";
import { shown, type WorldTest } from "./suite.ts";
import { taskOf } from "./task_messages.ts";
import type { World } from "./world.ts";

const HOUR_MS = 3_600_000;
const never = new AbortController().signal;

/** Starts a task of another system and waits until it was published: the worker has polled meanwhile. */
async function othersGoOn(world: World): Promise<void> {
  await world.deploy(oneTask("op_create_task"), { key: "other" });
  const others = world.inbox("openproject.queue");
  await eventually(async () => await consumersOf(world, "openproject.queue") === 1, "a consumer of the other system");
  await world.start({}, { key: "other" });
  await others.count(1);
}

async function consumersOf(world: World, queue: string): Promise<number> {
  const state = await world.broker.inspect(queue);
  return state.kind === "present" ? state.consumers : 0;
}

async function holderOf(world: World, instanceId: string): Promise<string | null | undefined> {
  return (await world.tasksOf(instanceId))[0]?.workerId;
}

export const flowControlSuite: readonly WorldTest[] = [
  shown(
    "nothing is fetched for a system whose queue is full, and all of it soon after it was emptied",
    async (world) => {
      await world.broker.declare(taskTopology(), never);
      for (let number = 1; number <= 3; number++) {
        await world.broker.publish({ exchange: "", routingKey: taskQueue, body: new TextEncoder().encode("{}") });
      }
      const running = await world.runWorker({ WORKER_QUEUE_LIMIT: "3" });
      const { fields, message } = await running.logged("worker.system_closed");
      assert.equal(fields["system"], "bitrix24");
      assert.match(message, /bitrix24\.queue holds 3 messages \(limit 3\)/);
      await world.deploy(oneTask(topic));
      const instanceId = await world.start();
      await othersGoOn(world);
      assert.equal(await holderOf(world, instanceId), null);
      const tasks = world.inbox(taskQueue);
      assert.equal(taskOf(await tasks.at(3, 8_000)).process_instance_id, instanceId);
      assert.equal(running.linesOf("worker.system_open")[0]?.fields["system"], "bitrix24");
    },
  ),

  shown("nothing is fetched for a system whose queue nobody consumes, until somebody does", async (world) => {
    const running = await world.runWorker({ WORKER_NEEDS_CONSUMER: "true" });
    assert.match((await running.logged("worker.system_closed")).message, /bitrix24\.queue has no consumer/);
    await world.deploy(oneTask(topic));
    const instanceId = await world.start();
    await othersGoOn(world);
    assert.equal(await holderOf(world, instanceId), null);
    const tasks = world.inbox(taskQueue);
    assert.equal(taskOf(await tasks.at(0, 8_000)).process_instance_id, instanceId);
  }),

  shown("a task queue that was deleted is declared again before anything is published to nowhere", async (world) => {
    const running = await world.runWorker();
    await world.deploy(oneTask(topic));
    await world.deleteQueue(taskQueue);
    await running.logged("worker.system_closed");
    const instanceId = await world.start();
    assert.equal(taskOf(await world.inbox(taskQueue).at(0)).process_instance_id, instanceId);
    assert.equal(await world.messagesIn(defaultQueue), 0);
  }),

  shown("a task queue that was deleted during a long poll is declared again too", async (world) => {
    await world.runWorker({ CAMUNDA_ASYNC_TIMEOUT: "20000" });
    await world.deploy(oneTask(topic));
    const polls = () => world.gateway.requests.filter((request) => request.endsWith("/fetchAndLock")).length;
    await eventually(() => polls() > 0, "a long poll");
    await world.deleteQueue(taskQueue);
    // The look that was taken before the poll is believed for a second.
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const instanceId = await world.start();
    await eventually(async () => (await world.broker.inspect(taskQueue)).kind === "present", "the queue");
    assert.equal(taskOf(await world.inbox(taskQueue).at(0)).process_instance_id, instanceId);
    assert.equal(await world.messagesIn(defaultQueue), 0);
  }),

  shown("an idle worker stops at once", async (world) => {
    const running = await world.runWorker({ CAMUNDA_ASYNC_TIMEOUT: "20000" });
    await eventually(() => world.gateway.requests.some((request) => request.endsWith("/fetchAndLock")), "a long poll");
    const askedAt = performance.now();
    await running.stop();
    const tookMs = performance.now() - askedAt;
    // 100 ms on a quiet machine; what it must not wait for are the 20 s of the poll.
    assert.ok(tookMs < 1_000, `${tookMs} ms`);
  }),

  shown("a worker that stops with a batch in hand publishes and leases all of it", async (world) => {
    await world.deploy(oneTask(topic));
    const instances = await started(world, 20);
    world.gateway.faults.delay("POST /variable-instance", 500, 1);
    const running = await world.runWorker();
    await running.logged("worker.fetched", 20);
    assert.equal(running.linesOf("worker.published").length, 0, "the batch is in hand");
    await running.stop();
    assert.equal(await world.messagesIn(taskQueue), 20);
    for (const instanceId of instances) assert.ok(await world.lockedForMs(instanceId) > 20 * HOUR_MS, "a lease");
  }),

  shown("a worker that is forced to end unlocks what it has not published", async (world) => {
    await world.deploy(oneTask(topic));
    const instances = await started(world, 5);
    world.gateway.faults.delay("POST /variable-instance", 2_000, 1);
    // Full: a poll that is left parked behind a stopped worker would take the tasks again.
    const running = await world.runWorker({ WORKER_CAPACITY: "5" });
    await running.logged("worker.fetched", 5);
    await running.force();
    assert.equal(await world.messagesIn(taskQueue), 0);
    for (const instanceId of instances) assert.equal(await holderOf(world, instanceId), null);
  }),

  shown("a worker does not start beside a foreign consumer, unless it is told to", async (world) => {
    await world.broker.declare(taskTopology(), never);
    new Inbox(world.broker, contractNames.responsesQueue);
    await eventually(async () => await consumersOf(world, contractNames.responsesQueue) === 1, "a foreign consumer");
    const refused = world.run(worker, { WORKER_NEEDS_CONSUMER: "false" });
    let failure: unknown;
    refused.ended.catch((error) => failure = error);
    await eventually(() => failure !== undefined, "a refusal");
    assert.ok(failure instanceof DependencyDownError);
    assert.match(failure.message, /camunda\.responses\.queue is consumed by a program unknown to us/);
    assert.match(failure.message, /EXCHANGER_ALLOW_FOREIGN_CONSUMERS=true/);
    assert.deepEqual(world.gateway.requests, [], "nothing was taken from Camunda");
    const told = await world.runWorker({ EXCHANGER_ALLOW_FOREIGN_CONSUMERS: "true" });
    assert.equal((await told.logged("program.foreign_consumers")).level, "warn");
    await eventually(() => world.gateway.requests.length > 0, "a poll");
  }),
];

async function started(world: World, count: number): Promise<string[]> {
  const instances: string[] = [];
  while (instances.length < count) instances.push(await world.start());
  return instances;
}
