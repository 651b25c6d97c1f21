import assert from "node:assert/strict";
import { never, portal } from "./portal_place.ts";

Deno.test("a set-up first only says what is missing, then makes it, and then has nothing to do", async () => {
  await using place = await portal();
  const { simulator: { fields }, system } = place;
  fields.splice(0, 3); // the key, the answer and the question
  const planned = await system.setup({ apply: false }, never);
  assert.deepEqual(planned.map(({ state }) => state), [
    "planned",
    "planned",
    "planned",
    "present",
    "present",
    "present",
  ]);
  assert.equal(fields.length, 3);
  assert.match(planned[1]?.detail ?? "", /enumeration: ДА, НЕТ/);

  const made = await system.setup({ apply: true }, never);
  assert.deepEqual(made.map(({ state }) => state), ["made", "made", "made", "present", "present", "present"]);
  const answer = fields.find(({ name }) => name === "UF_RESULT_ANSWER");
  assert.deepEqual([...answer?.values.values() ?? []], ["ДА", "НЕТ"]);
  assert.ok((await system.check(never)).every(({ ok }) => ok));
  assert.ok((await system.setup({ apply: true }, never)).every(({ state }) => state === "present"));
});

Deno.test("a field of another type is a failure that a person must mend", async () => {
  await using place = await portal();
  const { fields } = place.simulator;
  fields.splice(0, 1, { id: 1, name: "UF_CAMUNDA_ID_EXTERNAL_TASK", type: "boolean", values: new Map() });
  const [key] = await place.system.setup({ apply: true }, never);
  assert.equal(key?.state, "failed");
  assert.match(key.detail, /of type boolean, not string/);
});

Deno.test("what the portal refuses is told in its words, with what an administrator can do", async () => {
  await using place = await portal({}, { admin: false });
  place.simulator.fields.splice(0, 1);
  const [key] = await place.system.setup({ apply: true }, never);
  assert.equal(key?.state, "failed");
  assert.match(key.detail, /Access denied/);
  assert.match(key.remedy ?? "", /TASKS_TASK, code UF_CAMUNDA_ID_EXTERNAL_TASK, type string/);
});

Deno.test("a portal that is down is one failure, not an exception", async () => {
  await using place = await portal();
  place.simulator.faults.down = true;
  assert.deepEqual((await place.system.setup({ apply: true }, never)).map(({ state }) => state), ["failed"]);
});
