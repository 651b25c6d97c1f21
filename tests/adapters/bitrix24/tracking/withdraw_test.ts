import assert from "node:assert/strict";
import { actionNotAllowed } from "../../../../simulators/bitrix24/portal_error.ts";
import { about, trackedPortal } from "./tracked_portal.ts";

const WITHDRAWN = [{ kind: "withdrawn" }];

Deno.test("the people of an open task read that no process waits for it; one that is closed needs no word", async () => {
  await using portal = await trackedPortal();
  const [open, finished, declined, deferred] = [portal.add(), portal.add(), portal.add(), portal.add()];
  portal.people.finish(finished);
  portal.people.decline(declined);
  portal.people.defer(deferred);
  const messages = [open, finished, declined, deferred].map((id) => about(id));
  assert.deepEqual(await portal.withdraw(...messages), messages.map(() => ({ kind: "withdrawn" })));
  const comments = [open, finished, declined, deferred].map((id) => portal.simulator.comments(id).length);
  assert.deepEqual(comments, [1, 0, 0, 1]);
  assert.deepEqual(portal.people.openTasks().map(({ id }) => id), [open, deferred], "nothing is closed");
});

Deno.test("by setting an open task is closed as well, though it asks for a result and is under control", async () => {
  await using portal = await trackedPortal({ BITRIX_CLOSE_WITHDRAWN: "true" }, { enforceResult: true });
  const id = portal.add({ TASK_CONTROL: "Y", CREATED_BY: 5, SE_PARAMETER: [{ CODE: 3, VALUE: "Y" }] });
  assert.equal(await portal.requestsOf(async () => assert.deepEqual(await portal.withdraw(about(id)), WITHDRAWN)), 2);
  assert.equal(portal.simulator.comments(id).length, 1);
  assert.deepEqual(portal.people.openTasks(), []);
});

Deno.test("a task that awaits control is accepted, since it cannot be completed twice", async () => {
  await using portal = await trackedPortal({ BITRIX_CLOSE_WITHDRAWN: "true" });
  const id = portal.add({ TASK_CONTROL: "Y", CREATED_BY: 5 });
  portal.people.finish(id);
  assert.deepEqual(await portal.withdraw(about(id)), WITHDRAWN);
  assert.equal(portal.simulator.portal.tasks.get(Number(id))?.fields["STATUS"], "5");
  assert.deepEqual(portal.log.codes, []);
});

Deno.test("a task that the portal refuses to close is told of all the same, and is not tried again", async () => {
  await using portal = await trackedPortal({ BITRIX_CLOSE_WITHDRAWN: "true" });
  const id = portal.add();
  portal.simulator.portal.moveTask = () => {
    throw actionNotAllowed();
  };
  assert.deepEqual(await portal.withdraw(about(id)), WITHDRAWN);
  assert.equal(portal.simulator.comments(id).length, 1);
  assert.deepEqual(portal.log.codes, ["bitrix24.not_withdrawn"]);
});

Deno.test("a portal that is down or limits us costs no attempt, a fault about one task does", async () => {
  await using portal = await trackedPortal();
  const id = portal.add();
  portal.simulator.faults.failNext({ status: 503, error: "QUERY_LIMIT_EXCEEDED" }, { method: "task.commentitem.add" });
  assert.deepEqual((await portal.withdraw(about(id))).map(({ kind }) => kind), ["down"]);
  portal.simulator.faults.down = true;
  assert.deepEqual((await portal.withdraw(about(id))).map(({ kind }) => kind), ["down"]);
  portal.simulator.faults.down = false;
  assert.deepEqual(await portal.withdraw(about(id)), WITHDRAWN);
  assert.equal(portal.simulator.comments(id).length, 1);
});
