/** What only a broker node of the test's own can be made to do: restarts, crashes, alarms, channel errors. */
import assert from "node:assert/strict";
import { startRabbitMqNode } from "../services/rabbitmq.ts";
import { carryRound, HandOverBook, ResponseBook } from "./books.ts";
import { ignoreWithoutNode as ignore, openFaultWorld, stopsCleanly } from "./fault_world.ts";

Deno.test({
  name: "a broker that restarts while tasks are published and crashes while responses are applied loses nothing",
  ignore,
  async fn() {
    await using node = await startRabbitMqNode();
    await using world = await openFaultWorld({ node });
    const worker = await world.startWorker();
    const handOver = new HandOverBook("broker restarted and crashed", world);
    const responses = new ResponseBook("broker restarted and crashed", world);
    await carryRound(handOver, responses, 100, async () => {
      await handOver.start(50);
      await worker.logged("worker.published", { times: 10 });
      await node.restart();
      await worker.ready();

      const before = worker.count("worker.completed");
      await handOver.start(50);
      await worker.logged("worker.completed", { times: before + 5 });
      await node.kill();
      await worker.unready(/RabbitMQ/);
      await node.start();
    });
    await worker.ready();
    await handOver.balance();
    await responses.balance();
    await stopsCleanly(worker);
  },
});

Deno.test({
  name: "channels that the broker closes are opened again, and what was under way on them is repeated",
  ignore,
  async fn() {
    await using node = await startRabbitMqNode();
    await using world = await openFaultWorld({ node });
    const worker = await world.startWorker();
    const handOver = new HandOverBook("channels closed", world);
    const responses = new ResponseBook("channels closed", world);
    await carryRound(handOver, responses, 60, async () => {
      const applied = world.camunda.interfere(/POST .*\/complete/, { kind: "hold_answer" });
      await handOver.start(60);
      await applied.caught(6);

      // Every channel gets the acknowledgement of a message that it never saw: 406 PRECONDITION_FAILED, as a consumer
      // time-out closes it too.
      const unknownTag = "{'basic.ack', 99999, false}";
      await node.ctl("eval", `[rabbit_channel:do(Channel, ${unknownTag}) || Channel <- rabbit_channel:list_local()].`);
      applied.release();
    });
    await worker.ready();
    assert.equal(worker.count("amqp.connected"), 2, "no connection was lost");
    await handOver.balance();
    const { recovered } = await responses.balance();
    assert.ok(recovered >= 6, "what was applied but not acknowledged is delivered again");
    await stopsCleanly(worker);
  },
});

Deno.test({
  name: "a memory alarm stops fetching, not completing; the readiness says why, and it ends by itself",
  ignore,
  async fn() {
    await using node = await startRabbitMqNode();
    await using world = await openFaultWorld({ node });
    const worker = await world.startWorker();
    const handOver = new HandOverBook("memory alarm", world);
    const responses = new ResponseBook("memory alarm", world);
    await handOver.start(20);
    await handOver.arrived();
    await responses.answer([...handOver.tasks.values()].slice(0, 10));

    await node.ctl("set_vm_memory_high_watermark", "0.00001");
    // The broker tells a connection only when it publishes.
    await handOver.start(10);
    await worker.unready(/broker: .*memory/);
    const polls = world.camunda.interfere(/POST .*\/fetchAndLock/, { kind: "hold_request" });
    await handOver.start(10);
    await responses.settled();
    await worker.logged("worker.completed", { times: 10 });
    assert.equal(polls.requests, 0, "nothing is fetched that could not be published");
    polls.release();

    await node.ctl("set_vm_memory_high_watermark", "0.4");
    await worker.ready();
    await handOver.arrived();
    await handOver.balance();
    await responses.balance();
    await stopsCleanly(worker);
  },
});
