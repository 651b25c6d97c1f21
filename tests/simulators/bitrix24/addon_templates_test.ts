import assert from "node:assert/strict";
import { startBitrix24Simulator } from "../../../simulators/bitrix24/simulator.ts";
import { add, call, resultOf } from "./portal_place.ts";

const QUESTIONNAIRE = {
  CODE: "Q",
  TITLE: "Анкета",
  questions: [
    { CODE: "agree", NAME: "Согласны?", TYPE: "boolean", IS_REQUIRED: "Y" },
    { CODE: "who", NAME: "Кто?", TYPE: "user" },
    { CODE: "org", NAME: "Чей?", TYPE: "universal_list", ENUM_OPTIONS: { iblock_id: 16 } },
  ],
};

Deno.test("a template is completed with what it says nothing of, and its element's record points to it", async () => {
  await using simulator = await startBitrix24Simulator();
  simulator.addon.template("P", "A", {
    template: { TITLE: "Проверить договор" },
    checklists: { items: [{ item: { ID: 1, TITLE: "G" }, tree: { parent_id: 1, level: 0 } }] },
  });
  const params = { camundaProcessId: "P", elementId: "A" };
  const { success, data } = await resultOf(simulator, "imena.camunda.tasktemplate.get", params);
  assert.equal(success, true);
  assert.equal(data.template.TITLE, "Проверить договор");
  assert.deepEqual(data.members, { all: [], by_type: { O: [], R: [], A: [], U: [] } });
  assert.deepEqual([data.checklists.total, data.questionnaires.total, data.files, data.tags], [1, 0, [], []]);
  const { responsible } = (await resultOf(simulator, "imena.camunda.diagram.responsible.get", params)).data;
  assert.equal(responsible.TEMPLATE_ID, data.meta.templateId);
  assert.equal(data.template.ID, data.meta.templateId);
});

Deno.test("PHP's empty lists in place of maps are handed on as they are", async () => {
  await using simulator = await startBitrix24Simulator();
  simulator.addon.template("P", "A", { template: { TITLE: "T" }, members: [], checklists: [], questionnaires: null });
  const { data } = await resultOf(simulator, "imena.camunda.tasktemplate.get", {
    camundaProcessId: "P",
    elementId: "A",
  });
  assert.deepEqual([data.members, data.checklists, data.questionnaires], [[], [], null]);
});

Deno.test("a resolver sees the process's variables, sent by form or as JSON", async () => {
  await using simulator = await startBitrix24Simulator();
  simulator.addon.template("P", "A", ({ startedBy = "1" }) => ({
    template: { TITLE: "T" },
    members: { by_type: { R: [{ USER_ID: startedBy }] } },
  }));
  const params = { camundaProcessId: "P", elementId: "A", processVariables: { startedBy: "5" } };
  const { data } = await resultOf(simulator, "imena.camunda.tasktemplate.get", params);
  assert.deepEqual(data.members.by_type.R, [{ USER_ID: "5" }]);
  const command = "imena.camunda.tasktemplate.get?camundaProcessId=P&elementId=A&processVariables[startedBy]=6";
  const batch = await resultOf(simulator, "batch", { cmd: { a: command } });
  assert.deepEqual(batch.result.a.data.members.by_type.R, [{ USER_ID: "6" }]);
  assert.deepEqual(simulator.addon.lastTemplateVariables, { startedBy: "6" });
});

Deno.test("the variables of a template are those of the system, the diagram and the questionnaires", async () => {
  await using simulator = await startBitrix24Simulator();
  simulator.addon.diagram("P", { properties: [{ CODE: "sum", TYPE: "integer" }] });
  simulator.addon.template("P", "A", { questionnaires: { items: [QUESTIONNAIRE] } });
  const params = { camundaProcessId: "P", elementId: "A" };
  const { templateId } = (await resultOf(simulator, "imena.camunda.tasktemplate.get", params)).data.meta;
  const { data } = await resultOf(simulator, "imena.camunda.tasktemplate.variables", { templateId });
  const codes = data.map(({ code }: { readonly code: string }) => code);
  assert.deepEqual(codes, ["startedBy", "businessKey", "processInstanceId", "sum", "A_Q_agree", "A_Q_who", "A_Q_org"]);
  const grouped = await resultOf(simulator, "imena.camunda.tasktemplate.variables", { templateId, grouped: true });
  assert.equal(grouped.data.questionnaire.length, 3);
  assert.deepEqual(Object.keys((await resultOf(simulator, "imena.camunda.resolvers.list")).data), [
    "dummy",
    "initiator",
    "supervisor",
    "by_email",
  ]);
});

Deno.test("a task's questionnaires are answered by people, and shown with names for users", async () => {
  await using simulator = await startBitrix24Simulator();
  await add(simulator);
  simulator.users.put(9, { name: "Пётр", lastName: "Петров" });
  const params = { taskId: 1, questionnaires: [QUESTIONNAIRE] };
  const { data } = await resultOf(simulator, "imena.camunda.task.questionnaire.add", params);
  assert.deepEqual([data.taskId, data.totalCreated, data.createdIds.length], [1, 1, 1]);
  simulator.people.answer("1", "Q", "agree", "true");
  simulator.addon.answer(1, "Q", "who", "9");
  const list = (await resultOf(simulator, "imena.camunda.task.questionnaire.list", { taskId: 1 })).data;
  assert.deepEqual([list.total, list.has_codes], [1, true]);
  const [agree, who, org] = list.items[0].questions;
  assert.deepEqual([agree.answer, who.answer, who._userName, org.answer], ["true", "9", "Пётр Петров", null]);
  assert.equal(org._iblockId, 16);
  assert.throws(() => simulator.addon.answer(1, "Q", "nobody asked", "x"), /no question/);
});

Deno.test("questionnaires added twice are there twice", async () => {
  await using simulator = await startBitrix24Simulator();
  await add(simulator);
  for (let i = 0; i < 2; i++) {
    await call(simulator, "imena.camunda.task.questionnaire.add", { taskId: 1, questionnaires: [QUESTIONNAIRE] });
  }
  assert.deepEqual(simulator.addon.questionnaires("1").map(({ CODE }) => CODE), ["Q", "Q"]);
});
