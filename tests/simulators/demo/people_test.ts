import assert from "node:assert/strict";
import { type Clock, systemClock } from "../../../lib/time/clock.ts";
import type { TaskRecord } from "../../../simulators/camunda/simulator.ts";
import { type Desk, type DeskTask, SimulatedPeople } from "../../../simulators/demo/people.ts";

const pace = { leastMs: 200, mostMs: 800 };

/** Contract n is the process instance "n"; its tasks have ids like "5 Approve". */
const contracts = {
  numberOf: (processInstanceId: string) => Number(processInstanceId),
  taskOf(taskId: string): TaskRecord {
    const [processInstanceId = "", activityId = ""] = taskId.split(" ");
    const counts = { fetched: 1, completed: 0, failed: 0, bpmnErrors: 0 };
    return { taskId, topicName: "bitrix_create_task", activityId, processInstanceId, ...counts };
  },
};

/** A clock whose waits are over at once and remembered. */
function quickClock() {
  const sleepsMs: number[] = [];
  const clock: Clock = { now: () => 0, sleep: (ms) => Promise.resolve(void sleepsMs.push(ms)) };
  return { clock, sleepsMs };
}

class TestDesk implements Desk {
  readonly finished: [id: string, answer: string | undefined][] = [];
  readonly open = new Set<string>();

  openTasks() {
    return Array.from(this.open, (id) => ({ id }));
  }

  finish(id: string, { answer }: { readonly answer?: string }): void {
    if (!this.open.delete(id)) throw new Error("Action is not allowed");
    this.finished.push([id, answer]);
  }
}

const prepare = (contract: number): DeskTask => ({
  id: `${contract} Prepare`,
  externalTaskId: `${contract} Prepare`,
  answerExpected: false,
});
const approve = (contract: number): DeskTask => ({
  id: `${contract} Approve`,
  externalTaskId: `${contract} Approve`,
  answerExpected: true,
});

Deno.test("simulated people finish a task after a moment of their pace", async () => {
  const desk = new TestDesk();
  const { clock, sleepsMs } = quickClock();
  const { signal } = new AbortController();
  const people = new SimulatedPeople(pace, { contracts, clock, random: () => 0.5, signal });
  desk.open.add("1 Prepare");
  await people.work(prepare(1), desk);
  assert.deepEqual(sleepsMs, [500]);
  assert.deepEqual(desk.finished, [["1 Prepare", undefined]]);
});

Deno.test("simulated people approve, but refuse every fifth contract once", async () => {
  const desk = new TestDesk();
  const { signal } = new AbortController();
  const people = new SimulatedPeople(pace, { contracts, clock: quickClock().clock, signal });
  for (const contract of [4, 5, 5, 10]) {
    desk.open.add(`${contract} Approve`);
    await people.work(approve(contract), desk);
  }
  assert.deepEqual(desk.finished.map(([, answer]) => answer), ["ДА", "НЕТ", "ДА", "НЕТ"]);
});

Deno.test("simulated people leave a task alone that somebody on the page has finished first", async () => {
  const { signal } = new AbortController();
  const people = new SimulatedPeople(pace, { contracts, clock: quickClock().clock, signal });
  const desk = new TestDesk();
  await people.work(prepare(1), desk);
  assert.deepEqual(desk.finished, []);
});

Deno.test("a portal that refuses the work of simulated people is a fault", async () => {
  const { signal } = new AbortController();
  const people = new SimulatedPeople(pace, { contracts, clock: quickClock().clock, signal });
  const desk: Desk = {
    openTasks: () => [{ id: "1 Prepare" }],
    finish() {
      throw new Error("no such field");
    },
  };
  await assert.rejects(people.work(prepare(1), desk), /no such field/);
});

Deno.test("simulated people go home when the demo ends", async () => {
  const home = new AbortController();
  const people = new SimulatedPeople(pace, { contracts, clock: systemClock, signal: home.signal });
  const desk = new TestDesk();
  desk.open.add("1 Prepare");
  const work = people.work(prepare(1), desk);
  home.abort();
  await work;
  assert.deepEqual(desk.finished, []);
});
