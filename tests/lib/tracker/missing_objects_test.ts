import assert from "node:assert/strict";
import { MissingObjects } from "../../../lib/tracker/missing_objects.ts";
import { ManualClock } from "../amqp/manual_clock.ts";

function missing(share = 0.1) {
  const clock = new ManualClock();
  return { clock, objects: new MissingObjects({ share, windowMs: 90_000 }, clock) };
}

Deno.test("a few missing objects are believed however few there are, many only below the share", () => {
  for (
    const [looked, gone, believed] of [[1, 1, true], [3, 3, true], [4, 4, false], [100, 10, true], [
      100,
      11,
      false,
    ]] as const
  ) {
    const { objects } = missing();
    objects.count(looked, gone);
    assert.equal(objects.problem === undefined, believed, `${gone} of ${looked}`);
  }
  const { objects } = missing(1);
  objects.count(100, 100);
  assert.equal(objects.problem, undefined, "unless all are to be believed");
});

Deno.test("batches of one tick count together, and what is longer ago no longer counts", async () => {
  const { clock, objects } = missing();
  objects.count(1_000, 1_000);
  objects.count(2, 2);
  assert.match(objects.problem ?? "", /1002 of 1002/);
  await clock.advance(60_000);
  objects.count(1_000, 0);
  assert.ok(objects.problem, "the tick before is not forgotten yet");
  await clock.advance(60_000);
  objects.count(1_000, 2);
  assert.equal(objects.problem, undefined);
});
