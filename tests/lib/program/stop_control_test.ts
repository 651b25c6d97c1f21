import assert from "node:assert/strict";
import { StopControl } from "../../../lib/program/stop_control.ts";

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

Deno.test("draining comes first, force after the deadline, and tells which setting to change", async () => {
  using stop = new StopControl(20);
  stop.beginDrain("SIGTERM");
  assert.deepEqual([stop.drain.aborted, stop.force.aborted], [true, false]);
  await aborted(stop.force);
  assert.match(stop.force.reason.message, /0\.02 s after SIGTERM .*EXCHANGER_DRAIN_TIMEOUT_SECONDS/);
});

Deno.test("force implies drain, and a second force changes nothing", () => {
  using stop = new StopControl(60_000);
  stop.forceNow("first");
  stop.forceNow("second");
  assert.equal(stop.drain.aborted, true);
  assert.equal(stop.force.reason.message, "first");
});

Deno.test("only what a stop itself made fail counts as its echo", () => {
  using stop = new StopControl(60_000);
  assert.equal(stop.caused(undefined), false);
  stop.beginDrain("SIGTERM");
  assert.equal(stop.caused(stop.drain.reason), true);
  assert.equal(stop.caused(new DOMException("other", "AbortError")), false);
});
