/** What happens to connections, channels and queues of a broker that is well: they are cut, black-holed, deleted. */
import assert from "node:assert/strict";
import { eventually } from "../lib/amqp/eventually.ts";
import { carryRound, HandOverBook, ResponseBook } from "./books.ts";
import { FaultWorld, ignore, responsesQueue, stopsCleanly, taskQueue } from "./fault_world.ts";

Deno.test({
  name: "connections that the broker closes in the middle of the work cost time and no message",
  ignore,
  async fn() {
    await using world = await FaultWorld.open();
    const worker = await world.startWorker();
    const handOver = new HandOverBook("connections closed", world);
    const responses = new ResponseBook("connections closed", world);
    const circle = carryRound(handOver, responses, 100);
    for (const round of [1, 2]) {
      await handOver.start(50);
      await worker.logged("worker.completed", { times: 50 * (round - 1) + 5 });
      assert.ok(await world.closeBrokerConnections() >= 2);
    }
    await circle;
    await worker.ready();
    await handOver.balance();
    await responses.balance();
    await stopsCleanly(worker);
  },
});

Deno.test({
  name: "a broker behind a black hole is noticed within two heartbeats, and the work goes on when it is back",
  ignore,
  async fn() {
    await using world = await FaultWorld.open();
    const worker = await world.startWorker();
    const handOver = new HandOverBook("broker black-holed", world);
    const responses = new ResponseBook("broker black-holed", world);
    const circle = carryRound(handOver, responses, 60);
    await handOver.start(30);
    await worker.logged("worker.completed", { times: 5 });

    world.brokerWire.toClient = world.brokerWire.toTarget = "swallow";
    const startedAt = performance.now();
    await handOver.start(30);
    await worker.unready(/broker: .*two heartbeats/, 12_000);
    assert.ok(performance.now() - startedAt < 10_000, "twice RABBITMQ_HEARTBEAT of 4 s, and a look");
    world.brokerWire.toClient = world.brokerWire.toTarget = "forward";

    await circle;
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
    await using world = await FaultWorld.open();
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
  name: "a task queue that is deleted is made again, and tasks that went with it come back when their lease ends",
  ignore,
  async fn() {
    await using world = await FaultWorld.open();
    const worker = await world.startWorker();
    const book = new HandOverBook("task queue deleted", world);
    await book.start(20);
    await worker.logged("worker.published", { times: 20 });
    await eventually(async () => {
      const leased = await world.engine.externalTasks({
        tenantIdIn: [world.tenantId],
        lockExpirationAfter: new Date(Date.now() + 3_600_000).toISOString().replace("Z", "+0000"),
      });
      return leased.length === 20;
    }, "20 leases");

    await world.queues.deleteQueue(taskQueue);
    await book.start(20);
    await eventually(async () => {
      await book.collect();
      return book.tasks.size >= 20;
    }, "the tasks that came after the queue was deleted");
    assert.equal(book.ledger.missing().length, 20, "those that were deleted");
    const tasks = await world.engine.externalTasks({ tenantIdIn: [world.tenantId] });
    await world.endLocks(
      tasks.filter(({ processInstanceId }) => !book.tasks.has(processInstanceId)).map(({ id }) => id),
    );
    await book.arrived();
    assert.ok((await book.balance()).recovered >= 20);
    await stopsCleanly(worker);
  },
});
