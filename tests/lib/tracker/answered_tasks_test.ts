import assert from "node:assert/strict";
import { AnsweredTasks } from "../../../lib/tracker/answered_tasks.ts";

Deno.test("a task is over once, for the message that waited", () => {
  const answered = new AnsweredTasks();
  assert.equal(answered.isOver("t-1", true), false, "nobody has answered it");
  answered.add("t-1");
  assert.equal(answered.isOver("t-2", true), false);
  assert.equal(answered.isOver("t-1", true), true);
  assert.equal(answered.isOver("t-1", true), false, "another message is about something new");
});

Deno.test("a task that was handed out anew is not over, nor is the message that waited for it meanwhile", () => {
  const answered = new AnsweredTasks();
  answered.add("t-1");
  assert.equal(answered.isOver("t-1", false), false);
  assert.equal(answered.isOver("t-1", true), false);
});

Deno.test("when there are too many the oldest are forgotten", () => {
  const answered = new AnsweredTasks(2);
  for (const id of ["a", "b", "a", "c"]) answered.add(id);
  assert.deepEqual(["a", "b", "c"].map((id) => answered.isOver(id, true)), [true, false, true]);
});
