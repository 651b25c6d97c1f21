import assert from "node:assert/strict";
import { startBitrix24Simulator } from "../../../simulators/bitrix24/simulator.ts";
import { add, call, listedIds, refusalOf, resultOf } from "./portal_place.ts";

Deno.test("people, tags, the group, the parent and the deadline of a task are shown as the vendor does", async () => {
  await using simulator = await startBitrix24Simulator();
  await add(simulator);
  await add(simulator, {
    ACCOMPLICES: [7, 42],
    AUDITORS: [8],
    TAGS: ["срочно, важно", "счёт"],
    GROUP_ID: 12,
    PARENT_ID: 1,
    DEADLINE: "2030-01-02T18:00:00+03:00",
  });
  const select = ["ACCOMPLICES", "AUDITORS", "TAGS", "GROUP_ID", "PARENT_ID", "DEADLINE"];
  const get = async (taskId: number) => (await resultOf(simulator, "tasks.task.get", { taskId, select })).task;
  assert.deepEqual(await get(1), {
    id: "1",
    accomplices: [],
    auditors: [],
    tags: [],
    groupId: "0",
    parentId: null,
    deadline: null,
  });
  assert.deepEqual(await get(2), {
    id: "2",
    accomplices: ["7", "42"],
    auditors: ["8"],
    tags: { "1": { id: 1, title: "срочно, важно" }, "2": { id: 2, title: "счёт" } },
    groupId: "12",
    parentId: "1",
    deadline: "2030-01-02T18:00:00+03:00",
  });
});

Deno.test("tags in one text are taken apart at its commas", async () => {
  await using simulator = await startBitrix24Simulator();
  await add(simulator, { TAGS: "a, b" });
  assert.deepEqual(simulator.people.openTasks()[0]?.tags, ["a", "b"]);
});

Deno.test("lists are filtered by tag, by accomplice and by overdue status", async () => {
  await using simulator = await startBitrix24Simulator();
  await add(simulator, { TAGS: ["x", "z"], ACCOMPLICES: [3, 4] });
  await add(simulator, { DEADLINE: "2020-01-01T00:00:00Z", TAGS: ["y"] });
  assert.deepEqual(await listedIds(simulator, { TAG: "x" }), ["1"]);
  assert.deepEqual(await listedIds(simulator, { "!TAG": "x" }), ["2"]);
  assert.deepEqual(await listedIds(simulator, { ACCOMPLICE: 3 }), ["1"]);
  assert.deepEqual(await listedIds(simulator, { STATUS: -1 }), ["2"]);
  assert.deepEqual(await listedIds(simulator, { REAL_STATUS: 2 }), ["1", "2"]);
  assert.deepEqual(await listedIds(simulator, { "<DEADLINE": "2021-01-01T00:00:00+03:00", "!DEADLINE": "" }), ["2"]);
});

Deno.test("a list is ordered by another field when asked", async () => {
  await using simulator = await startBitrix24Simulator();
  for (const TITLE of ["б", "а", "в"]) await add(simulator, { TITLE });
  const { tasks } = await resultOf(simulator, "tasks.task.list", { order: { TITLE: "desc" }, select: ["TITLE"] });
  assert.deepEqual(tasks.map(({ title }: { readonly title: string }) => title), ["в", "б", "а"]);
});

Deno.test("a dismissed user is given no task, like one who never was", async () => {
  await using simulator = await startBitrix24Simulator();
  simulator.users.put(5, { active: false });
  simulator.users.put(500, { name: "Новый" });
  for (const RESPONSIBLE_ID of [5, 101, 0]) {
    const { status, body } = await add(simulator, { RESPONSIBLE_ID });
    assert.deepEqual([status, body.error], [400, "ERROR_CORE"]);
    assert.match(body.error_description, /Исполнитель.*не найден/);
  }
  assert.equal((await add(simulator, { RESPONSIBLE_ID: 500 })).status, 200);
  const update = { taskId: 1, fields: { RESPONSIBLE_ID: 5 } };
  assert.equal((await call(simulator, "tasks.task.update", update)).status, 400);
});

Deno.test("only a strict portal refuses references that lead nowhere and deadlines that are no dates", async () => {
  const bad = [
    { GROUP_ID: 12 },
    { PARENT_ID: 77 },
    { CREATED_BY: 1000 },
    { DEADLINE: "завтра" },
    { DEADLINE: "2026-02-31T10:00:00+03:00" },
  ];
  await using strict = await startBitrix24Simulator({ strictReferences: true });
  for (const fields of bad) assert.equal((await add(strict, fields)).body.error, "ERROR_CORE", JSON.stringify(fields));
  strict.groups.add("12");
  const good = [{}, { GROUP_ID: 12, PARENT_ID: 1, DEADLINE: "2026-02-28 10:00:00" }, { GROUP_ID: 0, DEADLINE: "" }];
  for (const fields of good) assert.equal((await add(strict, fields)).status, 200, JSON.stringify(fields));
  const update = { taskId: 1, fields: { GROUP_ID: 13 } };
  assert.equal((await refusalOf(strict, "tasks.task.update", update))[1], "ERROR_CORE");
  await using lax = await startBitrix24Simulator();
  for (const fields of bad) assert.equal((await add(lax, fields)).status, 200);
});

Deno.test("links between tasks are made once and never in a circle", async () => {
  await using simulator = await startBitrix24Simulator();
  for (let i = 0; i < 3; i++) await add(simulator);
  const link = async (taskIdFrom: number, taskIdTo: number, linkType = 2) => {
    const { body } = await call(simulator, "task.dependence.add", { taskIdFrom, taskIdTo, linkType });
    return body.error ?? body.result;
  };
  assert.deepEqual([await link(1, 2), await link(2, 3), await link(1, 2)], [[], [], "ILLEGAL_NEW_LINK"]);
  const refused = "ACTION_NOT_ALLOWED";
  assert.deepEqual([await link(3, 1), await link(1, 1), await link(1, 99), await link(1, 3, 9)], [
    refused,
    refused,
    refused,
    refused,
  ]);
  assert.deepEqual(simulator.addon.dependencies("3"), ["2"]);
});
