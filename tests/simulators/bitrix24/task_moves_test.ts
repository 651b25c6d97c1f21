import assert from "node:assert/strict";
import { type Bitrix24Simulator, startBitrix24Simulator } from "../../../simulators/bitrix24/simulator.ts";
import { add, call, refusalOf, resultOf } from "./portal_place.ts";

async function task(simulator: Bitrix24Simulator, taskId = 1) {
  return (await resultOf(simulator, "tasks.task.get", { taskId })).task;
}

Deno.test("tasks move through REST as far as their status allows, and not further", async () => {
  await using simulator = await startBitrix24Simulator();
  await add(simulator);
  const seen: string[] = [];
  for (const move of ["start", "start", "defer", "start", "complete", "complete", "approve", "renew", "pause"]) {
    const { status, body } = await call(simulator, `tasks.task.${move}`, { taskId: 1 });
    seen.push(status === 200 ? body.result.task.status : body.error);
  }
  assert.deepEqual(seen, ["3", "1048582", "6", "1048582", "5", "1048582", "1048582", "2", "1048582"]);
});

Deno.test("a task under control waits for whoever set it, who takes it or gives it back", async () => {
  await using simulator = await startBitrix24Simulator();
  await add(simulator, { TASK_CONTROL: "Y", CREATED_BY: 3, RESPONSIBLE_ID: 7 });
  simulator.people.finish("1");
  assert.equal((await task(simulator)).status, "4");
  assert.equal(simulator.people.openTasks()[0]?.status, "4");
  simulator.people.disapprove("1");
  assert.equal((await task(simulator)).status, "2");
  simulator.people.finish("1");
  assert.equal((await call(simulator, "tasks.task.approve", { taskId: 1 })).body.result.task.status, "5");
});

Deno.test("whoever set a task under control needs no approval to finish it", async () => {
  await using simulator = await startBitrix24Simulator();
  await add(simulator, { TASK_CONTROL: "Y", CREATED_BY: 3 });
  simulator.people.finish("1", { by: 3 });
  assert.equal((await task(simulator)).status, "5");
});

Deno.test("a task says who closed it and when, until it is taken up again", async () => {
  await using simulator = await startBitrix24Simulator();
  await add(simulator);
  const before = await task(simulator);
  assert.deepEqual([before.closedBy, before.closedDate, before.taskControl], [null, null, "N"]);
  simulator.people.finish("1", { by: 8 });
  const { closedBy, closedDate, changedDate, statusChangedBy } = await task(simulator);
  assert.deepEqual([closedBy, closedDate, statusChangedBy], ["8", changedDate, "8"]);
  assert.match(closedDate, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/);
  simulator.people.reopen("1");
  const after = await task(simulator);
  assert.deepEqual([after.closedBy, after.closedDate, after.status], ["0", null, "2"]);
});

Deno.test("a declined task is closed for people, but nobody completed it", async () => {
  await using simulator = await startBitrix24Simulator();
  await add(simulator);
  simulator.people.decline("1");
  const { status, closedDate, statusChangedBy } = await task(simulator);
  assert.deepEqual([status, closedDate, statusChangedBy], ["7", null, "7"]);
  assert.throws(() => simulator.people.finish("1"), /не разрешено/);
});

Deno.test("a deferred task stays open, and can be finished", async () => {
  await using simulator = await startBitrix24Simulator();
  await add(simulator);
  simulator.people.defer("1");
  assert.deepEqual(simulator.people.openTasks().map(({ status }) => status), ["6"]);
  simulator.people.finish("1");
  assert.equal((await task(simulator)).status, "5");
});

Deno.test("where results are enforced, a task that wants one is not finished without", async () => {
  await using simulator = await startBitrix24Simulator({ enforceResult: true });
  await add(simulator, { SE_PARAMETER: [{ CODE: 3, VALUE: "Y" }] });
  await add(simulator);
  assert.throws(() => simulator.people.finish("1"), /добавьте результат/);
  assert.match((await refusalOf(simulator, "tasks.task.complete", { taskId: 1 }))[2], /добавьте результат/);
  simulator.people.finish("1", { result: "вот" });
  simulator.people.finish("2");
  simulator.people.reopen("1");
  assert.throws(() => simulator.people.finish("1"), /добавьте результат/);
});
