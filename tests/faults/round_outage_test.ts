/** What befalls the round from outside: copies in the queue, a portal in trouble, a process cancelled, a broker restarted. */
import assert from "node:assert/strict";
import { eventually } from "../lib/amqp/eventually.ts";
import { startRabbitMqNode } from "../services/rabbitmq.ts";
import { ignore, ignoreWithoutNode, taskQueue } from "./fault_world.ts";
import { openRoundWorld, RoundBook, sentQueue, waitingQueue } from "./round_world.ts";

const tasks = 30;

Deno.test({
  name: "four creators started at once over a queue that holds every task twice create each once",
  ignore,
  async fn() {
    await using world = await openRoundWorld();
    const book = new RoundBook("four creators, two copies", world);
    const { faults } = world;
    await faults.startWorker();
    await book.start(tasks);
    await faults.leased(tasks);
    const bodies = (await faults.queues.takeTasks(taskQueue)).map((body) => JSON.stringify(body));
    assert.equal(bodies.length, tasks);
    const confirmed = await faults.queues.publish(taskQueue, [...bodies, ...bodies]);
    assert.ok(confirmed.every((one) => one));

    const creators = await Promise.all(Array.from({ length: 4 }, () => world.startCreator()));
    assert.equal(creators.filter(({ standsBy }) => standsBy).length, 3);
    await book.created();
    await eventually(async () => await faults.queues.depth(taskQueue) === 0, "an empty queue");
    await world.startTracker();
    await book.carriedThrough();
    await book.balance();
  },
});

Deno.test({
  name: "a portal whose answers are lost, that limits, and that is down sets nothing aside and gets each task once",
  ignore,
  async fn() {
    await using world = await openRoundWorld();
    const book = new RoundBook("portal in trouble", world);
    const { portal } = world;
    const { creator: { process } } = await world.startPrograms();

    /** A lost answer leaves the object on the portal: that it is there does not say that the creator goes on. */
    const over = async (troubles: number) => {
      await book.created();
      await process.logged("breaker.closed", { times: troubles });
    };

    portal.faults.dropAnswer("tasks.task.add");
    await book.start(tasks);
    await process.logged("breaker.open");
    await over(1);

    // The creator's requests only: the tracker's looks would use them up.
    const addingTasks = { method: "tasks.task.add", times: 3 };
    portal.faults.failNext({ status: 503, error: "QUERY_LIMIT_EXCEEDED" }, addingTasks);
    await book.start(tasks);
    await process.logged("breaker.open", { times: 2 });
    await over(2);

    portal.faults.down = true;
    await book.start(tasks);
    await process.logged("breaker.open", { times: 3 });
    portal.faults.down = false;
    await over(3);
    await book.carriedThrough();
    await book.balance();
  },
});

Deno.test({
  name: "a process that is cancelled while its task is open leaves a comment on the portal and nothing that waits",
  ignore,
  async fn() {
    await using world = await openRoundWorld();
    const book = new RoundBook("process cancelled", world);
    const { portal, faults } = world;
    const { tracker: { process } } = await world.startPrograms();
    const [taskId = ""] = await book.start(1);
    await eventually(() => portal.people.openTasks().length === 1, "an open task on the portal");
    const object = portal.people.openTasks()[0]?.id ?? "";
    await eventually(async () => await faults.queues.depth(waitingQueue) > 0, "a task that waits");

    const [waiting] = await faults.engine.externalTasks({ externalTaskId: taskId });
    await faults.engine.deleteInstance(waiting?.processInstanceId ?? "");
    await process.logged("tracker.withdrawn");
    await eventually(async () => await faults.queues.depth(sentQueue) === 0, "an empty sent queue");
    assert.equal(await faults.queues.depth(waitingQueue), 0);
    assert.equal(portal.comments(object).length, 1);
    assert.match(portal.comments(object)[0] ?? "", /больше не ждёт/);
    book.completions.effect(taskId, "withdrawn");
    await book.balance();
  },
});

Deno.test({
  name: "a broker that restarts while tasks wait on people gives them all back",
  ignore: ignoreWithoutNode,
  async fn() {
    await using node = await startRabbitMqNode();
    await using world = await openRoundWorld({ node });
    const book = new RoundBook("broker restarted while tasks wait", world);
    const { tracker } = await world.startPrograms();
    await book.start(tasks);
    await book.created();
    await eventually(async () => await world.faults.queues.depth(waitingQueue) > 0, "tasks that wait");
    await node.restart();
    await tracker.leads({ times: 2 });
    await book.carriedThrough({ withinMs: 60_000 });
    await book.balance();
  },
});
