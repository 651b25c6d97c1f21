import assert from "node:assert/strict";
import { resetSync } from "@logtape/logtape";
import { configureLogging } from "../../../lib/telemetry/configure_logging.ts";
import { logOf } from "../../../lib/telemetry/log.ts";
import { FailureLog } from "../../../lib/telemetry/repeats.ts";

function failures() {
  const lines: string[] = [];
  const clock = { nowMs: 0 };
  configureLogging({
    format: "json",
    level: "debug",
    service: "exchanger-test",
    secrets: [],
    write(line) {
      const { level, code, msg, failures, durationMs } = JSON.parse(line);
      lines.push([level, code, msg, failures, durationMs].filter((part) => part !== undefined).join(" | "));
    },
  });
  const options = {
    code: "camunda.poll",
    what: "Camunda does not answer",
    repeatEveryMs: 1000,
    now: () => clock.nowMs,
  };
  return { lines, clock, log: new FailureLog(logOf("worker"), options), [Symbol.dispose]: resetSync };
}

Deno.test("the first failure is told at once, repeats only counted, the recovery with count and duration", () => {
  using test = failures();
  for (let round = 0; round < 5; round++) {
    test.log.failed(new Error("connection refused"));
    test.clock.nowMs += 100;
  }
  assert.equal(test.log.failing, true);
  test.log.recovered();
  assert.equal(test.log.failing, false);
  assert.deepEqual(test.lines, [
    "error | camunda.poll_failed | Camunda does not answer: connection refused",
    "info | camunda.poll_recovered | Over: Camunda does not answer | 5 | 500",
  ]);
});

Deno.test("a long outage is told again with its count, and the next one is loud again", () => {
  using test = failures();
  test.log.failed("refused");
  test.clock.nowMs = 999;
  test.log.failed("refused");
  test.clock.nowMs = 1000;
  test.log.failed("timed out");
  test.log.recovered();
  test.log.failed("refused");
  assert.deepEqual(test.lines, [
    "error | camunda.poll_failed | Camunda does not answer: refused",
    "error | camunda.poll_failed | Camunda does not answer, still: timed out | 3 | 1000",
    "info | camunda.poll_recovered | Over: Camunda does not answer | 3 | 1000",
    "error | camunda.poll_failed | Camunda does not answer: refused",
  ]);
});

Deno.test("success without a failure before is silent", () => {
  using test = failures();
  test.log.recovered();
  assert.deepEqual(test.lines, []);
});
