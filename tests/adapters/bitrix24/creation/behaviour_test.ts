/** What becomes of a task when the portal or the model is odd: the predecessor's behaviour, without its faults. */
import assert from "node:assert/strict";
import { idOf, never, portal } from "../portal_place.ts";
import { task } from "../messages.ts";
import { shownTask } from "./portal_view.ts";

const message = (id: string, more: Readonly<Record<string, unknown>> = {}) =>
  task(id, { process_definition_key: "P", ...more });

const TEMPLATE = { template: { TITLE: "Из шаблона", RESPONSIBLE_ID: "7" } };

Deno.test("a template makes the task, and the same element again asks for nothing but what may have changed", async () => {
  await using place = await portal();
  const { simulator, system, client } = place;
  simulator.addon.template("P", "Activity_A", TEMPLATE);
  const id = idOf((await system.create([message("a")], never))[0]);
  const shown = await shownTask(client, id);
  assert.deepEqual([shown["title"], shown["responsibleId"]], ["Из шаблона", "7"]);
  const before = simulator.requestCount;
  await system.create([message("b")], never);
  assert.equal(simulator.requestCount - before, 4); // look-up, template, creation, sync
});

Deno.test("fifty minimal tasks cost less than half a request each", async () => {
  await using place = await portal();
  const { simulator, system } = place;
  simulator.addon.template("P", "Activity_A", TEMPLATE);
  const tasks = Array.from(
    { length: 50 },
    (_, n) => message(`m${n}`, { process_instance_id: `pi${n}`, variables: { n } }),
  );
  const before = simulator.requestCount;
  (await system.create(tasks, never)).forEach(idOf);
  assert.ok(simulator.requestCount - before <= 25, String(simulator.requestCount - before));
});

Deno.test("a template that is not found is sought by its id, then the model makes the task", async () => {
  await using place = await portal();
  const { simulator, system, client } = place;
  simulator.addon.responsible("P", "Activity_A", { TEMPLATE_ID: 5 });
  const id = idOf((await system.create([message("a")], never))[0]);
  assert.equal((await shownTask(client, id))["title"], "Проверить договор");
});

Deno.test("a template that cannot be read makes no task without it, and is asked for again", async () => {
  await using place = await portal();
  const { simulator, system, client } = place;
  simulator.addon.template("P", "Activity_A", () => {
    throw new Error("resolver");
  });
  const [outcome] = await system.create([message("a")], never);
  assert.equal(outcome?.kind, "retry");
  assert.equal(simulator.ledger().size, 0);
  simulator.addon.template("P", "Activity_A", TEMPLATE);
  const id = idOf((await system.create([message("a")], never))[0]);
  assert.equal((await shownTask(client, id))["title"], "Из шаблона");
});

Deno.test("PHP's empty lists in place of maps cost nothing", async () => {
  await using place = await portal();
  for (
    const [n, odd] of [{ members: [] }, { members: { by_type: [] } }, { checklists: [] }, { questionnaires: [] }]
      .entries()
  ) {
    place.simulator.addon.template("P", `A${n}`, { ...TEMPLATE, ...odd });
    idOf((await place.system.create([message(`a${n}`, { activity_id: `A${n}` })], never))[0]);
  }
});

Deno.test("a refused creation is refused at once, with the portal's words", async () => {
  await using place = await portal();
  place.simulator.addon.template("P", "Activity_A", { template: { TITLE: "T", RESPONSIBLE_ID: 9999 } });
  const [outcome] = await place.system.create([message("a")], never);
  assert.equal(outcome?.kind, "refused");
  assert.deepEqual(outcome.code, "ASSIGNEE_ID_ERROR");
  assert.match(outcome.reason, /Исполнитель.*не найден/);
});

Deno.test("nobody responsible is a refusal that says what to do, unless a setting names someone", async () => {
  await using place = await portal({ BITRIX_DEFAULT_RESPONSIBLE_ID: "" });
  const [outcome] = await place.system.create([message("a")], never);
  assert.equal(outcome?.kind, "refused");
  assert.match(outcome.reason, /Nobody is responsible.*BITRIX_DEFAULT_RESPONSIBLE_ID/);
  assert.equal(place.simulator.ledger().size, 0);
});

Deno.test("a sync that fails changes nothing about the task and is told again with the next one", async () => {
  await using place = await portal();
  const { simulator, system } = place;
  simulator.faults.failNext({ status: 500, error: "INTERNAL_SERVER_ERROR" }, { method: "imena.camunda.sync" });
  idOf((await system.create([message("a", { process_instance_id: "one" })], never))[0]);
  assert.deepEqual(simulator.addon.syncs, []);
  idOf((await system.create([message("b", { process_instance_id: "two" })], never))[0]);
  const instances = simulator.addon.syncs.map(({ processInstanceId }) => processInstanceId).toSorted();
  assert.deepEqual(instances, ["one", "two"]);
});

Deno.test("metadata or extension properties that are null cost nothing", async () => {
  await using place = await portal();
  idOf((await place.system.create([message("a", { metadata: null })], never))[0]);
  idOf((await place.system.create([message("b", { metadata: { extensionProperties: null } })], never))[0]);
});

Deno.test("the process is known by its definition's id too", async () => {
  await using place = await portal();
  const { simulator, system, client } = place;
  simulator.addon.template("P", "Activity_A", TEMPLATE);
  const odd = task("a", { process_definition_key: null, process_definition_id: "P:1:2" });
  const id = idOf((await system.create([odd], never))[0]);
  assert.equal((await shownTask(client, id))["title"], "Из шаблона");
  assert.equal(simulator.addon.syncs[0]?.processDefinitionKey, "P");
});

Deno.test("results of another instance are never quoted, and of a loop the newest task counts", async () => {
  await using place = await portal();
  const { simulator, system, client } = place;
  simulator.addon.responsible("P", "B", { PREDECESSOR_IDS: '["A"]' });
  const at = (id: string, instance: string | null, element: string) =>
    message(id, { activity_id: element, process_instance_id: instance });
  const made = await system.create([at("a1", "i1", "A"), at("a2", "i1", "A"), at("a3", "i2", "A")], never);
  const [first = "", second = "", other = ""] = made.map(idOf);
  simulator.people.finish(first, { result: "первый" });
  simulator.people.finish(second, { result: "второй" });
  simulator.people.finish(other, { result: "чужой" });
  const ids = (await system.create([at("b1", "i1", "B"), at("b2", null, "B")], never)).map(idOf);
  const [own, without] = await Promise.all(ids.map((id) => shownTask(client, id)));
  assert.match(String(own?.["description"]), /второй/);
  assert.doesNotMatch(String(own?.["description"]), /первый|чужой/);
  assert.doesNotMatch(String(without?.["description"]), /Результаты/);
  assert.deepEqual(simulator.addon.dependencies(ids[0] ?? ""), [second]);
});

Deno.test("a portal without the add-on makes the task from the model", async () => {
  await using place = await portal({}, { addon: false });
  const checklists = JSON.stringify([{ name: "Документы", items: ["Счёт"] }]);
  const rich = message("a", {
    activity_id: "B",
    metadata: { extensionProperties: { title: "Оплатить", predecessors: "A", checklists, assigneeId: "7" } },
  });
  const first = idOf((await place.system.create([message("p", { activity_id: "A" })], never))[0]);
  const id = idOf((await place.system.create([rich], never))[0]);
  assert.equal((await shownTask(place.client, id))["title"], "Оплатить");
  assert.deepEqual(place.simulator.addon.dependencies(id), [first]);
});

Deno.test("where the add-on is required, a portal without it gets no task", async () => {
  await using place = await portal({ BITRIX_ADDON: "on" }, { addon: false });
  const [outcome] = await place.system.create([message("a")], never);
  assert.equal(outcome?.kind, "down");
  assert.match(outcome.reason, /imena\.camunda/);
});
