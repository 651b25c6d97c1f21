import assert from "node:assert/strict";
import { type Bitrix24Simulator, startBitrix24Simulator } from "../../../simulators/bitrix24/simulator.ts";
import { add, resultOf } from "./portal_place.ts";

async function page(simulator: Bitrix24Simulator, path = "/tasks/1"): Promise<string> {
  return await (await fetch(new URL(path, simulator.pageUrl))).text();
}

/** Presses a button; the page that it leads to. */
async function press(simulator: Bitrix24Simulator, path: string, form: FormData | Record<string, string> = {}) {
  const body = form instanceof FormData ? form : new URLSearchParams(form);
  const response = await fetch(new URL(path, simulator.pageUrl), { method: "POST", body });
  return { path: new URL(response.url).pathname, text: await response.text() };
}

const QUESTIONS = [
  { CODE: "s", NAME: "Строка", TYPE: "string" },
  { CODE: "i", NAME: "Число", TYPE: "integer" },
  { CODE: "b", NAME: "Согласны?", TYPE: "boolean", IS_REQUIRED: "Y" },
  { CODE: "d", NAME: "Когда", TYPE: "date" },
  { CODE: "e", NAME: "Способ", TYPE: "enum", ENUM_OPTIONS: ["Почта", "Курьер"] },
  { CODE: "u", NAME: "Кто", TYPE: "user" },
  { CODE: "l", NAME: "Чей", TYPE: "universal_list", ENUM_OPTIONS: { iblock_id: 16 } },
];

Deno.test("the page of a task shows all that is in it, bold where it is written bold", async () => {
  await using simulator = await startBitrix24Simulator();
  const file = simulator.disk.put({ name: "Договор.pdf" });
  await add(simulator, {
    DESCRIPTION: "Читать\n[B]Анкета <Q>[/B]\n• [I]нет[/I]",
    TAGS: ["срочно"],
    UF_TASK_WEBDAV_FILES: [`n${file}`],
    SE_PARAMETER: [{ CODE: 3, VALUE: "Y" }],
  });
  await resultOf(simulator, "task.commentitem.add", { TASKID: 1, FIELDS: { POST_MESSAGE: "Когда?" } });
  const text = await page(simulator);
  assert.match(text, /<strong>Анкета &lt;Q&gt;<\/strong>/);
  assert.match(text, /\[I\]нет\[\/I\]/);
  for (const shown of ["срочно", "Договор.pdf", "Когда?", "Результат (обязателен)", "Сотрудник № 7"]) {
    assert.ok(text.includes(shown), shown);
  }
  assert.match(await page(simulator, "/"), /<strong>Анкета[\s\S]*нужен результат/);
});

Deno.test("items of a checklist are ticked and unticked on the page", async () => {
  await using simulator = await startBitrix24Simulator();
  await add(simulator);
  const { checklists } = simulator.portal;
  const group = checklists.add(1, { title: "Документы", parentId: 0, createdBy: 1 });
  const { id } = checklists.add(1, { title: "Паспорт", parentId: group.id, createdBy: 1 });
  assert.match(await page(simulator), /aria-checked="false"/);
  const ticked = await press(simulator, `/tasks/1/checklist/${id}`, { done: "Y" });
  assert.equal(ticked.path, "/tasks/1");
  assert.match(ticked.text, /aria-checked="true"/);
  assert.deepEqual([checklists.get(id)?.complete, checklists.get(id)?.toggled?.by], [true, 7]);
  assert.match(await page(simulator, "/"), /чек-лист: 1 из 1/);
  await press(simulator, `/tasks/1/checklist/${id}`, { done: "N" });
  assert.equal(checklists.get(id)?.complete, false);
});

Deno.test("each type of question has its field, and what is filled in is the answer", async () => {
  await using simulator = await startBitrix24Simulator();
  simulator.lists.put(16, 3, "Рога и копыта");
  await add(simulator);
  const questionnaires = [{ CODE: "Q", TITLE: "Анкета", questions: QUESTIONS }];
  await resultOf(simulator, "imena.camunda.task.questionnaire.add", { taskId: 1, questionnaires });
  const [questionnaire] = simulator.addon.questionnaires(1);
  assert.ok(questionnaire);
  const text = await page(simulator);
  for (
    const field of [
      /type="text"/,
      /type="number"/,
      /Согласны\? \*/,
      /<option value="true">Да</,
      /type="date"/,
      /<option value="Курьер">Курьер</,
      /<option value="9">Сотрудник № 9</,
      /<option value="3">Рога и копыта</,
    ]
  ) {
    assert.match(text, field);
  }
  const given = ["текст", "42", "true", "2025-12-11", "Курьер", "9", "3"];
  const form = Object.fromEntries(questionnaire.questions.map(({ ID }, index) => [`q${ID}`, given[index] ?? ""]));
  const saved = await press(simulator, "/tasks/1/questionnaire", form);
  assert.match(saved.text, /<option value="Курьер" selected>/);
  assert.deepEqual(questionnaire.questions.map(({ answer }) => answer), given);
  await press(simulator, "/tasks/1/questionnaire", { ...form, [`q${questionnaire.questions[0]?.ID}`]: "" });
  assert.equal(questionnaire.questions[0]?.answer, null);
  await press(simulator, "/tasks/1/finish", form);
  assert.equal(questionnaire.questions[0]?.answer, given[0], "what was typed and not saved is not lost");
});

Deno.test("a task is finished with an answer, a result and its files", async () => {
  await using simulator = await startBitrix24Simulator({ enforceResult: true });
  await add(simulator, { UF_RESULT_EXPECTED: "Y", SE_PARAMETER: [{ CODE: 3, VALUE: "Y" }] });
  const early = await press(simulator, "/tasks/1/finish", { answer: "ДА", result: "" });
  assert.equal(early.path, "/tasks/1");
  assert.match(early.text, /role="alert">Чтобы завершить задачу, добавьте результат/);
  const form = new FormData();
  form.set("answer", "НЕТ");
  form.set("result", "Не подписали");
  form.append("file", new File(["1234"], "a.pdf"));
  form.append("file", new File(["5"], "b.pdf"));
  assert.equal((await press(simulator, "/tasks/1/finish", form)).path, "/");
  assert.equal(simulator.people.recentlyClosedTasks()[0]?.answer, "НЕТ");
  const [result] = simulator.portal.results.of(1);
  assert.equal(result?.text, "Не подписали");
  assert.deepEqual(simulator.people.details("1")?.results[0]?.files, ["a.pdf", "b.pdf"]);
});

Deno.test("a task is deferred, taken up again, approved and deleted on the page", async () => {
  await using simulator = await startBitrix24Simulator();
  await add(simulator, { TASK_CONTROL: "Y" });
  const status = () => simulator.people.details("1")?.task.status;
  await press(simulator, "/tasks/1/defer");
  assert.match(await page(simulator), /отложена[\s\S]*Возобновить/);
  await press(simulator, "/tasks/1/reopen");
  await press(simulator, "/tasks/1/finish");
  assert.match(await page(simulator, "/"), /ждёт контроля[\s\S]*Принять/);
  await press(simulator, "/tasks/1/disapprove");
  assert.equal(status(), "2");
  await press(simulator, "/tasks/1/finish");
  await press(simulator, "/tasks/1/approve");
  assert.equal(status(), "5");
  assert.match(await page(simulator), /Возобновить/);
  await press(simulator, "/tasks/1/delete");
  assert.match((await press(simulator, "/tasks/1/delete")).text, /уже закрыта или удалена/);
  assert.match(await page(simulator), /уже закрыта или удалена/);
});

Deno.test("no text of a task breaks out of its page", async () => {
  await using simulator = await startBitrix24Simulator();
  const evil = `"'><script>alert(1)</script>`;
  const file = simulator.disk.put({ name: evil });
  await add(simulator, {
    TITLE: evil,
    DESCRIPTION: `[B]${evil}[/B]`,
    TAGS: [evil],
    UF_RESULT_QUESTION: evil,
    UF_TASK_WEBDAV_FILES: [`n${file}`],
  });
  const group = simulator.portal.checklists.add(1, { title: evil, parentId: 0, createdBy: 1 });
  simulator.portal.checklists.add(1, { title: evil, parentId: group.id, createdBy: 1 });
  const questions = [{ CODE: evil, NAME: evil, TYPE: "enum", ENUM_OPTIONS: [evil] }];
  const questionnaires = [{ CODE: "Q", TITLE: evil, questions }];
  await resultOf(simulator, "imena.camunda.task.questionnaire.add", { taskId: 1, questionnaires });
  simulator.addon.answer(1, "Q", evil, evil);
  simulator.people.addResult("1", { text: evil });
  await resultOf(simulator, "task.commentitem.add", { TASKID: 1, FIELDS: { POST_MESSAGE: evil } });
  assert.doesNotMatch(await page(simulator, `/tasks/1?refusal=${encodeURIComponent(evil)}`), /<script/);
  assert.doesNotMatch(await page(simulator, "/"), /<script/);
});
