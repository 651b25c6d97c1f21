import assert from "node:assert/strict";
import { deadlineMs, type DemoOutcome, verdictOn } from "../../../simulators/demo/verdict.ts";

const outcome: DemoOutcome = {
  started: 20,
  completed: 20,
  late: false,
  portalTasks: new Map([["task-1", ["1"]], ["task-2", ["2"]]]),
  answers: { given: 60, arrived: 60 },
  broken: false,
};
const answersLine = "answers of questionnaires in Camunda: 60 of 60";

Deno.test("a round in which all went well ends with 0", () => {
  assert.deepEqual(verdictOn(outcome), {
    answersLine,
    line: "demo: 20 started, 20 completed, 0 lost, 0 duplicated",
    exitCode: 0,
  });
});

Deno.test("what is unfinished when a person ends the demo is open, not lost", () => {
  assert.deepEqual(verdictOn({ ...outcome, completed: 4 }), {
    answersLine,
    line: "demo: 20 started, 4 completed, 0 lost, 0 duplicated",
    exitCode: 0,
  });
});

Deno.test("what is unfinished when the time is over is lost", () => {
  assert.deepEqual(verdictOn({ ...outcome, completed: 18, late: true }), {
    answersLine,
    line: "demo: 20 started, 18 completed, 2 lost, 0 duplicated",
    exitCode: 1,
  });
});

Deno.test("a task of Camunda with two tasks in the portal is a duplicate", () => {
  const portalTasks = new Map([["task-1", ["1", "3"]], ["task-2", ["2"]]]);
  assert.deepEqual(verdictOn({ ...outcome, portalTasks }), {
    answersLine,
    line: "demo: 20 started, 20 completed, 0 lost, 1 duplicated",
    exitCode: 1,
  });
});

Deno.test("an answer that has not come to Camunda is said in the line before, and is no success", () => {
  assert.deepEqual(verdictOn({ ...outcome, answers: { given: 60, arrived: 59 } }), {
    answersLine: "answers of questionnaires in Camunda: 59 of 60",
    line: "demo: 20 started, 20 completed, 0 lost, 0 duplicated",
    exitCode: 1,
  });
});

Deno.test("a program that failed or was cut off is no success", () => {
  assert.equal(verdictOn({ ...outcome, broken: true }).exitCode, 1);
});

Deno.test("twenty contracts have less than a minute", () => {
  assert.ok(deadlineMs(20) < 60_000);
});
