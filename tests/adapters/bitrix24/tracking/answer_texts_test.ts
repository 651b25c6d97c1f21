import assert from "node:assert/strict";
import { about, doneOf, trackedPortal } from "./tracked_portal.ts";

const MINUTE_MS = 60_000;
const UNREAD = { BITRIX_COLLECT: "none" };

Deno.test("what answers mean is read with one request, and not again while it is fresh", async () => {
  await using portal = await trackedPortal(UNREAD);
  const ids = [portal.add(), portal.add(), portal.add()];
  for (const id of ids) portal.people.finish(id, { answer: "ДА" });
  const [first = "", second = "", third = ""] = ids;
  const look = (id: string) => portal.requestsOf(async () => doneOf((await portal.track(about(id)))[0]));
  assert.equal(await look(first), 1 + 1);
  assert.equal(await look(second), 1);
  portal.passTime(10 * MINUTE_MS);
  assert.equal(await look(third), 1 + 1);
});

Deno.test("a value that an administrator added is read when somebody chooses it", async () => {
  await using portal = await trackedPortal(UNREAD);
  const [known, added] = [portal.add(), portal.add()];
  portal.people.finish(known, { answer: "НЕТ" });
  doneOf((await portal.track(about(known)))[0]);
  const at = portal.simulator.fields.findIndex(({ name }) => name === "UF_RESULT_ANSWER");
  const field = portal.simulator.fields[at];
  assert.ok(field);
  portal.simulator.fields[at] = { ...field, values: new Map([...field.values, ["31", "Позже"]]) };
  await portal.call("tasks.task.update", { taskId: added, fields: { UF_RESULT_ANSWER: "31" } });
  portal.people.finish(added);
  const { response } = doneOf((await portal.track(about(added)))[0]);
  assert.equal(JSON.parse(JSON.stringify(response)).result.task.ufResultAnswer_text, "Позже");
});

Deno.test("a portal that cannot be asked now makes no answer a no: it is down, and the last good reading serves", async () => {
  await using portal = await trackedPortal(UNREAD);
  const id = portal.add();
  portal.people.finish(id, { answer: "ДА" });
  const fail = () =>
    portal.simulator.faults.failNext({ status: 503, error: "QUERY_LIMIT_EXCEEDED" }, {
      method: "task.item.userfield.getlist",
    });
  fail();
  assert.equal((await portal.track(about(id)))[0]?.kind, "down");
  doneOf((await portal.track(about(id)))[0]);
  portal.passTime(10 * MINUTE_MS);
  fail();
  doneOf((await portal.track(about(id)))[0]);
});
