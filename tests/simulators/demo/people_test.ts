import assert from "node:assert/strict";
import { type Clock, systemClock } from "../../../lib/time/clock.ts";
import { SimulatedPeople } from "../../../simulators/demo/people.ts";
import { contracts, TestDesk } from "./desk.ts";

const pace = { leastMs: 200, mostMs: 800 };
const never = new AbortController().signal;

/** A clock whose waits are over at once and remembered; `whileAsleep` is told how many there were. */
function quickClock(whileAsleep: (count: number) => void = () => {}) {
  const sleepsMs: number[] = [];
  const clock: Clock = {
    now: () => 0,
    sleep(ms) {
      whileAsleep(sleepsMs.push(ms));
      return Promise.resolve();
    },
  };
  return { clock, sleepsMs };
}

function newPeople({ clock = quickClock().clock, signal = never } = {}): SimulatedPeople {
  return new SimulatedPeople(pace, { contracts, clock, random: () => 0.5, signal });
}

Deno.test("simulated people tick the checklist, fill in the questionnaire, write a result and finish", async () => {
  const desk = new TestDesk();
  const task = desk.put("3 Prepare");
  await newPeople().work(task, desk.people);
  const { closed, checklist, results } = desk.details(task);
  assert.equal(closed, true);
  assert.deepEqual(checklist.map(({ depth, complete }) => depth > 0 && complete), [false, true, true, true, true]);
  assert.deepEqual(desk.answersIn(task), ["true", "2", "средний"]);
  assert.deepEqual(results, [
    { text: "Контрагент проверен, проект договора готов.", files: ["Проект договора 3.docx"] },
  ]);
});

Deno.test("simulated people take a moment of their pace, and in the middle of it the task is in progress", async () => {
  const desk = new TestDesk();
  const task = desk.put("1 Prepare");
  const statuses: string[] = [];
  const { clock, sleepsMs } = quickClock(() => statuses.push(desk.details(task).task.status));
  await newPeople({ clock }).work(task, desk.people);
  assert.deepEqual(sleepsMs, [250, 250]);
  assert.deepEqual(statuses, ["2", "3"]);
});

Deno.test("simulated people approve, but refuse every fifth contract once, and say why", async () => {
  const desk = new TestDesk();
  const people = newPeople();
  for (const task of ["4 Approve", "5 Approve", "5 Approve again", "10 Approve"]) {
    await people.work(desk.put(task), desk.people);
  }
  const latestFirst = desk.people.recentlyClosedTasks();
  assert.deepEqual(latestFirst.map(({ answer }) => answer), ["НЕТ", "ДА", "НЕТ", "ДА"]);
  const results = latestFirst.map(({ id }) => desk.people.details(id)?.results[0]?.text);
  assert.deepEqual(results.slice(0, 2), [
    "Не согласовано: уточните порядок оплаты.",
    "Согласовано, можно подписывать.",
  ]);
});

Deno.test("simulated people wait for the checklist and the questionnaire, which come after the task itself", async () => {
  const desk = new TestDesk();
  const task = desk.putBare("1 Prepare");
  const { clock, sleepsMs } = quickClock((count) => count === 3 && desk.putParts(task));
  await newPeople({ clock }).work(task, desk.people);
  assert.deepEqual(sleepsMs, [250, 100, 100, 250]);
  assert.deepEqual(desk.answersIn(task), ["true", "2", "средний"]);
});

Deno.test("simulated people leave a task alone that somebody on the page has finished first", async () => {
  const desk = new TestDesk();
  for (const when of [1, 2]) {
    const task = desk.put("1 Prepare");
    const { clock } = quickClock((count) => count === when && desk.people.finish(task.id, { result: "Готово." }));
    await newPeople({ clock }).work(task, desk.people);
    assert.deepEqual(desk.details(task).results.map(({ text }) => text), ["Готово."]);
  }
});

Deno.test("simulated people leave a task alone that somebody on the page has declined or deleted", async () => {
  const desk = new TestDesk();
  for (const when of [1, 2]) {
    for (const move of ["decline", "delete"] as const) {
      const task = desk.put("1 Prepare");
      const { clock } = quickClock((count) => count === when && desk.people[move](task.id));
      await newPeople({ clock }).work(task, desk.people);
      assert.equal(desk.people.details(task.id)?.results.length ?? 0, 0);
    }
  }
});

Deno.test("simulated people go on with what somebody on the page has begun", async () => {
  const desk = new TestDesk();
  const task = desk.put("1 Prepare");
  const [lawsuits] = desk.addon.questionnaires(task.id).flatMap(({ questions }) => questions).slice(1);
  desk.people.fillIn(task.id, new Map([[lawsuits?.ID ?? 0, "11"]]));
  desk.people.defer(task.id);
  await newPeople().work(task, desk.people);
  assert.deepEqual(desk.answersIn(task), ["true", "11", "средний"]);
  assert.equal(desk.details(task).closed, true);
});

Deno.test("a portal that refuses the work of simulated people is a fault", async () => {
  const desk = new TestDesk();
  const task = desk.put("1 Approve");
  for (const [index, field] of desk.portal.fields.entries()) {
    desk.portal.fields[index] = { ...field, values: new Map() };
  }
  await assert.rejects(newPeople().work(task, desk.people), /The portal's answers are/);
});

Deno.test("simulated people go home when the demo ends", async () => {
  const home = new AbortController();
  const desk = new TestDesk();
  const task = desk.put("1 Prepare");
  const work = newPeople({ clock: systemClock, signal: home.signal }).work(task, desk.people);
  home.abort();
  await work;
  assert.equal(desk.details(task).task.status, "2");
});
