/**
 * The creator is killed around the creation of a batch while another stands by: whatever the instant, each external task
 * ends with one object on the portal and is completed once.
 */
import assert from "node:assert/strict";
import { eventually } from "../lib/amqp/eventually.ts";
import type { Trap } from "./request_proxy.ts";
import { ignore, taskQueue } from "./fault_world.ts";
import { detourQueue, openRoundWorld, RoundBook, type RoundProgram, type RoundWorld } from "./round_world.ts";

const tasks = 20;
const lookUps = /POST .*\/batch\n.*tasks\.task\.list/;
const creations = /POST .*\/batch\n.*tasks\.task\.add/;
/** How late a dead creator's request takes effect: after the other leads, and before that one's pause has passed. */
const requestIsLateMs = 3_000;

interface Scene {
  readonly world: RoundWorld;
  readonly leader: RoundProgram;
  /** Starts the instances. */
  begin(): Promise<unknown>;
}

interface KillPoint {
  readonly sentence: string;
  /** Returns once the leader was killed at its point. */
  strike(scene: Scene): Promise<void>;
}

/** Begins, and traps the batch that creates. */
async function trapCreation({ world, begin }: Scene, kind: "hold_request" | "hold_answer"): Promise<Trap> {
  const creation = world.portalRequests.interfere(creations, { kind }, 1);
  await begin();
  await creation.caught();
  return creation;
}

const killPoints: readonly KillPoint[] = [
  {
    sentence: "killed before it hears that the portal has no such tasks",
    async strike({ world, leader, begin }) {
      const lookUp = world.portalRequests.interfere(lookUps, { kind: "hold_answer" }, 1);
      await begin();
      await lookUp.caught();
      await leader.process.kill9();
      assert.equal(world.portal.ledger().size, 0);
      lookUp.discard();
    },
  },
  {
    sentence: "killed while its creations are on their way, which the portal then makes all the same",
    async strike(scene) {
      const creation = await trapCreation(scene, "hold_request");
      await scene.leader.process.kill9();
      await new Promise((resolve) => setTimeout(resolve, requestIsLateMs));
      assert.equal(scene.world.portal.ledger().size, 0, "nobody creates before the take-over pause has passed");
      creation.release();
    },
  },
  {
    sentence: "killed before it hears that the portal has created",
    async strike(scene) {
      const creation = await trapCreation(scene, "hold_answer");
      await scene.leader.process.kill9();
      assert.ok(scene.world.portal.ledger().size > 0);
      creation.discard();
    },
  },
  {
    sentence: "killed with sent messages that do not reach the broker",
    async strike(scene) {
      const { process, wire } = scene.leader;
      const creation = await trapCreation(scene, "hold_answer");
      wire.toTarget = "swallow";
      creation.release();
      const unconfirmed = async () => (await process.metric("exchanger_amqp_unconfirmed") ?? 0) > 0;
      await eventually(unconfirmed, "sent messages on their way to the broker");
      await process.kill9();
    },
  },
  {
    sentence: "killed after the first sent message is confirmed",
    async strike({ leader, begin }) {
      await Promise.all([leader.process.kill9At("creator.created"), begin()]);
    },
  },
];

for (const { sentence, strike } of killPoints) {
  Deno.test({
    name: `a creator that is ${sentence} leaves one object for each task`,
    ignore,
    async fn() {
      await using world = await openRoundWorld();
      const book = new RoundBook(sentence, world);
      await world.faults.startWorker();
      const leader = await world.startCreator();
      const standBy = await world.startCreator();
      await world.startTracker();
      assert.ok(standBy.standsBy);

      const begun = new Set<string>();
      const begin = async () => (await book.start(tasks)).forEach((taskId) => begun.add(taskId));
      await strike({ world, leader, begin });
      await standBy.leads();
      await copiesAreHandled(world, book);
      for (const { code, taskId } of standBy.process.lines) {
        if (code === "creator.created" && taskId !== undefined && begun.has(taskId)) book.objects.again(taskId);
      }
      await book.carriedThrough();
      await book.balance();
    },
  });
}

Deno.test({
  name: "a creator started at once over fresh copies of what a killed one was creating leaves one object for each task",
  ignore,
  async fn() {
    // So small that fresh copies are not in one batch with those the killed creator had in hand.
    const batch = 10;
    await using world = await openRoundWorld({ settings: { CREATOR_BATCH_SIZE: String(batch) } });
    const book = new RoundBook("restarted over fresh copies", world);
    await world.faults.startWorker();
    const killed = await world.startCreator();
    await world.startTracker();
    const creation = world.portalRequests.interfere(creations, { kind: "hold_request" }, 1);
    const begun = await book.start(tasks);
    await creation.caught();
    // As after a republished window: nobody has had these in hand.
    const facts = { topic: "bitrix_create_task", system: "bitrix24", activity_id: "A", worker_id: "universal-worker" };
    const copies = begun.map((task_id) => JSON.stringify({ task_id, ...facts }));
    assert.ok((await world.faults.queues.publish(taskQueue, copies)).every(Boolean));
    await killed.process.kill9();
    // Nobody leads, so nobody is taken over: this one begins at once.
    const restarted = await world.startCreator();
    assert.ok(!restarted.standsBy);
    const held = async () => await world.faults.queues.depth(detourQueue) >= 2 * batch;
    await eventually(held, "both copies of what the killed creator had in hand on their detour");
    creation.release();
    await book.carriedThrough();
    await book.balance();
  },
});

/**
 * Batches are handled one after the other: once a later task has its object, all that was in the queue before it is
 * handled. What the dead creator had in hand comes twice, before and after its detour.
 */
async function copiesAreHandled(world: RoundWorld, book: RoundBook): Promise<void> {
  await book.start(1);
  await book.created();
  await eventually(async () => await world.faults.queues.depth(detourQueue) === 0, "the end of the detour");
  await book.start(1);
  await book.created();
}
