import assert from "node:assert/strict";
import fc from "fast-check";
import { callMethod } from "../../../simulators/bitrix24/methods.ts";
import { Portal } from "../../../simulators/bitrix24/portal.ts";
import { standardFields } from "../../../simulators/bitrix24/portal_fields.ts";
import { isClosed, type PortalTask, TaskStore } from "../../../simulators/bitrix24/task_store.ts";
import { Visibility } from "../../../simulators/bitrix24/visibility.ts";

const KEY = "UF_CAMUNDA_ID_EXTERNAL_TASK";

/** A portal with tasks 1 to 100, with the keys e1 to e100. */
function filledPortal() {
  const portal = new Portal(standardFields(), 10, { onEvent() {}, onTaskCreated() {} });
  const view = { portal, visibility: new Visibility(true), addon: undefined };
  for (let i = 1; i <= 100; i++) portal.addTask({ TITLE: "T", RESPONSIBLE_ID: 1, [KEY]: `e${i}` }, 0);
  const found = (filter: Record<string, string | string[]>) => {
    const { result } = callMethod(view, "tasks.task.list", { filter, select: ["ID"], order: { ID: "asc" } }, 0);
    return JSON.stringify(result);
  };
  return { portal, found };
}

const tasks = (...ids: number[]) => JSON.stringify({ tasks: ids.map((id) => ({ id: String(id) })) });

Deno.test("a list by ids or by keys looks at no other task", () => {
  const { portal, found } = filledPortal();
  portal.tasks.all = () => assert.fail("all tasks were looked at");
  assert.equal(found({ ID: "7" }), tasks(7));
  assert.equal(found({ ID: ["9", "7", "9", "1000", "x"] }), tasks(7, 9));
  assert.equal(found({ [KEY]: "e5" }), tasks(5));
  assert.equal(found({ [KEY]: ["e5", "e4", "no"] }), tasks(4, 5));
  assert.equal(found({ ID: "5", [KEY]: "e4" }), tasks());
  assert.equal(found({ [KEY]: ["e5", "e4"], "!ID": "4" }), tasks(5));
  assert.throws(() => found({ ">ID": "7" }), /all tasks were looked at/);
});

Deno.test("a list by key without the key's field, or by an empty key, is what it is on a portal", () => {
  const { portal, found } = filledPortal();
  portal.updateTask(3, { [KEY]: "" });
  assert.equal(found({ [KEY]: "" }), tasks(3));
  portal.fields.splice(0, portal.fields.length);
  assert.equal(found({ [KEY]: "e5" }), tasks(...Array.from({ length: 50 }, (_, index) => index + 1)));
});

Deno.test("whatever is put and deleted, keys and open tasks are found as by looking at all", () => {
  const id = fc.integer({ min: 1, max: 6 });
  const key = fc.constantFrom("", "a", "b");
  const task = fc.record({ id, key, status: fc.constantFrom("2", "5", "7") });
  const step = fc.oneof({ weight: 3, arbitrary: task }, { weight: 1, arbitrary: id });
  fc.assert(fc.property(fc.array(step), (steps) => {
    const store = new TaskStore();
    for (const step of steps) {
      if (typeof step === "number") store.delete(step);
      else store.put({ id: step.id, fields: { [KEY]: step.key, STATUS: step.status } });
    }
    const all = [...store.all()].toSorted((a, b) => a.id - b.id);
    const sorted = (found: readonly PortalTask[]) => found.toSorted((a, b) => a.id - b.id);
    assert.deepEqual(store.open(), all.filter((task) => !isClosed(task)));
    assert.deepEqual(sorted(store.withKeys(["a"])), all.filter(({ fields }) => fields[KEY] === "a"));
    assert.ok(store.recentlyClosed().every(isClosed));
  }));
});
