import assert from "node:assert/strict";
import { Bitrix24Error } from "../../../lib/bitrix24/bitrix24_error.ts";
import { OperatingBudget } from "../../../lib/bitrix24/operating_budget.ts";
import { OperatingBudget as PortalBudget } from "../../../simulators/bitrix24/operating_budget.ts";
import { SleepingClock } from "./sleeping_clock.ts";

const never = new AbortController().signal;
const METHOD = "tasks.task.add";

/** An hour of batches against a portal of the vendor's arithmetic. */
async function workAnHour(secondsPerCall: number, batch: number) {
  const clock = new SleepingClock();
  clock.ms = 3_600_000;
  const portal = new PortalBudget({ seconds: 480, secondsPerCall });
  const ours = new OperatingBudget(480, clock);
  let [made, refused] = [0, 0];
  while (clock.ms < 2 * 3_600_000) {
    try {
      await ours.take(new Map([[METHOD, batch]]), never);
    } catch (error) {
      assert.ok(error instanceof Bitrix24Error);
      clock.ms += 15_000; // whoever asked tries again after a while
      continue;
    }
    for (let n = 0; n < batch; n++) {
      if (portal.isSpent(METHOD, clock.ms)) {
        refused++;
        continue;
      }
      clock.ms += 100;
      portal.charge(METHOD, 0, clock.ms);
      made++;
    }
    ours.record(METHOD, portal.time(METHOD, clock.ms), batch);
    clock.ms += 500;
  }
  // 480 s in each of six windows, and what the first may use at once.
  return { refused, share: made * secondsPerCall / (480 * 6) };
}

for (const [secondsPerCall, batch] of [[0.5, 20], [2, 20], [3, 1]] as const) {
  Deno.test(`batches of ${batch} calls of ${secondsPerCall} s use at least 95 % of the budget, and none is refused`, async () => {
    const { refused, share } = await workAnHour(secondsPerCall, batch);
    assert.equal(refused, 0);
    assert.ok(share >= 0.95, `${share}`);
  });
}

Deno.test("a method that the portal blocked waits until part of its use is forgotten, others go on", async () => {
  const clock = new SleepingClock();
  const budget = new OperatingBudget(480, clock);
  budget.record(METHOD, { operating: 470, operating_reset_at: 30 }, 1);
  budget.block(METHOD);
  await budget.take(new Map([["tasks.task.list", 50]]), never);
  assert.equal(clock.ms, 0);
  await budget.take(new Map([[METHOD, 1]]), never);
  assert.ok(clock.ms >= 30_000 && clock.ms <= 32_000, `${clock.ms}`);
});

Deno.test("a wait that is too long for a message in hand is left to the caller", async () => {
  const clock = new SleepingClock();
  const budget = new OperatingBudget(480, clock);
  budget.record(METHOD, { operating: 481, operating_reset_at: 500 }, 1);
  const waiting = budget.take(new Map([[METHOD, 1]]), never);
  await assert.rejects(waiting, (error) => error instanceof Bitrix24Error && error.failure === "limited");
  assert.equal(clock.ms, 0);
});

Deno.test("a portal that does not limit working time is never waited for", async () => {
  const clock = new SleepingClock();
  const budget = new OperatingBudget(0, clock);
  budget.record(METHOD, { operating: 9_999, operating_reset_at: 60 }, 1);
  await budget.take(new Map([[METHOD, 50]]), never);
  assert.equal(clock.ms, 0);
});
