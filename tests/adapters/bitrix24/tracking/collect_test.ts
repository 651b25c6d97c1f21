import assert from "node:assert/strict";
import type { JsonObject } from "../../../../lib/messages/json.ts";
import { responseMessage } from "../../../../lib/messages/response_message.ts";
import { mapResponse } from "../../../../lib/worker/response_variables.ts";
import { about, doneOf, trackedPortal } from "./tracked_portal.ts";

const FORM = {
  CODE: "VACATION",
  TITLE: "Отпуск",
  questions: [
    { CODE: "FROM", NAME: "С какого дня", TYPE: "date" },
    { CODE: "PAID", NAME: "Оплачивать?", TYPE: "boolean" },
  ],
};

Deno.test("questionnaires come home exactly as the add-on has them, and become the predecessor's variables", async () => {
  await using portal = await trackedPortal();
  const id = portal.add();
  portal.simulator.addon.addQuestionnaires(Number(id), [FORM]);
  portal.people.answer(id, "VACATION", "FROM", "2026-12-31");
  portal.people.finish(id);
  const { response } = doneOf((await portal.track(about(id)))[0]);
  const asTheAddonHasThem = await portal.call("imena.camunda.task.questionnaire.list", { taskId: id });
  const { result } = JSON.parse(JSON.stringify(response));
  assert.deepEqual(result.questionnaires, JSON.parse(JSON.stringify(asTheAddonHasThem)).data);
  assert.equal(result.questionnaires.total, 1);
  const { values } = mapResponse(responseMessage.parse({
    original_message: { task_id: "t", activity_id: "A" },
    response_data: response,
    processing_status: "completed_by_tracker",
  }));
  assert.deepEqual([values.get("A_VACATION_FROM"), values.get("A_VACATION_PAID")], ["2026-12-31", false]);
});

Deno.test("results, files, checklists, who closed the task and when become variables of the activity", async () => {
  await using portal = await trackedPortal();
  const id = portal.add();
  const list = await portal.call("task.checklistitem.add", { TASKID: id, FIELDS: { TITLE: "Договор", PARENT_ID: 0 } });
  const item = (title: string, parent: unknown, sort: number) =>
    portal.call("task.checklistitem.add", {
      TASKID: id,
      FIELDS: { TITLE: title, PARENT_ID: String(parent), SORT_INDEX: sort },
    });
  const second = await item("Подписать", list, 2);
  const first = await item("Прочитать", list, 1);
  await item("Вторую страницу", first, 1);
  portal.people.tick(id, String(second));
  portal.people.addResult(id, { text: "Начал" });
  portal.people.finish(id, { result: "Готово &amp; &quot;подписано&quot;", files: [{ name: "Скан.pdf" }], by: 9 });

  const [progress] = await portal.track(about(id));
  const { variables } = doneOf(progress);
  assert.deepEqual(variables["Activity_A_resultText"], {
    type: "String",
    value: 'Начал\nГотово & "подписано"',
    valueInfo: {},
  });
  assert.equal(variables["Activity_A_resultFiles"]?.type, "Json");
  const [file] = JSON.parse(String(variables["Activity_A_resultFiles"]?.value));
  assert.equal(file.name, "Скан.pdf");
  assert.deepEqual(
    Object.keys(file),
    ["name", "attachmentId"],
    "no address: it would carry a token of the webhook's user",
  );
  assert.deepEqual(JSON.parse(String(variables["Activity_A_checklists"]?.value)), [{
    title: "Договор",
    items: [
      { title: "Прочитать", complete: false, items: [{ title: "Вторую страницу", complete: false }] },
      { title: "Подписать", complete: true },
    ],
  }]);
  assert.equal(variables["Activity_A_closedBy"]?.value, "9");
  const { type, value } = variables["Activity_A_closedAt"] ?? {};
  assert.equal(type, "Date");
  assert.match(String(value), /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}\+0000$/);
  assert.ok(Math.abs(Date.parse(String(value)) - Date.now()) < 60_000);
  assert.equal(Object.keys(variables).length, 5);
});

Deno.test("what people left empty sets no variable", async () => {
  await using portal = await trackedPortal();
  const id = portal.add();
  portal.people.finish(id);
  const { variables } = doneOf((await portal.track(about(id)))[0]);
  assert.deepEqual(Object.keys(variables).sort(), ["Activity_A_closedAt", "Activity_A_closedBy"]);
});

Deno.test("in a multi-instance activity each instance keeps its own", async () => {
  await using portal = await trackedPortal();
  const id = portal.add();
  portal.people.finish(id, { result: "Да" });
  const { variables } = doneOf((await portal.track(about(id, { variables: { loopCounter: 2 } })))[0]);
  assert.deepEqual(variables["Activity_A_2_resultText"], variables["Activity_A_resultText"]);
});

Deno.test("a result that is too long for a string of the engine is cut, and says so", async () => {
  await using portal = await trackedPortal();
  const id = portal.add();
  portal.people.finish(id, { result: `${"я".repeat(3_998)}😀${"ю".repeat(10)}` });
  const { variables } = doneOf((await portal.track(about(id)))[0]);
  assert.equal(variables["Activity_A_resultText"]?.value, `${"я".repeat(3_998)}…`);
});

Deno.test("what is not to be collected is not asked for", async () => {
  await using portal = await trackedPortal({ BITRIX_COLLECT: "none" });
  const id = portal.add();
  portal.people.finish(id, { result: "Готово" });
  const requests = await portal.requestsOf(async () => {
    const { variables } = doneOf((await portal.track(about(id)))[0]);
    assert.equal("Activity_A_resultText" in variables, false);
  });
  assert.equal(requests, 1);
});

Deno.test("without the add-on nobody asks it for questionnaires", async () => {
  await using portal = await trackedPortal({}, { addon: false, hasAddon: false });
  const id = portal.add();
  portal.people.finish(id);
  const { response } = doneOf((await portal.track(about(id)))[0]);
  const { questionnaires } = JSON.parse(JSON.stringify(response["result"]));
  assert.deepEqual(questionnaires, { taskId: Number(id), items: [], total: 0, has_codes: false });
});

Deno.test("a task is never finished without what its people said: any part that cannot be read is read later", async () => {
  const methods = ["imena.camunda.task.questionnaire.list", "tasks.task.result.list", "task.checklistitem.getlist"];
  const faults = [
    { status: 500, error: "INTERNAL_SERVER_ERROR", kind: "down" },
    { status: 503, error: "QUERY_LIMIT_EXCEEDED", kind: "down" },
  ];
  for (const method of methods) {
    for (const { kind, ...fault } of faults) {
      await using portal = await trackedPortal();
      const id = portal.add();
      portal.people.finish(id, { result: "Готово" });
      portal.simulator.faults.failNext(fault, { method });
      assert.deepEqual((await portal.track(about(id))).map(({ kind }) => kind), [kind], `${method} ${fault.error}`);
      doneOf((await portal.track(about(id)))[0]);
    }
  }
});

Deno.test("what the portal refuses to tell about one task keeps that task alone from being finished", async () => {
  for (const error of ["ERROR_CORE", "insufficient_scope", "ERROR_METHOD_NOT_FOUND"]) {
    await using portal = await trackedPortal();
    const [refused, finished, open] = [portal.add(), portal.add(), portal.add()];
    for (const id of [refused, finished]) portal.people.finish(id);
    portal.simulator.faults.refuseNext({ status: 403, error }, "task.checklistitem.getlist");
    const progress = await portal.track(about(refused), about(finished), about(open));
    assert.deepEqual(progress.map(({ kind }) => kind), ["retry", "done", "open"]);
  }
});

Deno.test("an add-on that fails, or does not know the task, is asked again", async () => {
  await using portal = await trackedPortal({}, { addon: false, hasAddon: true });
  const id = portal.add();
  portal.people.finish(id);
  assert.deepEqual((await portal.track(about(id))).map(({ kind }) => kind), ["retry"]);
});

Deno.test("a file that the portal does not show any more is known by its id", async () => {
  await using portal = await trackedPortal();
  const id = portal.add();
  portal.people.finish(id, { result: "Готово", files: [{ name: "Скан.pdf" }] });
  const fault = { status: 503, error: "OVERLOAD_LIMIT" };
  portal.simulator.faults.refuseNext(fault, "disk.attachedObject.get");
  assert.equal((await portal.track(about(id)))[0]?.kind, "down", "a name that can be read later is waited for");
  portal.simulator.disk.attachment = () => undefined;
  const { variables } = doneOf((await portal.track(about(id)))[0]);
  const [file] = JSON.parse(String(variables["Activity_A_resultFiles"]?.value));
  assert.deepEqual(Object.keys(file), ["attachmentId"]);
});

Deno.test("1,000 open tasks cost one request a look, 50 finished ones one more for each kind of what they say", async () => {
  await using portal = await trackedPortal();
  const messages = Array.from({ length: 1_000 }, () => about(portal.add()));
  const look = () => portal.requestsOf(() => portal.track(...messages));
  assert.equal(await look(), 1);
  assert.equal(await look(), 1, "people of open tasks are looked up on the way");
  const ids = messages.slice(0, 50).map(({ response_data }) => idIn(response_data));
  for (const id of ids) portal.people.finish(id, { result: "Готово" });
  assert.equal(await look(), 1 + 3);
});

Deno.test("five finished tasks of a look cost one request for all that they say, and one for their files", async () => {
  await using portal = await trackedPortal();
  const ids = Array.from({ length: 5 }, () => portal.add());
  for (const id of ids) portal.people.finish(id, { result: "Готово", files: [{ name: "a" }, { name: "b" }] });
  assert.equal(await portal.requestsOf(() => portal.track(...ids.map((id) => about(id)))), 3);
});

function idIn(response: JsonObject): string {
  const { result } = JSON.parse(JSON.stringify(response));
  return result.task.id;
}
