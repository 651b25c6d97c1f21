import assert from "node:assert/strict";
import { task } from "../messages.ts";
import { idOf, never, portal } from "../portal_place.ts";

Deno.test("whoever finished a task is told in it that the process could not take the answer", async () => {
  await using place = await portal();
  const id = idOf((await place.system.create([task("a")], never))[0]);
  place.simulator.people.finish(id);
  await place.system.tellRefused(["a", "unknown"], never);
  assert.deepEqual(place.simulator.comments(id).length, 1);
  assert.match(place.simulator.comments(id)[0] ?? "", /Процесс не смог принять ответ/);
});

Deno.test("a portal that is down is said, so that it can be reported", async () => {
  await using place = await portal();
  place.simulator.faults.down = true;
  await assert.rejects(place.system.tellRefused(["a"], never), /Bitrix24/);
});
