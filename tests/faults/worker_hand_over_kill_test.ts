/**
 * The worker is killed at every step of the hand-over: fetched, published, confirmed, leased. Whatever the instant, every
 * task is in its queue afterwards, and copies carry the same task id.
 */
import assert from "node:assert/strict";
import { eventually } from "../lib/amqp/eventually.ts";
import { HandOverBook } from "./books.ts";
import { type FaultWorld, ignore, openFaultWorld, stopsCleanly, taskQueue } from "./fault_world.ts";
import type { ProgramProcess } from "./program_process.ts";

const tasks = 20;
const fetchAndLock = /POST .*\/fetchAndLock/;
const extendLock = /POST .*\/extendLock/;

interface Scene {
  readonly world: FaultWorld;
  readonly worker: ProgramProcess;
  readonly book: HandOverBook;
}

interface KillPoint {
  readonly sentence: string;
  /** Starts the instances and returns once the worker was killed at its point. */
  strike(scene: Scene): Promise<void>;
  /** Tasks, at least, that have to be handed over once more. */
  readonly recovered: number;
}

const killPoints: readonly KillPoint[] = [
  {
    sentence: "killed before it hears what Camunda has locked for it",
    recovered: 1,
    async strike({ world, worker, book }) {
      const trap = world.camunda.interfere(fetchAndLock, { kind: "hold_answer" });
      await trap.entered();
      await book.start(tasks);
      await trap.caught();
      await worker.kill9();
      trap.discard();
      const locked = await world.engine.externalTasks({ tenantIdIn: [world.tenantId], locked: true });
      for (const { processInstanceId } of locked) book.ledger.again(processInstanceId);
    },
  },
  {
    sentence: "killed with fetched tasks that it has not published",
    recovered: 1,
    async strike({ worker, book }) {
      await Promise.all([worker.kill9At("worker.fetched"), book.start(tasks)]);
    },
  },
  {
    sentence: "killed with publications that do not reach the broker",
    recovered: tasks,
    async strike({ world, worker, book }) {
      const trap = world.camunda.interfere(fetchAndLock, { kind: "hold_request" });
      await trap.caught();
      await book.start(tasks);
      world.brokerWire.toTarget = "swallow";
      trap.release();
      const unconfirmed = () => worker.metric("exchanger_amqp_unconfirmed");
      await eventually(async () => await unconfirmed() === tasks, "tasks on their way to the broker");
      await worker.kill9();
      world.brokerWire.toTarget = "forward";
    },
  },
  {
    sentence: "killed before it hears the confirm",
    recovered: tasks - 1,
    async strike({ world, worker, book }) {
      await book.start(1);
      await book.arrived();
      const trap = world.camunda.interfere(fetchAndLock, { kind: "hold_request" });
      await trap.caught();
      await book.start(tasks - 1);
      world.brokerWire.toClient = "swallow";
      trap.release();
      await eventually(async () => await world.queues.depth(taskQueue) > 0, "published tasks in the queue");
      await worker.kill9();
      world.brokerWire.toClient = "forward";
    },
  },
  {
    sentence: "killed between the confirm and the lease",
    recovered: 0, // A lease or two may have been quicker than the kill.
    async strike({ worker, book }) {
      await Promise.all([worker.kill9At("worker.published", tasks / 2), book.start(tasks)]);
    },
  },
  {
    sentence: "killed while it asks for the lease",
    recovered: tasks,
    async strike({ world, worker, book }) {
      const trap = world.camunda.interfere(extendLock, { kind: "hold_request" });
      await book.start(tasks);
      await worker.logged("worker.published", { times: tasks });
      await worker.kill9();
      trap.discard();
    },
  },
];

for (const { sentence, strike, recovered } of killPoints) {
  Deno.test({
    name: `a worker that is ${sentence} loses no task`,
    ignore,
    async fn() {
      await using world = await openFaultWorld();
      const book = new HandOverBook(sentence, world);
      await strike({ world, worker: await world.startWorker(), book });
      const next = await world.startWorker();
      await next.logged("worker.published", { times: recovered });
      await book.arrived();
      const counts = await book.balance();
      assert.ok(counts.recovered >= recovered, `${counts.recovered} recovered, at least ${recovered} were hit`);
      await stopsCleanly(next);
    },
  });
}

Deno.test({
  name: "a worker that is killed before it hears that it has the lease publishes nothing twice",
  ignore,
  async fn() {
    await using world = await openFaultWorld();
    const book = new HandOverBook("killed before it hears that it has the lease", world);
    const worker = await world.startWorker();
    const trap = world.camunda.interfere(extendLock, { kind: "hold_answer" });
    await book.start(4);
    await trap.caught(4);
    await worker.kill9();
    trap.discard();

    await book.arrived();
    const inAnHour = Date.now() + 3_600_000;
    for (const { lockExpirationTime } of await world.engine.externalTasks({ tenantIdIn: [world.tenantId] })) {
      assert.ok(Date.parse(lockExpirationTime ?? "") > inAnHour, "the lease, not the hand-over lock");
    }
    assert.equal((await book.balance()).recovered, 0);
  },
});
