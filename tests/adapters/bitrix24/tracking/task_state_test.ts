import assert from "node:assert/strict";
import { about, trackedPortal } from "./tracked_portal.ts";

Deno.test("a task that awaits control is open while somebody controls it, and done once it was accepted", async () => {
  await using portal = await trackedPortal();
  const id = portal.add({ TASK_CONTROL: "Y" });
  portal.people.finish(id);
  assert.deepEqual((await portal.track(about(id))).map(({ kind }) => kind), ["open"]);
  portal.people.disapprove(id);
  assert.deepEqual((await portal.track(about(id))).map(({ kind }) => kind), ["open"]);
  portal.people.finish(id);
  portal.people.approve(id);
  assert.deepEqual((await portal.track(about(id))).map(({ kind }) => kind), ["done"]);
});

Deno.test("a task that awaits a control that was switched off is done", async () => {
  await using portal = await trackedPortal();
  const id = portal.add({ TASK_CONTROL: "Y" });
  portal.people.finish(id);
  await portal.call("tasks.task.update", { taskId: id, fields: { TASK_CONTROL: "N" } });
  assert.deepEqual((await portal.track(about(id))).map(({ kind }) => kind), ["done"]);
});

Deno.test("by setting a task that awaits control is done, as it was with the predecessor", async () => {
  await using portal = await trackedPortal({ BITRIX_CONTROL_COUNTS_AS_DONE: "true" });
  const id = portal.add({ TASK_CONTROL: "Y" });
  portal.people.finish(id);
  assert.deepEqual((await portal.track(about(id))).map(({ kind }) => kind), ["done"]);
});

Deno.test("a deferred task waits, a declined one is told to the process with a code", async () => {
  await using portal = await trackedPortal();
  const [deferred, declined] = [portal.add(), portal.add()];
  portal.people.defer(deferred);
  portal.people.decline(declined);
  const [waits, ended] = await portal.track(about(deferred), about(declined));
  assert.equal(waits?.kind, "open");
  assert.deepEqual([ended?.kind, ended?.kind === "cancelled" && ended.code], ["cancelled", "TASK_DECLINED"]);
});

Deno.test("a deleted task is missing, by setting with a code that the process may catch", async () => {
  for (const [deleted, code] of [["incident", undefined], ["bpmn_error", "TASK_DELETED"]] as const) {
    await using portal = await trackedPortal({ BITRIX_DELETED: deleted });
    const id = portal.add();
    portal.people.delete(id);
    const [progress, nameless] = await portal.track(about(id), { ...about("9"), response_data: {} });
    assert.equal(progress?.kind, "missing");
    assert.equal(progress.code, code);
    assert.deepEqual(nameless, { kind: "missing" }, "a message that names no task is a fault, not a deletion");
  }
});
