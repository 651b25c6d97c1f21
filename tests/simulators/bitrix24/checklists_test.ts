import assert from "node:assert/strict";
import { startBitrix24Simulator } from "../../../simulators/bitrix24/simulator.ts";
import { add, call, resultOf } from "./portal_place.ts";

Deno.test("checklists are a tree of items, shown as texts, latest first", async () => {
  await using simulator = await startBitrix24Simulator();
  await add(simulator);
  const item = (FIELDS: object) => resultOf(simulator, "task.checklistitem.add", { TASKID: 1, FIELDS });
  const group = await item({ TITLE: "Документы", PARENT_ID: 0, SORT_INDEX: "10" });
  const child = await item({ TITLE: "Паспорт", PARENT_ID: group, IS_IMPORTANT: "Y", MEMBERS: { 5: { TYPE: "U" } } });
  await item({ TITLE: "Страница 2", PARENT_ID: child, IS_COMPLETE: "Y" });
  assert.equal(typeof group, "number");
  const rows = await resultOf(simulator, "task.checklistitem.getlist", { TASKID: 1 });
  assert.deepEqual(
    rows.map((row: Record<string, unknown>) => [row["TITLE"], row["PARENT_ID"], row["IS_COMPLETE"]]),
    [["Страница 2", String(child), "Y"], ["Паспорт", String(group), "N"], ["Документы", 0, "N"]],
  );
  assert.deepEqual(
    [rows[1].ID, rows[1].IS_IMPORTANT, rows[1].MEMBERS[0].ID, rows[1].MEMBERS[0].TYPE, rows[2].MEMBERS],
    [String(child), "Y", "5", "U", []],
  );
  assert.equal(rows[2].SORT_INDEX, "10");
});

Deno.test("parameters count by their place, so their names may be written as one likes", async () => {
  await using simulator = await startBitrix24Simulator();
  await add(simulator);
  const byName = { taskId: 1, fields: { TITLE: "a", PARENT_ID: 0 } };
  assert.equal(typeof await resultOf(simulator, "task.checklistitem.add", byName), "number");
  assert.equal(typeof await resultOf(simulator, "task.checklistitem.add", [1, { TITLE: "b" }]), "number");
  const turned = await call(simulator, "task.checklistitem.add", { FIELDS: { TITLE: "c" }, TASKID: 1 });
  assert.deepEqual([turned.status, turned.body.error], [400, "ERROR_CORE"]);
  assert.match(turned.body.error_description, /^TASKS_ERROR_EXCEPTION_#256; Param #0 \(taskId\)/);
});

Deno.test("an item without a parent goes into the first checklist, one with an unknown parent becomes a checklist", async () => {
  await using simulator = await startBitrix24Simulator();
  await add(simulator);
  const item = (FIELDS: object) => resultOf(simulator, "task.checklistitem.add", { TASKID: 1, FIELDS });
  await item({ TITLE: "a" });
  await item({ TITLE: "b", PARENT_ID: 77 });
  await item({ TITLE: "c" });
  const [own, a, b, c] = simulator.portal.checklists.of(1);
  assert.deepEqual([own?.title, a?.parentId, b?.parentId, c?.parentId], ["BX_CHECKLIST_1", own?.id, 0, own?.id]);
});

Deno.test("an item is completed once, whatever the task, and what is not there is false", async () => {
  await using simulator = await startBitrix24Simulator();
  await add(simulator);
  const id = await resultOf(simulator, "task.checklistitem.add", { TASKID: 1, FIELDS: { TITLE: "a", PARENT_ID: 0 } });
  const complete = (ITEMID: number) => resultOf(simulator, "task.checklistitem.complete", { TASKID: 1, ITEMID });
  assert.deepEqual([await complete(id), await complete(id), await complete(5)], [true, true, false]);
  const [row] = await resultOf(simulator, "task.checklistitem.getlist", { TASKID: 1 });
  assert.deepEqual([row.IS_COMPLETE, row.TOGGLED_BY], ["Y", "1"]);
});

Deno.test("a checklist of no task and an item without a title are refused in the words of old methods", async () => {
  await using simulator = await startBitrix24Simulator();
  await add(simulator);
  const refused = async (method: string, params: object) =>
    (await call(simulator, method, params)).body.error_description.split(";").slice(0, 2).join(";");
  assert.equal(
    await refused("task.checklistitem.add", { TASKID: 9, FIELDS: { TITLE: "a" } }),
    "TASKS_ERROR_EXCEPTION_#8; Adding item: action not allowed",
  );
  assert.equal(
    await refused("task.checklistitem.add", { TASKID: 1, FIELDS: { TITLE: " " } }),
    "TASKS_ERROR_EXCEPTION_#8; Item name not specified",
  );
  assert.equal(
    await refused("task.checklistitem.getlist", { TASKID: 9 }),
    "TASKS_ERROR_EXCEPTION_#8; Action failed",
  );
});
