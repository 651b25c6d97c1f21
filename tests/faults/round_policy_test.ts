/**
 * Policies that an administrator sets for all queues, ours included. A queue's own arguments win over a policy's
 * dead-letter target, the smaller number wins between times to live and lengths, and `expires` deletes queues that have no
 * consumer, messages and all: what is lost that way comes back when its lease ends.
 */
import assert from "node:assert/strict";
import { eventually } from "../lib/amqp/eventually.ts";
import { ignore } from "./fault_world.ts";
import { detourQueue, openRoundWorld, RoundBook, type RoundWorld, waitingQueue } from "./round_world.ts";

const tasks = 20;
const policyName = "catch-all";

type Definition = Readonly<Record<string, string | number>>;

function policies({ faults: { vhost } }: RoundWorld) {
  assert.ok(vhost);
  const path = `policies/${vhost.name}/${policyName}`;
  return {
    set: (definition: Definition, pattern = ".*") =>
      vhost.manage("PUT", path, { pattern, definition, "apply-to": "queues", priority: 0 }),
    clear: () => vhost.manage("DELETE", path),
    /** Waits until the broker says that the policy rules this queue. */
    async rules(queue: string): Promise<void> {
      await eventually(async () => {
        const found = await vhost.manage("GET", `queues/${vhost.name}/${queue}`);
        return JSON.stringify(found).includes(`"policy":"${policyName}"`);
      }, `a policy over ${queue}`);
    },
  };
}

/** Half of the tasks under the first policy of the queues' life, half after it was set again; creations fail on the way. */
async function roundUnder(book: RoundBook, world: RoundWorld, definition: Definition): Promise<void> {
  const policy = policies(world);
  await policy.set(definition);
  await world.faults.startWorker();
  await world.startCreator();
  await world.startTracker();
  await policy.rules(waitingQueue);
  world.portal.faults.failNext({ status: 500, error: "INTERNAL_SERVER_ERROR" }, { method: "tasks.task.add" });
  await book.start(tasks / 2);
  const onDetour = async () => await world.faults.queues.depth(detourQueue) > 0;
  await eventually(onDetour, "tasks on their detour");
  await policy.clear();
  await policy.set(definition);
  await book.start(tasks / 2);
  await book.created();
  // Several ticks, so that waiting messages come back again and again.
  const from = Math.floor(Date.now() / 1000);
  await eventually(() => Date.now() / 1000 > from + 4, "four ticks");
}

Deno.test({
  name: "a catch-all dead-letter target takes nothing of what waits or is delayed",
  ignore,
  async fn() {
    await using world = await openRoundWorld();
    const book = new RoundBook("dead-letter policy", world);
    const trap = "trap";
    await world.faults.vhost?.withChannel((channel) => channel.assertQueue(trap, { durable: true }));
    await roundUnder(book, world, { "dead-letter-exchange": "", "dead-letter-routing-key": trap });
    await book.carriedThrough();
    await book.balance();
    assert.equal(await world.faults.queues.depth(trap), 0);
  },
});

Deno.test({
  name: "a catch-all time to live shorter than a delay brings messages back early, and nothing is created twice",
  ignore,
  async fn() {
    await using world = await openRoundWorld();
    const book = new RoundBook("time-to-live policy", world);
    await roundUnder(book, world, { "message-ttl": 1_500 });
    await book.carriedThrough();
    await book.balance();
  },
});

Deno.test({
  name: "queues that a policy lets fill up refuse what does not fit, and it waits where it was until there is room",
  ignore,
  async fn() {
    await using world = await openRoundWorld();
    const book = new RoundBook("length policy", world);
    await policies(world).set({ "max-length": 5, overflow: "reject-publish" }, "^bitrix24\\.(sent\\.queue|waiting)");
    const { tracker: { process } } = await world.startPrograms();
    // What arrives at once may fit in before the broker counts; what finds a full queue is refused.
    await eventually(
      async () => {
        await book.start(tasks / 4);
        await book.created();
        return process.count("program.settle_failed") > 0;
      },
      "a task that found the waiting queue full",
      60_000,
    );
    await book.carriedThrough({ atATime: 2, withinMs: 90_000 });
    await book.balance();
  },
});

Deno.test({
  name: "open tasks whose waiting queue a policy has deleted come back at the end of their lease, to the same objects",
  ignore,
  async fn() {
    await using world = await openRoundWorld();
    const book = new RoundBook("expires policy", world);
    const policy = policies(world);
    const { queues, engine, tenantId } = world.faults;
    const { tracker } = await world.startPrograms();
    const ids = await book.start(tasks);
    await book.created();
    await eventually(async () => await queues.depth(waitingQueue) === tasks, "all tasks wait");
    // Nobody puts anything there meanwhile.
    await tracker.process.kill9();
    await policy.set({ expires: 500 }, `^${waitingQueue.replaceAll(".", "\\.")}$`);
    await eventually(() => queues.depth(waitingQueue).then(() => false, () => true), "a deleted queue");
    await policy.clear();

    await world.startTracker();
    const open = await engine.externalTasks({ tenantIdIn: [tenantId] });
    assert.equal(open.length, tasks, "Camunda still waits for all of them");
    await world.faults.endLocks(ids);
    const waiting = () => queues.depth(waitingQueue).catch(() => 0); // made again when the first task waits
    await eventually(async () => await waiting() === tasks, "all tasks wait again");
    await book.carriedThrough();
    await book.balance();
  },
});
