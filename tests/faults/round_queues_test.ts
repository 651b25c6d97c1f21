/** Queues of the round that are deleted, or full, while messages are on their way back to them. */
import assert from "node:assert/strict";
import { eventually } from "../lib/amqp/eventually.ts";
import { startRabbitMqNode } from "../services/rabbitmq.ts";
import { defaultQueue, ignore, ignoreWithoutNode, responsesQueue, taskQueue } from "./fault_world.ts";
import { detourQueue, openRoundWorld, RoundBook, type RoundWorld, sentQueue, waitingQueue } from "./round_world.ts";

const tasks = 20;

async function waitsIn(world: RoundWorld, queue: string, count: number): Promise<void> {
  await eventually(async () => await world.faults.queues.depth(queue) === count, `${count} messages in ${queue}`);
}

Deno.test({
  name: "a task queue that is deleted while tasks are on their detour back to it loses none of them",
  ignore,
  async fn() {
    await using world = await openRoundWorld();
    const book = new RoundBook("task queue deleted", world);
    const { portal, faults } = world;
    await world.startPrograms();
    portal.faults.failNext({ status: 500, error: "INTERNAL_SERVER_ERROR" }, { method: "tasks.task.add", times: 5 });
    await book.start(tasks);
    await eventually(async () => await faults.queues.depth(detourQueue) > 0, "tasks on their detour");
    await faults.queues.deleteQueue(taskQueue);
    await book.carriedThrough();
    await book.balance();
  },
});

Deno.test({
  name: "tasks that reached default.queue, as when their queue is gone for a moment, are carried home",
  ignore,
  async fn() {
    await using world = await openRoundWorld();
    const book = new RoundBook("strays", world);
    const { queues, leased, startWorker } = world.faults;
    await startWorker();
    await book.start(tasks);
    await leased(tasks);
    const strays = (await queues.takeTasks(taskQueue)).map((body) => JSON.stringify(body));
    assert.ok((await queues.publish(defaultQueue, strays)).every(Boolean));
    const { process } = await world.startCreator();
    await world.startTracker();
    await process.logged("creator.stray_moved", { times: tasks });
    await book.carriedThrough();
    await book.balance();
  },
});

Deno.test({
  name: "a sent queue that is deleted while open tasks wait to come back to it loses none of them",
  ignore: ignoreWithoutNode,
  async fn() {
    // A message whose target is gone is tried again after this time: 3 minutes, unless the broker is told otherwise.
    await using node = await startRabbitMqNode();
    await node.ctl("eval", "application:set_env(rabbit, dead_letter_worker_publisher_confirm_timeout, 3000).");
    await using world = await openRoundWorld({ node });
    const book = new RoundBook("sent queue deleted", world);
    const { queues } = world.faults;
    const { tracker } = await world.startPrograms();
    await book.start(tasks);
    await book.created();
    await waitsIn(world, waitingQueue, tasks);
    // Frozen, so that nobody declares the queue again before what waits has tried to come back.
    tracker.process.suspend();
    await queues.deleteQueue(sentQueue);
    const tick = Math.floor(Date.now() / 1000);
    await eventually(() => Date.now() / 1000 > tick + 3, "ticks without a queue to come back to");
    tracker.process.resume();
    await book.carriedThrough({ withinMs: 60_000 });
    await book.balance();
  },
});

Deno.test({
  name: "a waiting queue that is deleted with open tasks in it gets them back at the end of their lease",
  ignore,
  async fn() {
    await using world = await openRoundWorld();
    const book = new RoundBook("waiting queue deleted", world);
    const { tracker: { process } } = await world.startPrograms();
    const ids = await book.start(tasks);
    await book.created();
    await waitsIn(world, waitingQueue, tasks);
    await world.faults.queues.deleteQueue(waitingQueue);
    await world.faults.endLocks(ids);
    await process.logged("tracker.waiting", { times: 2 * tasks });
    await book.carriedThrough();
    await book.balance();
  },
});

Deno.test({
  name: "a responses queue that is deleted while people finish their tasks costs no answer",
  ignore,
  async fn() {
    await using world = await openRoundWorld();
    const book = new RoundBook("responses queue deleted", world);
    const { queues } = world.faults;
    const { worker } = await world.startPrograms();
    await book.start(tasks);
    await book.created();
    await waitsIn(world, waitingQueue, tasks);
    // Nobody consumes it for the moment, nor declares it again, but the tracker that finds it gone.
    worker.suspend();
    await queues.deleteQueue(responsesQueue);
    for (const { id } of world.portal.people.openTasks()) world.portal.people.finish(id);
    await eventually(async () => await queues.depth(responsesQueue).catch(() => 0) === tasks, "all answers in it");
    worker.resume();
    await book.carriedThrough({ withinMs: 60_000 });
    await book.balance();
  },
});

Deno.test({
  name: "what waits for a sent queue that is full stays where it is, and comes back when there is room",
  ignore,
  async fn() {
    await using world = await openRoundWorld();
    const book = new RoundBook("sent queue full", world);
    const { vhost } = world.faults;
    const { tracker } = await world.startPrograms();
    await book.start(tasks);
    await book.created();
    await waitsIn(world, waitingQueue, tasks);
    const definition = { "max-length": 5, overflow: "reject-publish" };
    await vhost?.manage("PUT", `policies/${vhost.name}/full`, {
      pattern: "^bitrix24\\.sent\\.queue$",
      definition,
      "apply-to": "queues",
      priority: 0,
    });
    await tracker.process.kill9();
    await eventually(async () => await world.faults.queues.depth(sentQueue) >= 5, "a full sent queue");
    await world.startTracker();
    await book.carriedThrough({ withinMs: 60_000 });
    await book.balance();
  },
});
