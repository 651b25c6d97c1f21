import assert from "node:assert/strict";
import fc from "fast-check";
import { Backoff } from "../../../lib/time/backoff.ts";

Deno.test("delays double up to the cap when chance is against us", () => {
  const backoff = new Backoff({ firstMs: 100, capMs: 1000, random: () => 1 });
  assert.deepEqual(Array.from({ length: 6 }, () => backoff.nextMs()), [100, 200, 400, 800, 1000, 1000]);
});

Deno.test("no delay is ever below a tenth of its bound or above the cap", () => {
  const unit = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(fc.property(fc.array(unit, { minLength: 1, maxLength: 40 }), (chances) => {
    const backoff = new Backoff({ firstMs: 100, capMs: 5000, random: () => chances.shift() ?? 0 });
    for (let attempt = 0; attempt < 40; attempt++) {
      const bound = Math.min(5000, 100 * 2 ** attempt);
      const delay = backoff.nextMs();
      assert.ok(delay >= bound * 0.1 - 1e-9 && delay <= bound + 1e-9, `${delay} of ${bound}`);
    }
  }));
});

Deno.test("after a success it begins again", () => {
  const backoff = new Backoff({ firstMs: 100, capMs: 1000, random: () => 1 });
  backoff.nextMs();
  backoff.nextMs();
  backoff.reset();
  assert.equal(backoff.nextMs(), 100);
});
