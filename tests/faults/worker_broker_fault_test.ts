/** What happens to connections, channels and queues of a broker that is well: they are cut, black-holed, deleted. */
import assert from "node:assert/strict";
import { carryRound, HandOverBook, ResponseBook } from "./books.ts";
import {
  blackHole,
  defaultQueue,
  heal,
  ignore,
  openFaultWorld,
  responsesQueue,
  stopsCleanly,
  taskQueue,
} from "./fault_world.ts";

Deno.test({
  name: "connections that the broker closes in the middle of the work cost time and no message",
  ignore,
  async fn() {
    await using world = await openFaultWorld();
    const worker = await world.startWorker();
    const handOver = new HandOverBook("connections closed", world);
    const responses = new ResponseBook("connections closed", world);
    await carryRound(handOver, responses, 60, async () => {
      await world.vhost?.connections(3); // listed late: the worker's two, and ours

      const unpublished = world.camunda.interfere(/POST .*\/variable-instance/, { kind: "hold_request" });
      await handOver.start(30);
      await unpublished.caught();
      await world.vhost?.closeConnections(2);
      unpublished.release();

      const applied = world.camunda.interfere(/POST .*\/complete/, { kind: "hold_answer" });
      await handOver.start(30);
      await applied.caught(6);
      await world.vhost?.closeConnections(2);
      applied.release();
    });
    await worker.ready();
    await handOver.balance();
    const { recovered } = await responses.balance();
    assert.ok(recovered >= 6, "what was applied but not acknowledged is delivered again");
    await stopsCleanly(worker);
  },
});

Deno.test({
  name: "a broker behind a black hole is noticed within two heartbeats, and the work goes on when it is back",
  ignore,
  async fn() {
    await using world = await openFaultWorld();
    const worker = await world.startWorker();
    const handOver = new HandOverBook("broker black-holed", world);
    const responses = new ResponseBook("broker black-holed", world);
    await carryRound(handOver, responses, 60, async () => {
      await handOver.start(30);
      await worker.logged("worker.completed", { times: 5 });

      blackHole(world.brokerWire);
      const startedAt = performance.now();
      await handOver.start(30);
      await worker.unready(/broker: .*was lost/, 12_000);
      assert.ok(performance.now() - startedAt < 10_000, "twice RABBITMQ_HEARTBEAT of 4 s, and a look");
      heal(world.brokerWire);
    });
    await worker.ready();
    await handOver.balance();
    await responses.balance();
    await stopsCleanly(worker);
  },
});

Deno.test({
  name: "a responses queue that is deleted is made again and consumed; what comes afterwards is applied",
  ignore,
  async fn() {
    await using world = await openFaultWorld();
    const worker = await world.startWorker();
    const handOver = new HandOverBook("responses queue deleted", world);
    await handOver.start(40);
    await handOver.arrived();
    const tasks = [...handOver.tasks.values()];

    const responses = new ResponseBook("responses queue deleted", world);
    await responses.answer(tasks.slice(0, 20));
    await responses.settled();
    await world.queues.deleteQueue(responsesQueue);
    // Refused while there is no queue, and sent again, as a tracker would.
    await responses.answer(tasks.slice(20));
    await responses.settled();
    await responses.balance();
    await worker.ready();
    await stopsCleanly(worker);
  },
});

Deno.test({
  name: "a task queue that is deleted is made again, and tasks that missed it come back when their lease ends",
  ignore,
  async fn() {
    await using world = await openFaultWorld();
    const worker = await world.startWorker();
    const book = new HandOverBook("task queue deleted", world);
    await book.start(20);
    await world.leased(20);
    await world.queues.deleteQueue(taskQueue);
    // Until the worker looks again, the alternate exchange keeps what nobody else takes.
    await book.start(10);
    await world.leased(30);
    const kept = await world.queues.takeTasks(defaultQueue);
    await worker.logged("worker.system_open");
    await book.start(10);
    await world.leased(40);
    await book.collect();
    assert.equal(book.ledger.missing().length, 20 + kept.length, "those that went with the queue, and those beside it");

    const tasks = await world.engine.externalTasks({ tenantIdIn: [world.tenantId] });
    const missing = tasks.filter(({ processInstanceId }) => !book.tasks.has(processInstanceId));
    await world.endLocks(missing.map(({ id }) => id));
    await book.arrived();
    assert.equal((await book.balance()).recovered, missing.length);
    await stopsCleanly(worker);
  },
});
