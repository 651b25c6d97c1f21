import assert from "node:assert/strict";
import { Bitrix24Error } from "../../../lib/bitrix24/bitrix24_error.ts";
import { requireSettings } from "../../../lib/config/require_settings.ts";
import { LinkedTasks, openLinkedTasks } from "../../../lib/sync/linked_checklists.ts";
import { syncSettings } from "../../../lib/sync/sync_settings.ts";
import { systemClock } from "../../../lib/time/clock.ts";
import type { Bitrix24Simulator } from "../../../simulators/bitrix24/simulator.ts";
import { SleepingClock } from "../bitrix24/sleeping_clock.ts";
import { add, never, openPortal, resultOf } from "../../simulators/bitrix24/portal_place.ts";

Deno.test("the checklists of a linked task come in its order, nested as deep as they are", async () => {
  await using portal = await openPortal();
  await addTask(portal.simulator);
  const tasks = new LinkedTasks(portal.client, systemClock);
  const found = await tasks.checklistsOf(["1", "1"], never);
  assert.deepEqual([...found], [["1", [{
    name: "Документы",
    items: [{ text: "Паспорт", items: [{ text: "Страница 2", items: [] }] }, { text: "Счёт", items: [] }],
  }]]]);
});

Deno.test("a task that is not there, or has no items, has no checklists", async () => {
  await using portal = await openPortal();
  await add(portal.simulator);
  const tasks = new LinkedTasks(portal.client, systemClock);
  assert.deepEqual([...await tasks.checklistsOf(["1", "99", "x"], never)], [["1", []], ["99", []], ["x", []]]);
});

Deno.test("a task is asked for once in ten minutes, and several in one request", async () => {
  await using portal = await openPortal();
  await addTask(portal.simulator);
  const clock = new SleepingClock();
  clock.ms = 1e12;
  const tasks = new LinkedTasks(portal.client, clock);
  const before = portal.simulator.requestCount;
  const first = await tasks.checklistsOf(["1", "2", "3"], never);
  assert.deepEqual(await tasks.checklistsOf(["1", "2", "3"], never), first);
  assert.equal(portal.simulator.requestCount - before, 1);
  clock.ms += 600_001;
  await tasks.checklistsOf(["1"], never);
  assert.equal(portal.simulator.requestCount - before, 2);
});

Deno.test("no more than a thousand tasks are remembered", async () => {
  const asked: unknown[] = [];
  const tasks = new LinkedTasks({
    runAll: (commands) => {
      asked.push(...commands.map(({ params }) => params));
      return Promise.resolve(commands.map(() => ({ ok: true, result: [], time: undefined })));
    },
    [Symbol.dispose]: () => {},
  }, systemClock);
  const ids = Array.from({ length: 1500 }, (_, index) => String(index));
  assert.equal((await tasks.checklistsOf(ids, never)).size, 1500);
  await tasks.checklistsOf(["1499"], never);
  assert.equal(asked.length, 1500);
  await tasks.checklistsOf(["0"], never);
  assert.equal(asked.length, 1501);
});

Deno.test("a portal that cannot be asked fails the look-up, so that no checklist is lost in silence", async () => {
  await using portal = await openPortal();
  await addTask(portal.simulator);
  portal.simulator.faults.refuseNext({ status: 403, error: "insufficient_scope" }, "task.checklistitem.getlist");
  const tasks = new LinkedTasks(portal.client, systemClock);
  await assert.rejects(tasks.checklistsOf(["1"], never), Bitrix24Error);
  assert.equal((await tasks.checklistsOf(["1"], never)).get("1")?.length, 1);
});

Deno.test("without a portal in the settings nobody is asked", () => {
  assert.equal(openLinkedTasks(requireSettings(syncSettings, {}), systemClock), undefined);
});

async function addTask(simulator: Bitrix24Simulator): Promise<void> {
  await add(simulator);
  const item = (FIELDS: object) => resultOf(simulator, "task.checklistitem.add", { TASKID: 1, FIELDS });
  const list = await item({ TITLE: "Документы", PARENT_ID: 0 });
  await item({ TITLE: "Счёт", PARENT_ID: list, SORT_INDEX: "20" });
  const passport = await item({ TITLE: "Паспорт", PARENT_ID: list, SORT_INDEX: "10" });
  await item({ TITLE: "Страница 2", PARENT_ID: passport });
}
