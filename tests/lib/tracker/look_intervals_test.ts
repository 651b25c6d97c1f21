import assert from "node:assert/strict";
import { LookIntervals, slowerLooks } from "../../../lib/tracker/look_intervals.ts";

Deno.test("a task is looked at less often the longer it has been open", () => {
  const looks = new LookIntervals(60, [{ olderThanS: 3600, everyS: 300 }, { olderThanS: 86_400, everyS: 900 }]);
  assert.deepEqual(looks.all, [60, 300, 900]);
  const after = [0, 3_600_000, 3_600_001, 86_400_000, 86_400_001].map((openForMs) => looks.of(openForMs));
  assert.deepEqual(after, [60, 60, 300, 300, 900]);
});

Deno.test("what would not be slower changes nothing", () => {
  const looks = new LookIntervals(600, [{ olderThanS: 3600, everyS: 300 }]);
  assert.deepEqual([looks.all, looks.of(1e9)], [[600], 600]);
});

Deno.test("the setting is pairs that grow, or none", () => {
  assert.deepEqual(slowerLooks.parse("3600:300, 86400:900"), [
    { olderThanS: 3600, everyS: 300 },
    { olderThanS: 86_400, everyS: 900 },
  ]);
  for (const none of ["none", "0"]) assert.deepEqual(slowerLooks.parse(none), []);
  for (const wrong of ["3600", "3600:300,1800:900", "3600:300,7200:300", "3600:9999", "a:b", "3600:300,"]) {
    assert.ok(!slowerLooks.safeParse(wrong).success, wrong);
  }
});
