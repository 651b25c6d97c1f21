/** Trackers are killed one after the other while people finish their tasks: what waits neither gets lost nor multiplies. */
import { eventually } from "../lib/amqp/eventually.ts";
import { ignore } from "./fault_world.ts";
import { openRoundWorld, RoundBook, sentQueue, waitingQueue } from "./round_world.ts";

const tasks = 40;
const kills = 10;

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
    const { queues } = world.faults;
    const open = people.openTasks().length;
    await eventually(async () => await queues.depth(waitingQueue) === open, `${open} open tasks, each waiting once`);
    await book.carriedThrough({ atATime: 2 });
    await book.balance();
    for (const queue of [waitingQueue, sentQueue]) {
      await eventually(async () => await queues.depth(queue) === 0, `no copies in ${queue}`);
    }
  },
});
