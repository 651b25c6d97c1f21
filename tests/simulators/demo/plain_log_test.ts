import assert from "node:assert/strict";
import { PlainLog } from "../../../simulators/demo/plain_log.ts";
import type { DemoState } from "../../../simulators/demo/state.ts";

const state: DemoState = {
  options: { instances: 300, exit: true, people: "simulated" },
  elapsedMs: 0,
  deployedVersion: undefined,
  completed: 0,
  tasks: { fetched: 0, published: 0, created: 0, answered: 0, completed: 0 },
  openTasks: 0,
  happenings: [],
  pages: { bitrix24: "http://127.0.0.1:1/", camunda: "http://127.0.0.1:2/engine-rest" },
  phase: "running",
};

function printed(...states: Partial<DemoState>[]): string[] {
  const lines: string[] = [];
  const log = new PlainLog((line) => lines.push(line));
  for (const more of states) log.show({ ...state, ...more });
  return lines;
}

Deno.test("the plain log begins with the addresses and with how the demo ends, once", () => {
  assert.deepEqual(printed({}, { elapsedMs: 5_000 }), [
    "Bitrix24: http://127.0.0.1:1/  Camunda: http://127.0.0.1:2/engine-rest",
    "300 contracts wait for their process. Simulated people finish the tasks. The demo ends with the last contract.",
  ]);
});

Deno.test("the plain log says once that the process is deployed", () => {
  const deployed = { elapsedMs: 400, deployedVersion: 1 };
  assert.deepEqual(printed({}, deployed, { ...deployed, elapsedMs: 900 }).slice(2), [
    "0.4 s: «Согласование договора»: drawn in StormBPMN, deployed by sync as version 1",
  ]);
});

Deno.test("the plain log reports changes of completed contracts, once per second, and the last at once", () => {
  const lines = printed(
    {},
    { elapsedMs: 1_500, completed: 10, openTasks: 7 },
    { elapsedMs: 2_000, completed: 150 },
    { elapsedMs: 2_600, completed: 160 },
    { elapsedMs: 9_000, completed: 160 },
    { elapsedMs: 9_100, completed: 299 },
    { elapsedMs: 9_200, completed: 300 },
    { elapsedMs: 12_000, completed: 300 },
  ).slice(2);
  assert.deepEqual(lines.map((line) => line.split(";")[0]), [
    "1.5 s: 10 of 300 contracts completed",
    "2.6 s: 160 of 300 contracts completed",
    "9.1 s: 299 of 300 contracts completed",
    "9.2 s: 300 of 300 contracts completed",
  ]);
  assert.match(lines[0] ?? "", /; tasks: 0 fetched, 0 published, 0 created, 7 open, 0 found finished, 0 completed$/);
});

Deno.test("the plain log says once that it was interrupted", () => {
  const lines = printed({}, { phase: "ending" }, { phase: "ending" }, { phase: "over" }).slice(2);
  assert.deepEqual(lines, ["Finishing what is in hand. Ctrl-C again ends at once."]);
});
