/**
 * The portal fails in the middle of rich tasks: too slow, at its limits, down. Every task waits, is made once and whole, and
 * nobody hammers.
 */
import assert from "node:assert/strict";
import type { Bitrix24Simulator } from "../../simulators/bitrix24/simulator.ts";
import { eventually } from "../lib/amqp/eventually.ts";
import { errorsQueue, ignore } from "./fault_world.ts";
import { addingItem, calling, creation } from "./portal_requests.ts";
import { openRichWorld, RichBook, type RichWorld } from "./rich_world.ts";
import type { RoundWorldOptions } from "./round_world.ts";
import type { ProgramProcess } from "./program_process.ts";
import { sideBySide } from "./side_by_side.ts";

const tasks = 8;
const worldsAtOnce = 6;
const itemsPerTask = 7;
const checklistsPerTask = 2;

interface Scene {
  readonly world: RichWorld;
  readonly book: RichBook;
  readonly creator: ProgramProcess;
}

interface Trouble {
  readonly sentence: string;
  readonly options?: RoundWorldOptions;
  /** Begins, makes trouble and ends it. */
  strike(scene: Scene): Promise<void>;
}

const limited = {
  kind: "answer",
  status: 503,
  body: { error: "QUERY_LIMIT_EXCEEDED", error_description: "Too many requests" },
} as const;
const operatingLimit = { status: 429, error: "OPERATION_TIME_LIMIT" };
/** Never spent, but answers say when part of it is forgotten: within some seconds. */
const shortMemory = { portal: { operatingLimit: { seconds: 1000, windowMs: 2_000, secondsPerCall: 0.01 } } };

const troubles: readonly Trouble[] = [
  {
    sentence: "adds checklist items after its time is up, when nobody listens any more",
    async strike({ world: { portal }, book, creator }) {
      // 20 items take longer than BITRIX_REQUEST_TIMEOUT, within what BITRIX_REQUEST_LIFETIME_SECONDS allows for.
      portal.faults.latency("task.checklistitem.add", 130);
      await book.begin(tasks);
      await creator.logged("breaker.open");
      const added = itemsOn(portal);
      assert.ok(added > checklistsPerTask * tasks && added < itemsPerTask * tasks, `${added} items`);
      await eventually(() => itemsOn(portal) > added, "items after the time is up");
    },
  },
  {
    sentence: "loses its answer about checklist items, of which people tick some before the next attempt",
    async strike({ world: { portal, portalRequests }, book }) {
      const lost = portalRequests.interfere(calling(addingItem("i1")), { kind: "drop_answer" }, 1);
      await book.begin(tasks);
      await lost.caught();
      const { checklists } = portal.portal;
      const items = objectsOn(portal).flatMap((id) => checklists.of(Number(id))).filter(({ title }) => title === "i1");
      assert.ok(items.length > 0);
      for (const { id, taskId } of items) portal.people.tick(String(taskId), id);
      await book.created();
      assert.ok(items.every(({ id }) => checklists.get(id)?.complete), "what people ticked stays ticked");
      assert.equal(objectsOn(portal).flatMap((id) => checklists.of(Number(id))).length, itemsPerTask * tasks);
    },
  },
  {
    sentence: "limits every second request for some seconds",
    async strike({ world: { portal, portalRequests }, book }) {
      const made = portalRequests.interfere(calling(creation), { kind: "hold_answer" }, 1);
      await book.begin(tasks);
      await made.caught();
      const requestsBefore = portal.requestCount;
      const storm = portalRequests.interfere(/POST /, limited, Infinity, { every: 2 });
      made.release();
      await lasting(5_000);
      const requests = portal.requestCount - requestsBefore + storm.requests;
      storm.release();
      assert.ok(requests <= 24, `${requests} requests in five seconds`);
    },
  },
  {
    sentence: "has no more working time for creations in the middle of a batch",
    options: shortMemory,
    async strike(scene) {
      await outOfTime("tasks.task.add", tasks, tasks / 2, scene);
    },
  },
  {
    sentence: "has no more working time for checklist items in the middle of a task",
    options: shortMemory,
    async strike(scene) {
      await outOfTime("task.checklistitem.add", 1, 1, scene);
    },
  },
  {
    sentence: "is down for longer than all retries take",
    async strike({ world: { faults, portal, portalRequests }, book }) {
      const made = portalRequests.interfere(calling(creation), { kind: "hold_answer" }, 1);
      await book.begin(tasks);
      await made.caught();
      const requestsBefore = portal.requestCount;
      portal.faults.down = true;
      made.release();
      // Whoever counted attempts would have none left: two retries, each after the detour at the latest.
      await lasting(7_000);
      const requests = portal.requestCount - requestsBefore;
      assert.ok(requests <= 12, `${requests} requests in seven seconds`);
      assert.equal(await faults.queues.depth(errorsQueue), 0);
      portal.faults.down = false;
    },
  },
];

/** Some calls of the method are refused; those that were not say when it may be called again. */
async function outOfTime(
  method: string,
  count: number,
  refused: number,
  { world: { portal }, book, creator }: Scene,
): Promise<void> {
  portal.faults.refuseNext(operatingLimit, method, { times: refused });
  await book.begin(count);
  await eventually(() => portal.ledger().size > 0, "a task on the portal");
  const [requestsBefore, madeAt] = [portal.requestCount, performance.now()];
  await creator.logged("breaker.closed");
  const requests = portal.requestCount - requestsBefore;
  assert.ok(requests <= 30, `${requests} requests until the first task was whole`);
  assert.ok(performance.now() - madeAt > 1_500, "nothing was called again before the portal had forgotten");
}

/** How long the portal's trouble lasts. */
function lasting(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function objectsOn(portal: Bitrix24Simulator): string[] {
  return [...portal.ledger().values()].flat();
}

function itemsOn(portal: Bitrix24Simulator): number {
  return objectsOn(portal).reduce((sum, id) => sum + portal.portal.checklists.of(Number(id)).length, 0);
}

async function recovers({ sentence, options = {}, strike }: Trouble): Promise<void> {
  await using world = await openRichWorld(options);
  const book = new RichBook(`portal ${sentence}`, world);
  const [{ process: creator }] = await Promise.all([world.startCreator(), world.startTracker()]);
  await strike({ world, book, creator });
  await book.created();
  await book.carriedThrough();
  await book.balance();
}

Deno.test({
  name: "a portal in trouble gets each task once and whole",
  ignore,
  async fn(context) {
    const steps = troubles.map((trouble) => ({
      name: `a portal that ${trouble.sentence}`,
      fn: () => recovers(trouble),
    }));
    await sideBySide(context, steps, worldsAtOnce);
  },
});
