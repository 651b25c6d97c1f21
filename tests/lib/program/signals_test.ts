import assert from "node:assert/strict";
import { stopHandler } from "../../../lib/program/signals.ts";

Deno.test("a second SIGINT a moment after the first is the same press of Ctrl-C; any later signal forces", () => {
  let nowMs = 0;
  const calls: string[] = [];
  const handle = stopHandler({
    drain: (signal) => calls.push(`drain by ${signal}`),
    force: (signal) => calls.push(`force by ${signal}`),
  }, () => nowMs);
  handle("SIGINT");
  nowMs = 3;
  handle("SIGINT");
  assert.deepEqual(calls, ["drain by SIGINT"]);
  handle("SIGTERM");
  nowMs = 600;
  handle("SIGINT");
  assert.deepEqual(calls, ["drain by SIGINT", "force by SIGTERM", "force by SIGINT"]);
});
