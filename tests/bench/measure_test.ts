import assert from "node:assert/strict";
import { alternate, median, quantile, ratios, spreadOf } from "../../bench/measure.ts";

Deno.test("quantiles lie between the values, whatever their order", () => {
  const values = [40, 10, 30, 20];
  assert.equal(quantile(values, 0), 10);
  assert.equal(quantile(values, 1), 40);
  assert.equal(median(values), 25);
  assert.equal(median([3, 1, 2]), 2);
  assert.deepEqual(values, [40, 10, 30, 20], "the caller's list stays as it was");
  assert.throws(() => median([]), RangeError);
});

Deno.test("the spread is the third quartile over the first", () => {
  assert.equal(spreadOf([5, 5, 5]), 1);
  assert.equal(spreadOf([1, 2, 3, 4, 5]), 2);
});

Deno.test("ratios compare within a round, never across rounds", () => {
  assert.deepEqual(ratios([10, 40], [20, 20]), [0.5, 2]);
});

Deno.test("subjects are measured in turn, every other round in reverse, and the warm-up does not count", async () => {
  const order: string[] = [];
  const subject = (name: string) => () => Promise.resolve(order.push(name));
  const measured = await alternate({ a: subject("a"), b: subject("b") }, 2);
  assert.deepEqual(order, ["a", "b", "b", "a", "a", "b"]);
  assert.deepEqual([...measured], [["a", [4, 5]], ["b", [3, 6]]]);
});
