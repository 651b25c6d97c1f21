import assert from "node:assert/strict";
import type { JsonObject } from "../../../lib/messages/json.ts";
import { add, call, codeOf, listedIds, never, openPortal } from "./portal_place.ts";

const OTHERS = { CREATED_BY: 8, RESPONSIBLE_ID: 9 };
const CHANGES: readonly (readonly [string, JsonObject])[] = [
  ["tasks.task.update", { taskId: 1, fields: { TITLE: "U" } }],
  ["tasks.task.complete", { taskId: 1 }],
  ["tasks.task.delete", { taskId: 1 }],
  ["task.commentitem.add", { TASKID: 1, FIELDS: { POST_MESSAGE: "?" } }],
];

Deno.test("a hidden task is in no list and is answered like one that does not exist", async () => {
  await using place = await openPortal();
  const { simulator, client } = place;
  await add(simulator, { UF_CAMUNDA_ID_EXTERNAL_TASK: "e" });
  await add(simulator);
  simulator.hide("1");
  assert.deepEqual(await listedIds(simulator), ["2"]);
  assert.deepEqual(await listedIds(simulator, { ID: ["1", "2"] }), ["2"]);
  assert.deepEqual(await listedIds(simulator, { UF_CAMUNDA_ID_EXTERNAL_TASK: "e" }), []);
  assert.equal((await call(simulator, "tasks.task.list")).body.total, 1);
  assert.deepEqual(await client.call("tasks.task.get", { taskId: 1 }, never), []);
});

Deno.test("nothing can be done to a hidden task, until it is shown again", async () => {
  await using place = await openPortal();
  const { simulator, client } = place;
  await add(simulator);
  simulator.hide("1");
  for (const [method, params] of CHANGES) {
    assert.equal(await codeOf(client.call(method, params, never)), "1048582", method);
  }
  assert.deepEqual([simulator.people.openTasks()[0]?.title, simulator.comments("1")], ["T", []]);
  simulator.show("1");
  assert.deepEqual(await listedIds(simulator), ["1"]);
  assert.equal((await call(simulator, "tasks.task.complete", { taskId: 1 })).status, 200);
});

Deno.test("people see and finish a task that is hidden from the webhook's user", async () => {
  await using place = await openPortal();
  await add(place.simulator);
  place.simulator.hide("1");
  place.simulator.people.finish("1");
  assert.deepEqual(place.simulator.people.openTasks(), []);
});

Deno.test("a user who is no administrator sees only tasks they take part in", async () => {
  await using place = await openPortal({ admin: false });
  const { simulator, client } = place;
  await add(simulator, OTHERS);
  const parts = [{ CREATED_BY: 1 }, { RESPONSIBLE_ID: 1 }, { ACCOMPLICES: [5, 1] }, { AUDITORS: ["1"] }];
  for (const part of parts) await add(simulator, { ...OTHERS, ...part });
  await add(simulator, { ...OTHERS, AUDITORS: [11], ACCOMPLICES: ["10"] });
  assert.deepEqual(await listedIds(simulator), ["2", "3", "4", "5"]);
  assert.deepEqual(await client.call("tasks.task.get", { taskId: 1 }, never), []);
  assert.equal(await codeOf(client.call("tasks.task.complete", { taskId: 6 }, never)), "1048582");
});

Deno.test("an administrator sees everybody's tasks, and the portal says who is one", async () => {
  await using admin = await openPortal();
  await using employee = await openPortal({ admin: false });
  await add(admin.simulator, OTHERS);
  assert.deepEqual(await listedIds(admin.simulator), ["1"]);
  assert.equal(await admin.client.call("user.admin", {}, never), true);
  assert.equal(await employee.client.call("user.admin", {}, never), false);
});
