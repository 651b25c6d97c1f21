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

Deno.test("copies that come again are uncertain unless this program gave as many back untouched", () => {
  const tasks = new UncertainTasks(1_000, new ManualClock());
  tasks.seenAgain("of a program that ended", 1);
  assert.ok(tasks.has("of a program that ended"));

  tasks.givenBack("ours", 2);
  tasks.seenAgain("ours", 1);
  tasks.seenAgain("ours", 1);
  assert.ok(!tasks.has("ours"));
  tasks.seenAgain("ours", 1);
  assert.ok(tasks.has("ours"), "each return counts once");

  tasks.givenBack("both", 1);
  tasks.seenAgain("both", 2);
  assert.ok(tasks.has("both"));
});
