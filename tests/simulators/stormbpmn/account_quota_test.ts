import assert from "node:assert/strict";
import { AccountQuota, CLOUD_LIMIT } from "../../../simulators/stormbpmn/account_quota.ts";

const HOUR_MS = 3_600_000;

Deno.test("five requests in any minute are served, the sixth is told how long to wait", () => {
  const quota = new AccountQuota(CLOUD_LIMIT);
  const verdicts = [0, 10_000, 20_000, 30_000, 40_000].map((ms) => quota.take(ms));
  assert.deepEqual(verdicts.map((verdict) => verdict.kind === "allowed" && verdict.remaining), [4, 3, 2, 1, 0]);
  assert.deepEqual(quota.take(45_000), { kind: "over", retryAfterS: 15 });
  assert.deepEqual(quota.take(60_000), { kind: "allowed", remaining: 0 });
  assert.deepEqual(quota.take(60_001), { kind: "over", retryAfterS: 10 });
});

Deno.test("three requests over the limit within a day are forgiven, the fourth blocks until support lifts it", () => {
  const quota = new AccountQuota({ perMinute: 1, forgiven: 3 });
  const goOver = (ms: number) => {
    quota.take(ms);
    return quota.take(ms + 1);
  };
  for (let n = 0; n < 4; n++) assert.equal(goOver(n * 7 * HOUR_MS).kind, "over");
  assert.equal(quota.isBlocked, true);
  assert.deepEqual(quota.take(1000 * HOUR_MS), { kind: "blocked" });
  quota.unblock();
  assert.equal(quota.take(1000 * HOUR_MS).kind, "allowed");
});

Deno.test("what was a day ago is forgotten", () => {
  const quota = new AccountQuota({ perMinute: 1, forgiven: 3 });
  for (let n = 0; n < 20; n++) {
    quota.take(n * 9 * HOUR_MS);
    assert.equal(quota.take(n * 9 * HOUR_MS + 1).kind, "over");
  }
  assert.equal(quota.isBlocked, false);
});
