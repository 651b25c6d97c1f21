import assert from "node:assert/strict";
import { RequestBucket } from "../../../lib/bitrix24/request_bucket.ts";
import { RequestBucket as PortalBucket } from "../../../simulators/bitrix24/request_bucket.ts";
import { SleepingClock } from "./sleeping_clock.ts";

const never = new AbortController().signal;

Deno.test("a burst passes at once, then requests follow at the steady rate", async () => {
  const clock = new SleepingClock();
  const bucket = new RequestBucket({ perSecond: 2, burst: 50 }, clock);
  for (let i = 0; i < 50; i++) await bucket.take(never);
  assert.equal(clock.ms, 0);
  await bucket.take(never);
  assert.equal(clock.ms, 500);
  await bucket.take(never);
  assert.equal(clock.ms, 1000);
});

Deno.test("with the same limits the portal never refuses a request", async () => {
  const clock = new SleepingClock();
  const limit = { perSecond: 2, burst: 50 };
  const ours = new RequestBucket(limit, clock);
  const portals = new PortalBucket(limit, 0);
  for (let i = 0; i < 500; i++) {
    if (i % 100 === 99) clock.ms += 20_000; // a pause, after which a burst is allowed again
    await ours.take(never);
    assert.ok(portals.take(clock.ms), `request ${i} was refused`);
  }
});

Deno.test("once the portal says its counter is full, the next request waits for one place", async () => {
  const clock = new SleepingClock();
  const bucket = new RequestBucket({ perSecond: 2, burst: 50 }, clock);
  bucket.fill();
  await bucket.take(never);
  assert.equal(clock.ms, 500);
});
