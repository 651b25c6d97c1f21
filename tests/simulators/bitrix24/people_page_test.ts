import assert from "node:assert/strict";
import type { Bitrix24Simulator } from "../../../simulators/bitrix24/simulator.ts";
import { add, openPortal } from "./portal_place.ts";

async function page(simulator: Bitrix24Simulator): Promise<string> {
  return await (await fetch(simulator.pageUrl)).text();
}

/** Presses a button; the page that it leads to. */
async function press(simulator: Bitrix24Simulator, path: string, form: Record<string, string> = {}) {
  const response = await fetch(new URL(path, simulator.pageUrl), { method: "POST", body: new URLSearchParams(form) });
  return { status: response.status, text: await response.text() };
}

Deno.test("the page shows who a task is for, its group and its deadline, and marks one that has passed", async () => {
  await using place = await openPortal();
  const { simulator } = place;
  await add(simulator, { RESPONSIBLE_ID: 7, GROUP_ID: 12, DEADLINE: "2124-03-14T18:00:00+03:00" });
  const soon = await page(simulator);
  assert.match(soon, /исполнитель № 7/);
  assert.match(soon, /группа № 12/);
  assert.match(soon, /<span class="">срок 14\.03\.2124 18:00</);
  await add(simulator, { DEADLINE: "2020-03-14T18:00:00+03:00" });
  assert.match(await page(simulator), /<span class="late">срок 14\.03\.2020 18:00</);
});

Deno.test("a task without group and deadline speaks of neither, and no answer is asked where none is expected", async () => {
  await using place = await openPortal();
  await add(place.simulator, { DEADLINE: "" });
  const text = await page(place.simulator);
  assert.doesNotMatch(text, /группа|срок|ДА|НЕТ/);
  assert.match(text, /Завершить/);
});

Deno.test("an answer pressed on the page is the task's answer, and the task moves to the closed ones", async () => {
  await using place = await openPortal();
  const { simulator } = place;
  await add(simulator, { UF_RESULT_EXPECTED: "Y" });
  const { text } = await press(simulator, "/tasks/1/finish", { answer: "НЕТ" });
  assert.match(text, /Открытые задачи: 0/);
  assert.match(text, /Последние закрытые[\s\S]*№ 1[\s\S]*НЕТ/);
  assert.deepEqual(simulator.people.recentlyClosedTasks().map(({ answer }) => answer), ["НЕТ"]);
});

Deno.test("what is closed or deleted already leads back to the page with a notice, not to an error", async () => {
  await using place = await openPortal();
  const { simulator } = place;
  await add(simulator);
  assert.doesNotMatch((await press(simulator, "/tasks/1/decline")).text, /уже закрыта/);
  for (const path of ["/tasks/1/finish", "/tasks/1/decline", "/tasks/77/finish"]) {
    const { status, text } = await press(simulator, path);
    assert.equal(status, 200);
    assert.match(text, /Открытые задачи: 0/);
    assert.match(text, /Эта задача уже закрыта или удалена/);
  }
  assert.equal(simulator.people.recentlyClosedTasks()[0]?.outcome, "declined");
});

Deno.test("an answer that the portal does not have finishes nothing", async () => {
  await using place = await openPortal();
  await add(place.simulator, { UF_RESULT_EXPECTED: "Y" });
  assert.equal((await press(place.simulator, "/tasks/1/finish", { answer: "МОЖЕТ БЫТЬ" })).status, 400);
  assert.equal(place.simulator.people.openTasks().length, 1);
});

Deno.test("no text of a task breaks out of the page, open or closed", async () => {
  await using place = await openPortal();
  const { simulator } = place;
  const evil = `"'><script>alert(1)</script>`;
  await add(simulator, {
    TITLE: evil,
    DESCRIPTION: `${evil}!`,
    UF_RESULT_QUESTION: evil,
    DEADLINE: evil,
    GROUP_ID: evil,
  });
  const open = await page(simulator);
  assert.doesNotMatch(open, /<script/);
  assert.equal(open.match(/&lt;script&gt;/g)?.length, 5);
  simulator.people.finish("1");
  assert.doesNotMatch(await page(simulator), /<script/);
});

Deno.test("a page with very many tasks shows the oldest hundred and says how many there are", async () => {
  await using place = await openPortal();
  await add(place.simulator);
  for (let i = 0; i < 119; i++) place.simulator.people.copy("1");
  const text = await page(place.simulator);
  assert.match(text, /Открытые задачи: 120/);
  assert.match(text, /И ещё 20/);
  assert.equal(text.match(/<article>/g)?.length, 100);
});
