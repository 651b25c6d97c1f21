import assert from "node:assert/strict";
import { startBitrix24Simulator } from "../../../simulators/bitrix24/simulator.ts";
import { add, call } from "./portal_place.ts";

Deno.test("answers have the vendor's envelope: texts for numbers, camelCase names, times", async () => {
  await using simulator = await startBitrix24Simulator();
  const { status, body } = await add(simulator, { UF_RESULT_EXPECTED: "Y", UF_CAMUNDA_ID_EXTERNAL_TASK: "e" });
  assert.equal(status, 200);
  const { id, title, responsibleId, ufResultExpected, ufCamundaIdExternalTask } = body.result.task;
  assert.deepEqual(
    [id, title, responsibleId, ufResultExpected, ufCamundaIdExternalTask],
    ["1", "T", "7", "1", "e"],
  );
  assert.equal(typeof body.time.start, "number");
});

Deno.test("a missing task is an empty list with status 200", async () => {
  await using simulator = await startBitrix24Simulator();
  assert.deepEqual(
    await call(simulator, "tasks.task.get", { taskId: 5 }).then(({ status, body }) => [status, body.result]),
    [
      200,
      [],
    ],
  );
});

Deno.test("errors have the vendor's codes, and a task completed twice is an action not allowed", async () => {
  await using simulator = await startBitrix24Simulator();
  const untitled = await add(simulator, { TITLE: "" });
  assert.deepEqual([untitled.status, untitled.body.error], [400, "ERROR_CORE"]);
  await add(simulator);
  assert.equal((await call(simulator, "tasks.task.complete", { taskId: 1 })).body.result.task.status, "5");
  assert.equal((await call(simulator, "tasks.task.complete", { taskId: 1 })).body.error, "1048582");
  assert.equal((await call(simulator, "tasks.no.such.method")).status, 404);
});

Deno.test("lists come in pages of 50, newest first, and user fields only when asked for", async () => {
  await using simulator = await startBitrix24Simulator();
  for (let i = 0; i < 60; i++) await add(simulator, { UF_ELEMENT_ID: "A" });
  const first = await call(simulator, "tasks.task.list", { select: ["ID"] });
  assert.deepEqual([first.body.result.tasks.length, first.body.total, first.body.next], [50, 60, 50]);
  assert.deepEqual(first.body.result.tasks[0], { id: "60" });
  const second = await call(simulator, "tasks.task.list", { start: 50, order: { ID: "asc" }, select: ["ID", "UF_*"] });
  assert.equal(second.body.result.tasks.length, 10);
  assert.equal("next" in second.body, false);
  assert.equal(second.body.result.tasks[0].ufElementId, "A");
  const uncounted = await call(simulator, "tasks.task.list", { start: -1, filter: { ID: [3, 4], "!ID": 4 } });
  assert.deepEqual(uncounted.body.result.tasks.map(({ id }: { id: string }) => id), ["3"]);
  assert.equal("total" in uncounted.body, false);
});

Deno.test("a filter by a field that the portal does not have is ignored", async () => {
  await using simulator = await startBitrix24Simulator();
  await add(simulator);
  const { body } = await call(simulator, "tasks.task.list", { filter: { UF_NO_SUCH_FIELD: "x" } });
  assert.equal(body.result.tasks.length, 1);
});

Deno.test("a batch runs its commands in order, halts when told to, and writes empty maps as lists", async () => {
  await using simulator = await startBitrix24Simulator();
  const good = "tasks.task.add?fields[TITLE]=%D0%94%D0%90&fields[RESPONSIBLE_ID]=1";
  const cmd = { a: good, b: "tasks.task.add?fields[TITLE]=", c: good };
  const { body } = await call(simulator, "batch", { halt: 0, cmd });
  assert.deepEqual(Object.keys(body.result.result), ["a", "c"]);
  assert.equal(body.result.result.a.task.title, "ДА");
  assert.equal(body.result.result_error.b.error, "ERROR_CORE");
  assert.deepEqual(body.result.result_next, []);
  const halted = await call(simulator, "batch", { halt: 1, cmd });
  assert.deepEqual(Object.keys(halted.body.result.result), ["a"]);
  const many = Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`c${n}`, "user.get"]));
  assert.equal((await call(simulator, "batch", { cmd: many })).body.error, "ERROR_BATCH_LENGTH_EXCEEDED");
});

Deno.test("requests beyond the limit are refused as the portal does, a batch counting as one", async () => {
  await using simulator = await startBitrix24Simulator({ requestLimit: { perSecond: 0.001, burst: 3 } });
  for (let i = 0; i < 3; i++) {
    assert.equal((await call(simulator, "batch", { cmd: { a: "user.get", b: "user.get" } })).status, 200);
  }
  const { status, body } = await call(simulator, "user.get");
  assert.deepEqual([status, body.error], [503, "QUERY_LIMIT_EXCEEDED"]);
});

Deno.test("a lost answer has its effect, and only the one", async () => {
  await using simulator = await startBitrix24Simulator();
  simulator.faults.dropAnswer("tasks.task.add");
  await assert.rejects(add(simulator, { UF_CAMUNDA_ID_EXTERNAL_TASK: "e" }));
  await add(simulator, { UF_CAMUNDA_ID_EXTERNAL_TASK: "e" });
  assert.deepEqual([...simulator.ledger()], [["e", ["1", "2"]]]);
});

Deno.test("a planned failure hits only the requests that call its method", async () => {
  await using simulator = await startBitrix24Simulator();
  simulator.faults.failNext({ status: 429, error: "OPERATION_TIME_LIMIT" }, { method: "tasks.task.list" });
  assert.equal((await call(simulator, "user.get")).status, 200);
  assert.equal((await call(simulator, "batch", { cmd: { a: "tasks.task.list" } })).status, 429);
  assert.equal((await call(simulator, "tasks.task.list")).status, 200);
});

Deno.test("simulated people are told of a task as it is created", async () => {
  await using simulator = await startBitrix24Simulator({
    onTaskCreated: (task, people) => people.finish(task.id, { answer: "ДА" }),
  });
  await add(simulator);
  const { body } = await call(simulator, "tasks.task.get", { taskId: 1, select: ["STATUS", "UF_RESULT_ANSWER"] });
  assert.deepEqual([body.result.task.status, body.result.task.ufResultAnswer], ["5", "26"]);
});

Deno.test("a person finishes a task on the page, and its texts cannot break out of it", async () => {
  await using simulator = await startBitrix24Simulator();
  await add(simulator, {
    TITLE: "<script>alert(1)</script>",
    UF_RESULT_EXPECTED: "Y",
    UF_RESULT_QUESTION: "Согласны?",
  });
  const page = await (await fetch(simulator.pageUrl)).text();
  assert.match(page, /&lt;script&gt;/);
  assert.match(page, /Согласны\?/);
  const pressed = await fetch(new URL("/tasks/1/finish", simulator.pageUrl), {
    method: "POST",
    body: new URLSearchParams({ answer: "НЕТ" }),
  });
  assert.match(await pressed.text(), /Открытые задачи: 0/);
});
