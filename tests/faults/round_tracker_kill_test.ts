/** Trackers are killed while people finish their tasks: what waits neither gets lost nor multiplies. */
import { eventually } from "../lib/amqp/eventually.ts";
import { ignore } from "./fault_world.ts";
import {
  openRoundWorld,
  RoundBook,
  type RoundProgram,
  type RoundWorld,
  sentQueue,
  waitingQueue,
} from "./round_world.ts";

const tasks = 40;
const kills = 10;

/** Each open task waits exactly once, and nothing waits when all are done. */
async function eachWaitsOnce(world: RoundWorld): Promise<void> {
  const open = world.portal.people.openTasks().length;
  const waits = async () => await world.faults.queues.depth(waitingQueue) === open;
  await eventually(waits, `${open} open tasks, each waiting once`);
}

async function nothingWaits(world: RoundWorld): Promise<void> {
  for (const queue of [waitingQueue, sentQueue]) {
    await eventually(async () => await world.faults.queues.depth(queue) === 0, `no copies in ${queue}`);
  }
}

interface KillPoint {
  readonly sentence: string;
  /** Returns once the tracker was killed; people finish half of the tasks meanwhile. */
  strike(world: RoundWorld, tracker: RoundProgram, finishHalf: () => void): Promise<void>;
}

const looks = /POST .*\/batch\n.*tasks\.task\.list/;

/** Cuts the tracker off from the broker, in one direction, before it publishes what its look has found; kills it then. */
async function killUnconfirmed(
  world: RoundWorld,
  { process, wire }: RoundProgram,
  direction: "toTarget" | "toClient",
  finishHalf: () => void,
): Promise<void> {
  const look = world.portalRequests.interfere(looks, { kind: "hold_request" }, 1);
  await look.caught();
  finishHalf();
  wire[direction] = "swallow";
  look.release();
  const unconfirmed = async () => (await process.metric("exchanger_amqp_unconfirmed") ?? 0) > 0;
  await eventually(unconfirmed, "messages without a confirm");
  await process.kill9();
}

const killPoints: readonly KillPoint[] = [
  {
    sentence: "while it looks at their objects",
    async strike(world, { process }, finishHalf) {
      const look = world.portalRequests.interfere(looks, { kind: "hold_answer" }, 1);
      finishHalf();
      await look.caught();
      await process.kill9();
      look.discard();
    },
  },
  {
    sentence: "while it asks Camunda which of them it still waits for",
    async strike(world, { process }, finishHalf) {
      const question = world.faults.camunda.interfere(
        /POST \/engine-rest\/external-task\?/,
        { kind: "hold_answer" },
        1,
      );
      finishHalf();
      await question.caught();
      await process.kill9();
      question.discard();
    },
  },
  {
    sentence: "with answers and waiting copies that do not reach the broker",
    strike: (world, tracker, finishHalf) => killUnconfirmed(world, tracker, "toTarget", finishHalf),
  },
  {
    sentence: "with answers and waiting copies that the broker has confirmed unheard",
    strike: (world, tracker, finishHalf) => killUnconfirmed(world, tracker, "toClient", finishHalf),
  },
  {
    sentence: "after the first answer is confirmed",
    async strike(_world, { process }, finishHalf) {
      finishHalf();
      await process.kill9At("tracker.answered");
    },
  },
];

for (const { sentence, strike } of killPoints) {
  Deno.test({
    name: `a tracker that is killed ${sentence} loses none of ${tasks} open tasks and does not multiply them`,
    ignore,
    async fn() {
      await using world = await openRoundWorld();
      const book = new RoundBook(`tracker killed ${sentence}`, world);
      await world.faults.startWorker();
      await world.startCreator();
      const tracker = await world.startTracker();
      await book.start(tasks);
      await book.created();
      await eachWaitsOnce(world);
      const { people } = world.portal;
      await strike(world, tracker, () => {
        for (const { id } of people.openTasks().slice(0, tasks / 2)) people.finish(id);
      });
      await world.startTracker();
      await eachWaitsOnce(world);
      await book.carriedThrough();
      await book.balance();
      await nothingWaits(world);
    },
  });
}

Deno.test({
  name: `${kills} trackers killed one after the other lose none of ${tasks} open tasks and do not multiply them`,
  ignore,
  async fn() {
    await using world = await openRoundWorld();
    const book = new RoundBook(`${kills} trackers killed`, world);
    await world.faults.startWorker();
    await world.startCreator();
    await book.start(tasks);
    await book.created();
    const { people } = world.portal;
    for (let kill = 0; kill < kills; kill++) {
      const { process } = await world.startTracker();
      for (const { id } of people.openTasks().slice(0, tasks / kills / 2)) people.finish(id);
      await process.kill9At("tracker.answered");
    }
    await world.startTracker();
    await eachWaitsOnce(world);
    await book.carriedThrough({ atATime: 2 });
    await book.balance();
    await nothingWaits(world);
  },
});
