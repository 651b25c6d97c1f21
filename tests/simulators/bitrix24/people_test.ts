import assert from "node:assert/strict";
import { add, call, listedIds, openPortal } from "./portal_place.ts";

const MARK = { UF_CAMUNDA_ID_EXTERNAL_TASK: "e", UF_ELEMENT_ID: "Task_1" };

Deno.test("a copy by a person is an open task with its own id and all the fields of the original", async () => {
  await using place = await openPortal();
  const { simulator } = place;
  await add(simulator, { ...MARK, TITLE: "Original" });
  simulator.people.finish("1", { answer: "ДА" });
  assert.equal(simulator.people.copy("1"), "2");
  assert.deepEqual(await listedIds(simulator, { UF_CAMUNDA_ID_EXTERNAL_TASK: "e" }), ["1", "2"]);
  const { task } = (await call(simulator, "tasks.task.get", { taskId: 2, select: ["*", "UF_*"] })).body.result;
  assert.deepEqual([task.title, task.status, task.ufElementId, task.ufResultAnswer], ["Original", "2", "Task_1", "26"]);
  assert.deepEqual(simulator.people.openTasks().map(({ id }) => id), ["2"]);
});

Deno.test("a copy is no creation of ours: the ledger knows the original only", async () => {
  const told: string[] = [];
  await using place = await openPortal({ onTaskCreated: ({ id }) => told.push(id) });
  const { simulator } = place;
  await add(simulator, MARK);
  simulator.people.copy("1");
  assert.deepEqual([...simulator.ledger()], [["e", ["1"]]]);
  assert.deepEqual(told, ["1"]);
});

Deno.test("what is not there cannot be copied", async () => {
  await using place = await openPortal();
  assert.throws(() => place.simulator.people.copy("1"), /не разрешено/);
});

Deno.test("people see the ten tasks closed last, latest first, with what came of them", async () => {
  await using place = await openPortal();
  const { simulator } = place;
  for (let i = 1; i <= 12; i++) {
    await add(simulator);
    simulator.people.finish(String(i));
  }
  await add(simulator);
  await add(simulator);
  simulator.people.decline("14");
  simulator.people.finish("13", { answer: "НЕТ" });
  const closed = simulator.people.recentlyClosedTasks();
  assert.deepEqual(closed.map(({ id }) => id), ["13", "14", "12", "11", "10", "9", "8", "7", "6", "5"]);
  assert.deepEqual(closed.slice(0, 3).map(({ outcome, answer }) => [outcome, answer]), [
    ["finished", "НЕТ"],
    ["declined", ""],
    ["finished", ""],
  ]);
  await call(simulator, "tasks.task.update", { taskId: 13, fields: { STATUS: 3 } });
  assert.equal(simulator.people.recentlyClosedTasks()[0]?.id, "14");
});
