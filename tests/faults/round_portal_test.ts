/** A portal that answers, and is wrong or hides something: look-ups that fail, copied keys, tasks that nobody shows. */
import assert from "node:assert/strict";
import { eventually } from "../lib/amqp/eventually.ts";
import { errorsQueue, ignore, taskQueue } from "./fault_world.ts";
import { openRoundWorld, RoundBook, waitingQueue } from "./round_world.ts";

const tasks = 20;

Deno.test({
  name: "while the portal cannot be searched nothing is created, and everything once it can be",
  ignore,
  async fn() {
    await using world = await openRoundWorld();
    const book = new RoundBook("look-up down", world);
    const { portal } = world;
    await world.startPrograms();
    await book.start(tasks);
    await book.created();

    // The worst case: the objects are there, and every message comes again while no search answers.
    portal.faults.failNext({ status: 500, error: "INTERNAL_SERVER_ERROR" }, { method: "tasks.task.list", times: 5 });
    const copies = [...portal.ledger().keys()].map((task_id) =>
      JSON.stringify({ task_id, topic: "bitrix_create_task", activity_id: "A", worker_id: "universal-worker" })
    );
    assert.ok((await world.faults.queues.publish(taskQueue, copies)).every(Boolean));
    await book.start(tasks);
    await book.created();
    await book.carriedThrough();
    await book.balance();
  },
});

Deno.test({
  name: "a portal that creates after its time is up, when nobody listens any more, has each task once",
  ignore,
  async fn() {
    await using world = await openRoundWorld();
    const book = new RoundBook("portal too late", world);
    const { portal } = world;
    const { creator: { process } } = await world.startPrograms();
    // Longer than BITRIX_REQUEST_TIMEOUT, within what BITRIX_REQUEST_LIFETIME_SECONDS allows for.
    portal.faults.latency("tasks.task.add", 2_500);
    await book.start(tasks);
    await process.logged("breaker.open");
    assert.equal(portal.ledger().size, 0, "the creator has given up, and nothing is created yet");
    portal.faults.latency("tasks.task.add", 0);
    await book.created();
    await book.carriedThrough();
    await book.balance();
  },
});

Deno.test({
  name: "a task that a person copied, key and all, stays one task: the first counts, and the copy is nobody's",
  ignore,
  async fn() {
    await using world = await openRoundWorld();
    const book = new RoundBook("copied key", world);
    const { portal, faults } = world;
    const { creator: { process } } = await world.startPrograms();
    await book.start(tasks);
    await book.created();
    const originals = portal.people.openTasks();
    const copies = originals.map(({ id }) => portal.people.copy(id));
    for (const copy of copies) portal.people.finish(copy);

    // The messages come again and find two tasks with each key.
    const again = originals.map(({ externalTaskId: task_id }) =>
      JSON.stringify({ task_id, topic: "bitrix_create_task", activity_id: "A", worker_id: "universal-worker" })
    );
    assert.ok((await faults.queues.publish(taskQueue, again)).every(Boolean));
    await process.logged("bitrix24.duplicates", { times: tasks });
    await eventually(async () => await faults.queues.depth(waitingQueue) === tasks, "each waits once");
    const open = await faults.engine.externalTasks({ tenantIdIn: [faults.tenantId] });
    assert.equal(open.length, tasks, "finishing a copy finishes nothing");
    await book.carriedThrough();
    await book.balance();
  },
});

Deno.test({
  name:
    "a deleted task becomes an incident on the second look; many hidden ones an alarm, and they go on when shown again",
  ignore,
  async fn() {
    await using world = await openRoundWorld();
    const book = new RoundBook("hidden tasks", world);
    const { portal, faults } = world;
    const { tracker: { process } } = await world.startPrograms();
    await book.start(tasks);
    await book.created();
    const ids = portal.people.openTasks().map(({ id }) => id);

    for (const id of ids) portal.hide(id);
    await process.logged("tracker.objects_hidden");
    await process.unready(/bitrix24 objects: \d+ of \d+ objects are not shown/);
    assert.equal(await faults.queues.depth(errorsQueue), 0);
    for (const id of ids) portal.show(id);
    await process.ready();

    // One that a person deleted: told to the owner of its process, and set aside.
    const [deleted] = await book.start(1);
    assert.ok(deleted);
    await book.created();
    portal.people.delete(portal.ledger().get(deleted)?.[0] ?? "");
    await process.logged("tracker.set_aside");
    await eventually(async () => await incidentOf(deleted) !== undefined, "an incident");
    assert.match(await incidentOf(deleted) ?? "", /no longer shows/);
    assert.equal((await faults.queues.takeBodies(errorsQueue)).length, 1);
    book.completions.effect(deleted, "told to the owner of the process");

    await book.carriedThrough();
    await book.balance();

    async function incidentOf(taskId: string): Promise<string | undefined> {
      const [task] = await faults.engine.externalTasks({ externalTaskId: taskId });
      const [incident] = task === undefined ? [] : await faults.engine.incidents(task.processInstanceId);
      return incident?.incidentMessage ?? undefined;
    }
  },
});
