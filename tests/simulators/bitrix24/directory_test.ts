import assert from "node:assert/strict";
import { startBitrix24Simulator } from "../../../simulators/bitrix24/simulator.ts";
import { add, call, listedIds, refusalOf, resultOf } from "./portal_place.ts";

Deno.test("users are found by id, by several, by e-mail in any case, and by whether they work here", async () => {
  await using simulator = await startBitrix24Simulator({ userCount: 60 });
  simulator.users.put(5, { name: "Пётр", lastName: "Петров", email: "P.Petrov@example.com", active: false });
  const found = async (params: object) =>
    (await resultOf(simulator, "user.get", params)).map(({ ID }: { readonly ID: string }) => ID);
  assert.deepEqual(await found({ ID: 5 }), ["5"]);
  assert.deepEqual(await found({ FILTER: { ID: [5, 7, 99] } }), ["5", "7"]);
  assert.deepEqual(await found({ filter: { "@ID": [5, 7], ACTIVE: true } }), ["7"]);
  assert.deepEqual(await found({ FILTER: { EMAIL: "p.petrov@EXAMPLE.com" } }), ["5"]);
  const page = await call(simulator, "user.get", { FILTER: { ACTIVE: "Y" }, start: 50 });
  assert.deepEqual([page.body.total, page.body.result.length, "next" in page.body], [59, 9, false]);
  const [user] = await resultOf(simulator, "user.get", { ID: 5 });
  assert.deepEqual([user.NAME, user.LAST_NAME, user.ACTIVE, "LOGIN" in user], ["Пётр", "Петров", false, false]);
});

Deno.test("an element of a list has its name; one that is not there is an empty list", async () => {
  await using simulator = await startBitrix24Simulator();
  simulator.lists.put(16, 3, "Рога и копыта");
  const list = { IBLOCK_TYPE_ID: "lists", IBLOCK_ID: 16 };
  assert.deepEqual(await resultOf(simulator, "lists.element.get", { ...list, ELEMENT_ID: 3 }), [
    { ID: "3", IBLOCK_ID: "16", NAME: "Рога и копыта" },
  ]);
  assert.deepEqual(await resultOf(simulator, "lists.element.get", { ...list, ELEMENT_ID: 4 }), []);
  assert.equal((await refusalOf(simulator, "lists.element.get"))[0], 400);
});

Deno.test("a field of a task is made through REST and works at once, with the values of its list", async () => {
  await using simulator = await startBitrix24Simulator();
  const make = (PARAMS: object) => call(simulator, "task.item.userfield.add", { PARAMS });
  assert.equal((await make({ FIELD_NAME: "NOTE", USER_TYPE_ID: "string" })).body.result, 107);
  const LIST = [{ VALUE: "ДА" }, { VALUE: "НЕТ" }];
  const { result } = (await make({ FIELD_NAME: "UF_VERDICT", USER_TYPE_ID: "enumeration", LIST })).body;
  await add(simulator, { UF_NOTE: "n" });
  assert.deepEqual(await listedIds(simulator, { UF_NOTE: "n" }), ["1"]);
  const values = async () =>
    (await resultOf(simulator, "task.item.userfield.get", { ID: result })).LIST
      .map(({ ID, VALUE }: Record<string, string>) => [ID, VALUE]);
  assert.deepEqual(await values(), [["28", "ДА"], ["29", "НЕТ"]]);
  await call(simulator, "task.item.userfield.update", { ID: result, DATA: { LIST: [{ VALUE: "ПОЗЖЕ" }] } });
  assert.deepEqual((await values()).at(-1), ["30", "ПОЗЖЕ"]);
  for (
    const bad of [
      { FIELD_NAME: "UF_NOTE", USER_TYPE_ID: "string" },
      { FIELD_NAME: "UF_X", USER_TYPE_ID: "hologram" },
      { USER_TYPE_ID: "string" },
    ]
  ) {
    assert.equal((await make(bad)).body.error, "ERROR_CORE");
  }
});

Deno.test("only an administrator changes the fields of tasks", async () => {
  await using simulator = await startBitrix24Simulator({ admin: false });
  const params = { PARAMS: { FIELD_NAME: "UF_X", USER_TYPE_ID: "string" } };
  assert.equal((await refusalOf(simulator, "task.item.userfield.add", params))[2], "Access denied.");
});

Deno.test("the filter of the list of fields counts by its place, behind the order", async () => {
  await using simulator = await startBitrix24Simulator();
  const FILTER = { FIELD_NAME: "UF_RESULT_ANSWER" };
  const names = async (params: object) => (await resultOf(simulator, "task.item.userfield.getlist", params)).length;
  assert.deepEqual([await names({ ORDER: { ID: "asc" }, FILTER }), await names({ FILTER })], [1, 6]);
});

Deno.test("people answer with the values that the portal's field has", async () => {
  await using simulator = await startBitrix24Simulator();
  const index = simulator.fields.findIndex(({ name }) => name === "UF_RESULT_ANSWER");
  const [field] = simulator.fields.splice(index, 1);
  assert.ok(field);
  simulator.fields.push({ ...field, values: new Map([["88", "Согласен"]]) });
  await add(simulator);
  assert.throws(() => simulator.people.finish("1", { answer: "ДА" }), /answers are Согласен/);
  simulator.people.finish("1", { answer: "Согласен" });
  const { task } = await resultOf(simulator, "tasks.task.get", { taskId: 1, select: ["UF_RESULT_ANSWER"] });
  assert.equal(task.ufResultAnswer, "88");
  assert.equal(simulator.people.recentlyClosedTasks()[0]?.answer, "Согласен");
});
