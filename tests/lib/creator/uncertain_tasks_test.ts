import assert from "node:assert/strict";
import { UncertainTasks } from "../../../lib/creator/uncertain_tasks.ts";
import { ManualClock } from "../amqp/manual_clock.ts";

Deno.test("a task is uncertain for the given time after it was last said to be", async () => {
  const clock = new ManualClock();
  const tasks = new UncertainTasks(1_000, clock);
  assert.equal(tasks.has("a"), false);
  tasks.add("a");
  await clock.advance(600);
  tasks.add("a");
  tasks.add("b");
  await clock.advance(600);
  assert.deepEqual([tasks.has("a"), tasks.has("b"), tasks.has("c")], [true, true, false]);
  await clock.advance(400);
  assert.deepEqual([tasks.has("a"), tasks.has("b")], [false, false]);
});
