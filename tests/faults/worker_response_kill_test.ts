/**
 * The worker is killed at every step of a response: received, applied by Camunda, acknowledged, given up. Whatever the
 * instant, its task is completed exactly once, or set aside with an incident.
 */
import assert from "node:assert/strict";
import { eventually } from "../lib/amqp/eventually.ts";
import { HandOverBook, ResponseBook } from "./books.ts";
import { errorsQueue, type FaultWorld, ignore, openFaultWorld, stopsCleanly } from "./fault_world.ts";
import type { ProgramProcess } from "./program_process.ts";
import type { TaskBody } from "./queue_view.ts";

const complete = /POST .*\/complete/;
const failure = /POST .*\/failure/;
/** Responses the worker has in hand at once. */
const inHand = 6;

interface Scene {
  readonly world: FaultWorld;
  readonly worker: ProgramProcess;
  readonly book: ResponseBook;
  /** Handed over and waiting for their answers. */
  readonly tasks: readonly TaskBody[];
}

interface KillPoint {
  readonly sentence: string;
  /** Publishes the responses and returns once the worker was killed at its point. */
  strike(scene: Scene): Promise<void>;
  /** Responses, at least, that take a second attempt. */
  readonly recovered: number;
}

const killPoints: readonly KillPoint[] = [
  {
    sentence: "killed with responses that Camunda has not seen",
    recovered: 0, // They were only received: nothing tells that from never received.
    async strike({ world, worker, book, tasks }) {
      const trap = world.camunda.interfere(complete, { kind: "hold_request" });
      await book.answer(tasks);
      await trap.caught(inHand);
      await worker.kill9();
      trap.discard();
    },
  },
  {
    sentence: "killed before it hears that Camunda has completed",
    recovered: inHand,
    async strike({ world, worker, book, tasks }) {
      const trap = world.camunda.interfere(complete, { kind: "hold_answer" });
      await book.answer(tasks);
      await trap.caught(inHand);
      await worker.kill9();
      trap.discard();
    },
  },
  {
    sentence: "killed with acknowledgements that do not reach the broker",
    recovered: inHand,
    async strike({ world, worker, book, tasks }) {
      const trap = world.camunda.interfere(complete, { kind: "hold_answer" });
      await book.answer(tasks);
      await trap.caught(inHand);
      world.brokerWire.toTarget = "swallow";
      trap.release();
      await worker.logged("worker.completed", { times: inHand });
      await worker.kill9();
      world.brokerWire.toTarget = "forward";
    },
  },
  {
    sentence: "killed in the middle of completing",
    recovered: 0, // The acknowledgement may have been quicker than the kill.
    async strike({ worker, book, tasks }) {
      await Promise.all([worker.kill9At("worker.completed", 10), book.answer(tasks)]);
    },
  },
  {
    sentence: "killed between the incident and the errors queue",
    recovered: 0, // Raising the same incident again leaves no trace.
    async strike({ world, worker, book, tasks }) {
      const trap = world.camunda.interfere(failure, { kind: "hold_answer" });
      await book.answer(tasks, { processing_status: "lost in translation" });
      await trap.caught(inHand);
      await worker.kill9();
      trap.discard();
    },
  },
  {
    sentence: "killed before it hears that the errors queue has the response",
    recovered: 1,
    async strike({ world, worker, book, tasks }) {
      const trap = world.camunda.interfere(failure, { kind: "hold_answer" });
      await book.answer(tasks, { processing_status: "lost in translation" });
      await trap.caught(inHand);
      world.brokerWire.toClient = "swallow";
      trap.release();
      await eventually(async () => await world.queues.depth(errorsQueue) > 0, "a response that is set aside");
      await worker.kill9();
      world.brokerWire.toClient = "forward";
    },
  },
];

for (const { sentence, strike, recovered } of killPoints) {
  Deno.test({
    name: `a worker that is ${sentence} loses no response and applies none twice`,
    ignore,
    async fn() {
      await using world = await openFaultWorld();
      const worker = await world.startWorker();
      const handOver = new HandOverBook(sentence, world);
      await handOver.start(20);
      await handOver.arrived();

      const book = new ResponseBook(sentence, world);
      await strike({ world, worker, book, tasks: [...handOver.tasks.values()] });
      const next = await world.startWorker();
      await book.settled();
      const counts = await book.balance();
      assert.ok(counts.recovered >= recovered, `${counts.recovered} recovered, at least ${recovered} were hit`);
      await stopsCleanly(next);
    },
  });
}
