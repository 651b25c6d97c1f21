import assert from "node:assert/strict";
import { FinishedTasks } from "../../../../adapters/bitrix24/tracking/finished_tasks.ts";
import { ManualClock } from "../../../lib/amqp/manual_clock.ts";

const MINUTE_MS = 60_000;

Deno.test("a finished task is looked at every ten minutes for a day", async () => {
  const clock = new ManualClock();
  const tasks = new FinishedTasks(clock);
  tasks.add("7", "ext-7");
  assert.deepEqual([...tasks.due()], []);
  await clock.advance(10 * MINUTE_MS);
  assert.deepEqual([...tasks.due()], [["7", "ext-7"]]);
  assert.deepEqual([...tasks.due()], []);
  await clock.advance(10 * MINUTE_MS);
  assert.deepEqual([...tasks.due()], [["7", "ext-7"]]);
  await clock.advance(24 * 60 * MINUTE_MS);
  assert.deepEqual([...tasks.due()], []);
});

Deno.test("of very many finished tasks the latest thousand are looked at", async () => {
  const clock = new ManualClock();
  const tasks = new FinishedTasks(clock);
  for (let id = 1; id <= 1_500; id++) tasks.add(String(id), `ext-${id}`);
  await clock.advance(10 * MINUTE_MS);
  const due = [...tasks.due().keys()];
  assert.deepEqual([due.length, due[0]], [1_000, "501"]);
});
