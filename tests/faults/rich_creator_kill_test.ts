/**
 * The creator is killed at each of the requests that make rich tasks, while another stands by: whatever the instant, each
 * external task ends with one object, whole and nothing in it twice, and is completed once.
 */
import assert from "node:assert/strict";
import { ignore } from "./fault_world.ts";
import { addingItem, calling, creation, lastCalling, lookUp } from "./portal_requests.ts";
import type { Trap } from "./request_proxy.ts";
import { openRichWorld, RichBook, type RichWorld } from "./rich_world.ts";
import type { RoundProgram } from "./round_world.ts";
import { sideBySide } from "./side_by_side.ts";

/** A creator has two batches in hand, so that one kill hits two requests. */
const batch = 8;
const tasks = 2 * batch;
const worldsAtOnce = 5;
/** How late a dead creator's requests take effect: after the other leads, and before that one's pause has passed. */
const requestsAreLateMs = 3_000;

interface Scene {
  readonly world: RichWorld;
  readonly leader: RoundProgram;
  readonly standBy: RoundProgram;
  /** Starts the instances and the worker. */
  begin(): Promise<void>;
}

interface KillPoint {
  readonly sentence: string;
  /** Returns once the leader was killed at its point. */
  strike(scene: Scene): Promise<void>;
}

/** The portal has done what both requests ask for, and the creator is not told. */
function unheard(sentence: string, one: RegExp, other: RegExp): KillPoint {
  return {
    sentence,
    async strike(scene) {
      const traps = trap(scene, "hold_answer", one, other);
      await scene.begin();
      await killAt(traps, scene);
      for (const held of traps) held.discard();
    },
  };
}

function trap({ world }: Scene, kind: "hold_request" | "hold_answer", ...requests: readonly RegExp[]): Trap[] {
  return requests.map((request) => world.portalRequests.interfere(request, { kind }, 1));
}

async function killAt(traps: readonly Trap[], { leader }: Scene): Promise<void> {
  await Promise.all(traps.map((held) => held.caught()));
  await leader.process.kill9();
}

const killPoints: readonly KillPoint[] = [
  unheard(
    "which fields the portal has, and of another batch that it has no such tasks",
    calling("userfield"),
    calling(lookUp),
  ),
  unheard(
    "of the templates, and for another batch of heads and earlier tasks",
    calling("tasktemplate\\.get"),
    calling("supervisor\\.get"),
  ),
  unheard(
    "of earlier results, and for another batch of the comments they are in",
    calling("result\\.list"),
    calling("commentitem\\.get"),
  ),
  unheard(
    "of earlier files, and of another batch that it was created",
    calling("attachedObject\\.get"),
    calling(creation),
  ),
  unheard(
    "that links, questionnaires and checklists are there, all of one batch and the last of another",
    calling("dependency\\.add"),
    lastCalling("dependency\\.add"),
  ),
  unheard(
    "that items of checklists are there, all of one batch and the last of another",
    calling(addingItem("i1")),
    lastCalling(addingItem("i1")),
  ),
  unheard(
    "that items below items are there, and of another batch that the add-on knows of it",
    calling(addingItem("i1a")),
    calling("camunda\\.sync"),
  ),
  {
    sentence: "what tasks lack after a first attempt, and of another batch that this was added",
    async strike(scene) {
      const failure = { status: 500, error: "INTERNAL_SERVER_ERROR" };
      scene.world.portal.faults.refuseNext(failure, "imena.camunda.task.questionnaire.add", { times: tasks });
      await scene.begin();
      await scene.leader.process.logged("creator.retried", { times: tasks });
      const traps = trap(scene, "hold_answer", calling("checklistitem\\.getlist"), calling("questionnaire\\.add"));
      await killAt(traps, scene);
      for (const held of traps) held.discard();
    },
  },
  {
    sentence: "of creations and of checklist items that the portal makes only after the other leads",
    async strike(scene) {
      const { world: { portal }, standBy } = scene;
      const traps = trap(scene, "hold_request", calling(creation), calling(addingItem("i1")));
      await scene.begin();
      await killAt(traps, scene);
      await standBy.process.logged("program.pausing");
      await new Promise((resolve) => setTimeout(resolve, requestsAreLateMs));
      const made = portal.ledger().size;
      assert.ok(
        made > 0 && made < tasks,
        `nobody creates before the take-over pause has passed, and ${made} are there`,
      );
      for (const late of traps) late.release();
    },
  },
];

async function recovers({ sentence, strike }: KillPoint): Promise<void> {
  await using world = await openRichWorld({ settings: { CREATOR_BATCH_SIZE: String(batch) } });
  const book = new RichBook(`killed before it hears ${sentence}`, world);
  const [one, other] = await Promise.all([world.startCreator(), world.startCreator(), world.startTracker()]);
  const [leader, standBy] = one.standsBy ? [other, one] : [one, other];
  assert.ok(standBy.standsBy && !leader.standsBy);

  await strike({ world, leader, standBy, begin: () => book.begin(tasks) });
  await standBy.leads();
  await book.created();
  await book.carriedThrough();
  await book.balance();
}

Deno.test({
  name: "a killed creator leaves one whole task each, whatever it has not heard",
  ignore,
  async fn(context) {
    const steps = killPoints.map((point) => ({ name: point.sentence, fn: () => recovers(point) }));
    await sideBySide(context, steps, worldsAtOnce);
  },
});
