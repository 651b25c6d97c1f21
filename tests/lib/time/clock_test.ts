import assert from "node:assert/strict";
import { systemClock } from "../../../lib/time/clock.ts";

Deno.test("sleep ends after its time", async () => {
  const startedMs = performance.now();
  await systemClock.sleep(20, new AbortController().signal);
  assert.ok(performance.now() - startedMs >= 15);
});

Deno.test("sleep rejects with the signal's reason, at once when it is aborted already", async () => {
  const stop = new AbortController();
  const sleeping = systemClock.sleep(600_000, stop.signal);
  stop.abort(new Error("stopped"));
  await assert.rejects(sleeping, /stopped/);
  await assert.rejects(systemClock.sleep(600_000, stop.signal), /stopped/);
});
