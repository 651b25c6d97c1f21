import assert from "node:assert/strict";
import { OperatingBudget } from "../../../simulators/bitrix24/operating_budget.ts";
import { eventually } from "../../lib/amqp/eventually.ts";
import { call, codeOf, never, openPortal } from "./portal_place.ts";

const list = { method: "tasks.task.list", params: {} };
const user = { method: "user.get", params: {} };

Deno.test("a method is blocked once its seconds in the window exceed the limit, and no other method is", () => {
  const budget = new OperatingBudget({ seconds: 2, windowMs: 10_000 });
  budget.charge("tasks.task.list", 2_000, 500);
  assert.equal(budget.isSpent("tasks.task.list", 600), false);
  budget.charge("tasks.task.list", 1, 700);
  assert.equal(budget.isSpent("tasks.task.list", 800), true);
  assert.equal(budget.isSpent("tasks.task.add", 800), false);
});

Deno.test("each tenth of the window is forgotten at the second that was foretold", () => {
  const budget = new OperatingBudget({ seconds: 2, windowMs: 10_000, secondsPerCall: 1.5 });
  budget.charge("m", 0, 3_500);
  budget.charge("m", 0, 5_200);
  assert.deepEqual(budget.time("m", 6_000), { operating: 3, operating_reset_at: 13 });
  assert.equal(budget.isSpent("m", 12_999), true);
  assert.deepEqual(budget.time("m", 13_000), { operating: 1.5, operating_reset_at: 15 });
  assert.equal(budget.isSpent("m", 13_000), false);
  assert.deepEqual(budget.time("m", 15_000), { operating: 0, operating_reset_at: 25 });
});

Deno.test("a call over the budget is answered 429, and its effect does not happen", async () => {
  await using place = await openPortal({ operatingLimit: { seconds: 1, secondsPerCall: 1 } });
  const { simulator, client } = place;
  const params = { fields: { TITLE: "T", RESPONSIBLE_ID: 1 } };
  for (let i = 0; i < 2; i++) await client.call("tasks.task.add", params, never);
  assert.equal(await codeOf(client.call("tasks.task.add", params, never)), "OPERATION_TIME_LIMIT");
  const { status, body } = await call(simulator, "tasks.task.add", params);
  assert.deepEqual([status, body.error_description], [429, "Method is blocked due to operation time limit"]);
  assert.equal(simulator.people.openTasks().length, 2);
  await client.call("tasks.task.list", {}, never);
});

Deno.test("inside a batch only the commands over the budget fail, and the batch itself is never over it", async () => {
  await using place = await openPortal({ operatingLimit: { seconds: 1, secondsPerCall: 1 } });
  const results = await place.client.batch([list, list, list, user], never);
  assert.deepEqual(results.map((result) => result.ok ? "ok" : result.error.code), [
    "ok",
    "ok",
    "OPERATION_TIME_LIMIT",
    "ok",
  ]);
  for (let i = 0; i < 5; i++) await place.client.batch([list], never);
});

Deno.test("answers say what their method has used, those in a batch each for itself", async () => {
  await using place = await openPortal({ operatingLimit: { seconds: 10, secondsPerCall: 2 } });
  const { simulator } = place;
  const direct = await call(simulator, "user.get");
  assert.equal(direct.body.time.operating, 2);
  assert.ok(Number.isInteger(direct.body.time.operating_reset_at));
  const aheadS = direct.body.time.operating_reset_at - direct.body.time.finish;
  assert.ok(aheadS > 530 && aheadS <= 601, `${aheadS} s ahead, of 600`);
  const cmd = { a: "user.get", b: "tasks.task.list", c: "user.get" };
  const { result, time } = (await call(simulator, "batch", { cmd })).body;
  assert.deepEqual(
    Object.values(result.result_time).map((time) => time instanceof Object && "operating" in time && time.operating),
    [4, 2, 6],
  );
  assert.ok(Number.isInteger(result.result_time.a.operating_reset_at));
  assert.equal(time.operating, 0);
});

Deno.test("a portal without the limit does not speak of a reset", async () => {
  await using place = await openPortal();
  assert.equal("operating_reset_at" in (await call(place.simulator, "user.get")).body.time, false);
});

Deno.test("a failed call is charged too", async () => {
  await using place = await openPortal({ operatingLimit: { seconds: 0, secondsPerCall: 1 } });
  const params = { taskId: 5 };
  assert.equal(await codeOf(place.client.call("tasks.task.complete", params, never)), "1048582");
  assert.equal(await codeOf(place.client.call("tasks.task.complete", params, never)), "OPERATION_TIME_LIMIT");
});

Deno.test("without a fixed price a slow method spends the budget by its own time, and gets it back", async () => {
  await using place = await openPortal({ operatingLimit: { seconds: 0.02, windowMs: 2_000 } });
  const { simulator, client } = place;
  simulator.faults.latency("user.get", 30);
  await client.call("user.get", {}, never);
  assert.equal(await codeOf(client.call("user.get", {}, never)), "OPERATION_TIME_LIMIT");
  await client.call("tasks.task.list", {}, never);
  const isBack = () => client.call("user.get", {}, never).then(() => true, () => false);
  await eventually(isBack, "the method works again");
});
