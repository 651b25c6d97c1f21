/** Queues of the round that are deleted, or full, while messages are on their way back to them. */
import { eventually } from "../lib/amqp/eventually.ts";
import { startRabbitMqNode } from "../services/rabbitmq.ts";
import { ignore, ignoreWithoutNode, responsesQueue, taskQueue } from "./fault_world.ts";
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
    await faults.startWorker();
    await world.startCreator();
    await world.startTracker();
    portal.faults.failNext({ status: 500, error: "INTERNAL_SERVER_ERROR" }, { method: "tasks.task.add", times: 5 });
    await book.start(tasks);
    await eventually(async () => await faults.queues.depth(detourQueue) > 0, "tasks on their detour");
    await faults.queues.deleteQueue(taskQueue);
    await book.carriedThrough();
    await book.balance();
  },
});

Deno.test({
  name: "tasks that reach default.queue because their queue is gone for a moment are carried home",
  ignore,
  async fn() {
    await using world = await openRoundWorld();
    const book = new RoundBook("task queue deleted under load", world);
    const { faults } = world;
    await faults.startWorker();
    await world.startCreator();
    await world.startTracker();
    for (let wave = 0; wave < 4; wave++) {
      const deleted = faults.queues.deleteQueue(taskQueue).catch(() => {}); // not there yet again
      await Promise.all([book.start(tasks), deleted]);
    }
    // What was in the deleted queue itself is gone with it: its lease ends, as time does to it.
    await eventually(async () => await faults.queues.depth(taskQueue) === 0, "an empty task queue").catch(() => {});
    const { people } = world.portal;
    const carried = async () => {
      for (const { id } of people.openTasks()) people.finish(id);
      const objects = world.portal.ledger();
      const open = await faults.engine.externalTasks({ tenantIdIn: [faults.tenantId] });
      const lost = open.filter(({ id }) => !objects.has(id)).map(({ id }) => id);
      if (lost.length > 0) await faults.endLocks(lost);
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      return open.length === 0;
    };
    await eventually(carried, "an end of all tasks", 60_000);
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
    await world.faults.startWorker();
    await world.startCreator();
    const tracker = await world.startTracker();
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
    await world.faults.startWorker();
    await world.startCreator();
    const { process } = await world.startTracker();
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
    const worker = await world.faults.startWorker();
    await world.startCreator();
    await world.startTracker();
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
    await world.faults.startWorker();
    await world.startCreator();
    const tracker = await world.startTracker();
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
