import assert from "node:assert/strict";
import { createMetrics } from "../../../lib/telemetry/metrics.ts";
import { OpenTasks } from "../../../lib/tracker/open_tasks.ts";
import { ManualClock } from "../amqp/manual_clock.ts";

Deno.test("the gauges tell of the last complete tick: how many tasks were open, and for how long the oldest", async () => {
  const clock = new ManualClock();
  const metrics = createMetrics("test", "0");
  const open = new OpenTasks("bitrix24", [60, 300], metrics.meter, clock);
  const value = async (name: string) =>
    new RegExp(`^exchanger_${name}\\{[^}]*system="bitrix24"[^}]*\\} (\\S+)`, "m").exec(await metrics.render())?.[1];
  open.count(clock.now() - 5_000, 60);
  open.count(clock.now() - 500_000, 60);
  open.count(0, 60);
  assert.equal(await value("open_tasks"), "0", "the tick is under way");
  await clock.advance(60_000);
  assert.equal(await value("open_tasks"), "3");
  assert.equal(await value("oldest_open_task_seconds"), "500");
  await clock.advance(60_000);
  assert.equal(await value("open_tasks"), "0");
});

Deno.test("tasks that are looked at less often are counted all the while", async () => {
  const clock = new ManualClock();
  const metrics = createMetrics("test", "0");
  const open = new OpenTasks("bitrix24", [60, 300], metrics.meter, clock);
  const tasks = async () => /^exchanger_open_tasks\{[^}]*\} (\S+)/m.exec(await metrics.render())?.[1];
  await clock.advance(300_000 - clock.now() % 300_000);
  open.count(clock.now() - 900_000, 300);
  await clock.advance(300_000);
  for (let minute = 0; minute < 4; minute++) {
    open.count(clock.now(), 60);
    await clock.advance(60_000);
    assert.equal(await tasks(), "2", `minute ${minute}`);
  }
});
