import assert from "node:assert/strict";
import { startBitrix24Simulator } from "../../../simulators/bitrix24/simulator.ts";
import { add, call, refusalOf, resultOf } from "./portal_place.ts";

const METHODS = [
  "sync",
  "diagram.properties.list",
  "diagram.responsible.list",
  "diagram.responsible.get",
  "userfield.list",
  "userfield.get",
  "userfield.stats",
  "userfield.types",
  "userfield.exists",
  "user.supervisor.get",
  "tasktemplate.get",
  "tasktemplate.variables",
  "resolvers.list",
  "task.questionnaire.add",
  "task.questionnaire.list",
  "task.dependency.add",
].map((name) => `imena.camunda.${name}`);

Deno.test("a portal with the add-on has its sixteen methods and its scope", async () => {
  await using simulator = await startBitrix24Simulator();
  const methods = new Set(await resultOf(simulator, "methods"));
  assert.deepEqual(METHODS.filter((method) => !methods.has(method)), []);
  assert.ok(["batch", "scope", "methods", "user.get", "tasks.task.add"].every((method) => methods.has(method)));
  assert.ok((await resultOf(simulator, "scope")).includes("imena.camunda"));
});

Deno.test("a portal without the add-on knows nothing of it", async () => {
  await using simulator = await startBitrix24Simulator({ addon: false });
  for (const method of METHODS) {
    assert.deepEqual(await refusalOf(simulator, method), [404, "ERROR_METHOD_NOT_FOUND", "Method not found!"]);
  }
  assert.equal((await resultOf(simulator, "methods")).some((name: string) => name.startsWith("imena.")), false);
  assert.equal((await resultOf(simulator, "scope")).includes("imena.camunda"), false);
});

Deno.test("what the add-on does not do, it says with status 200: the first parameter that is missing", async () => {
  await using simulator = await startBitrix24Simulator();
  for (
    const [method, params, error] of [
      ["sync", {}, "Missing required parameter: processInstanceId"],
      ["sync", { processInstanceId: "pi" }, "Missing required parameter: processDefinitionKey"],
      ["diagram.properties.list", {}, "Missing required parameter: camundaProcessId"],
      ["diagram.properties.list", { camundaProcessId: "P" }, "Diagram not found"],
      ["diagram.responsible.get", { camundaProcessId: "P" }, "Missing required parameter: elementId"],
      ["user.supervisor.get", { userId: 0 }, "Missing or invalid required parameter: userId"],
      ["tasktemplate.get", { camundaProcessId: "P" }, "Missing required parameter: elementId"],
      ["tasktemplate.get", { camundaProcessId: "P", elementId: "A" }, "Task template not found"],
      ["task.questionnaire.add", { taskId: 1 }, "Task not found"],
      ["task.dependency.add", { taskId: 1 }, "Invalid taskId/dependsOnId"],
    ] as const
  ) {
    assert.deepEqual(await resultOf(simulator, `imena.camunda.${method}`, params), { success: false, error });
  }
});

Deno.test("sync answers flat, and is remembered", async () => {
  await using simulator = await startBitrix24Simulator();
  const sync = { processDefinitionKey: "P", processInstanceId: "pi" };
  const { timestamp, ...answer } = await resultOf(simulator, "imena.camunda.sync", sync);
  assert.deepEqual(answer, { success: true, message: "Webhook received", ...sync });
  assert.match(timestamp, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
  assert.deepEqual(simulator.addon.syncs, [sync]);
});

Deno.test("the properties of a diagram come in their order", async () => {
  await using simulator = await startBitrix24Simulator();
  simulator.addon.diagram("P", {
    id: "d-1",
    title: "Договор",
    properties: [{ CODE: "b", NAME: "Сумма", TYPE: "integer", SORT: "20" }, { CODE: "a", SORT: 10 }],
  });
  const { success, data } = await resultOf(simulator, "imena.camunda.diagram.properties.list", {
    camundaProcessId: "P",
  });
  assert.deepEqual([success, data.diagram.ID, data.diagram.TITLE], [true, "d-1", "Договор"]);
  assert.deepEqual(data.properties.map(({ CODE, NAME }: Record<string, string>) => [CODE, NAME]), [
    ["a", "a"],
    ["b", "Сумма"],
  ]);
  assert.deepEqual(data.meta, { camundaProcessId: "P", propertyCount: 2 });
});

Deno.test("who does an element is found by the process or by the diagram; nobody is null", async () => {
  await using simulator = await startBitrix24Simulator();
  const { addon } = simulator;
  addon.diagram("P", { id: "d-1" });
  addon.responsible("P", "A2", { SORT_INDEX: 2, PREDECESSOR_IDS: ["A1"], TEMPLATE_ID: 5 });
  addon.responsible("P", "A1", { SORT_INDEX: 1 });
  const get = async (params: object) =>
    (await resultOf(simulator, "imena.camunda.diagram.responsible.get", params)).data.responsible;
  const found = await get({ camundaProcessId: "P", elementId: "A2" });
  assert.deepEqual([found.TEMPLATE_ID, found.PREDECESSOR_IDS, found.DIAGRAM_ID], [5, ["A1"], "d-1"]);
  assert.equal((await get({ diagramId: "d-1", elementId: "A1" })).ELEMENT_ID, "A1");
  assert.equal(await get({ camundaProcessId: "P", elementId: "A9" }), null);
  const { data } = await resultOf(simulator, "imena.camunda.diagram.responsible.list", { camundaProcessId: "P" });
  assert.deepEqual(data.responsibles.map(({ ELEMENT_ID }: Record<string, string>) => ELEMENT_ID), ["A1", "A2"]);
});

Deno.test("the supervisor of a user is a number, or null with a word", async () => {
  await using simulator = await startBitrix24Simulator();
  simulator.addon.supervisor(5, 42);
  const get = async (userId: number) =>
    (await resultOf(simulator, "imena.camunda.user.supervisor.get", { userId })).data;
  assert.deepEqual(await get(5), { userId: 5, supervisorId: 42 });
  assert.deepEqual(await get(6), {
    userId: 6,
    supervisorId: null,
    message: "Supervisor not found for this user",
  });
});

Deno.test("user fields come without a success flag, lists with their values", async () => {
  await using simulator = await startBitrix24Simulator();
  const { userFields, total, entity, ...rest } = await resultOf(simulator, "imena.camunda.userfield.list");
  assert.deepEqual([total, entity, rest], [6, "TASKS_TASK", {}]);
  const answer = userFields.find(({ FIELD_NAME }: Record<string, string>) => FIELD_NAME === "UF_RESULT_ANSWER");
  assert.equal(answer.HAS_ENUM_VALUES, true);
  assert.deepEqual(answer.ENUM_VALUES.map(({ ID, VALUE }: Record<string, string>) => [ID, VALUE]), [
    ["26", "ДА"],
    ["27", "НЕТ"],
  ]);
  assert.equal((await resultOf(simulator, "imena.camunda.userfield.get", { fieldId: 101 })).userField.ID, "101");
  assert.equal((await call(simulator, "imena.camunda.userfield.get", { fieldId: 7 })).status, 404);
  assert.deepEqual(await resultOf(simulator, "imena.camunda.userfield.exists", { fieldId: 7 }), {
    exists: false,
    fieldId: "7",
  });
  const { stats } = await resultOf(simulator, "imena.camunda.userfield.stats");
  assert.deepEqual([stats.by_type.string, stats.most_common_type], [4, "string"]);
  simulator.fields.length = 0;
  assert.deepEqual((await resultOf(simulator, "imena.camunda.userfield.stats")).stats.by_type, []);
});

Deno.test("a link by the add-on is one of the portal's own, and neither makes it twice", async () => {
  await using simulator = await startBitrix24Simulator();
  await add(simulator);
  await add(simulator);
  const link = (taskId: number, dependsOnId: number) =>
    resultOf(simulator, "imena.camunda.task.dependency.add", { taskId, dependsOnId });
  assert.deepEqual((await link(2, 1)).data, {
    taskId: 2,
    dependsOnId: 1,
    type: 2,
    typeDescription: "Finish-Start",
  });
  assert.deepEqual(simulator.addon.dependencies(2), ["1"]);
  assert.deepEqual(simulator.portal.links.to(2), [{ from: 1, to: 2, type: 2 }]);
  assert.equal((await link(2, 2)).error, "Task cannot depend on itself");
  assert.equal((await link(1, 2)).error, "ERROR_ADDING_DEPENDENCY");
  const again = { taskIdFrom: 1, taskIdTo: 2, linkType: 2 };
  assert.equal((await call(simulator, "task.dependence.add", again)).body.error, "ILLEGAL_NEW_LINK");
});
