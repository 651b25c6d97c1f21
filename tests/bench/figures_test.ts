import assert from "node:assert/strict";
import { benchmarks } from "../../bench/benchmarks.ts";
import { figures, resultOf } from "../../bench/figures.ts";
import { table } from "../../bench/table.ts";

Deno.test("every figure is given by one benchmark, and no benchmark gives another", () => {
  const given = benchmarks.flatMap(({ gives }) => gives);
  assert.deepEqual(given.toSorted(), Object.keys(figures).toSorted());
});

Deno.test("a target is met on its own side, the limit included", () => {
  const met = (name: string, value: number) => resultOf(name, value).met;
  assert.deepEqual([0.74, 0.75, 1].map((value) => met("worker.vs_bare", value)), [false, true, true]);
  assert.deepEqual([149, 150, 151].map((value) => met("worker.idle_stop_ms", value)), [true, true, false]);
  assert.throws(() => resultOf("worker.vs_bear", 1), /worker\.vs_bear is not among the figures/);
});

Deno.test("nothing that could not be measured meets its target", () => {
  assert.equal(resultOf("worker.vs_bare", NaN).met, false);
  assert.equal(resultOf("worker.idle_stop_ms", NaN).met, false);
});

Deno.test("the table says what was missed and what is inconclusive", () => {
  const lines = table([
    resultOf("worker.vs_bare", 0.5, { baseline: 600, spread: 1.2 }),
    resultOf("worker.idle_stop_ms", 40, { spread: 1.1 }),
  ]).split("\n");
  assert.match(
    lines[0] ?? "",
    /^✗ +worker\.vs_bare +0\.500 ratio +≥ 0\.75 +baseline 600 +spread 1\.20 \(inconclusive\)$/,
  );
  assert.match(lines[1] ?? "", /^✓ +worker\.idle_stop_ms +40\.0 ms +≤ 150 +spread 1\.10$/);
});
