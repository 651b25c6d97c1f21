/** Whatever is lost on the way, in the end there is one task with each of its parts once. */
import assert from "node:assert/strict";
import type { CreateOutcome } from "../../../../adapters/target_system.ts";
import { idOf, never, portal } from "../portal_place.ts";
import { task } from "../messages.ts";
import { shownChecklists, shownFiles } from "./portal_view.ts";
import { richMessage, richPlace } from "./rich_place.ts";

type Place = Awaited<ReturnType<typeof richPlace>>;

/** Tries until the task is made; says what each attempt came to. */
async function createUntilMade({ system }: Place): Promise<CreateOutcome[]> {
  const outcomes: CreateOutcome[] = [];
  while (outcomes.at(-1)?.kind !== "created" && outcomes.length < 5) {
    outcomes.push(...await system.create([richMessage], never));
  }
  return outcomes;
}

async function assertOneCompleteTask(place: Place): Promise<void> {
  const { simulator, client, earlierIds } = place;
  const ids = simulator.ledger().get("ext-1") ?? [];
  assert.equal(ids.length, 1);
  const [id = ""] = ids;
  assert.deepEqual(await shownChecklists(client, id), [["G1", ["i1", "i1a"], "i2"], ["G2", "j1"]]);
  assert.deepEqual(await shownFiles(client, id), ["t1.pdf", "t2.pdf", "r.pdf", "r.pdf"]);
  assert.deepEqual(simulator.addon.questionnaires(id).map(({ CODE }) => CODE), ["q"]);
  assert.deepEqual(simulator.addon.dependencies(id), earlierIds);
}

/** Each is called at least once for the rich task. */
const METHODS = [
  "tasks.task.list",
  "imena.camunda.tasktemplate.get",
  "imena.camunda.diagram.responsible.get",
  "imena.camunda.diagram.properties.list",
  "imena.camunda.user.supervisor.get",
  "tasks.task.result.list",
  "task.commentitem.get",
  "disk.attachedObject.get",
  "tasks.task.add",
  "imena.camunda.task.dependency.add",
  "imena.camunda.task.questionnaire.add",
  "task.checklistitem.add",
  "imena.camunda.sync",
] as const;

for (const method of METHODS) {
  Deno.test(`an answer of ${method} that is lost costs no task and no part, and doubles none`, async () => {
    await using place = await richPlace();
    place.simulator.faults.dropAnswer(method);
    const outcomes = await createUntilMade(place);
    assert.equal(outcomes.length, method === "imena.camunda.sync" ? 1 : 2, JSON.stringify(outcomes));
    await assertOneCompleteTask(place);
  });

  Deno.test(`${method} that fails is called again, and nothing is made without it`, async () => {
    await using place = await richPlace();
    place.simulator.faults.failNext({ status: 500, error: "INTERNAL_SERVER_ERROR" }, { method });
    const outcomes = await createUntilMade(place);
    assert.equal(outcomes.length, method === "imena.camunda.sync" ? 1 : 2, JSON.stringify(outcomes));
    await assertOneCompleteTask(place);
  });
}

Deno.test("only calls that change something leave doubt about what they did", async () => {
  for (const method of METHODS) {
    await using place = await richPlace();
    place.simulator.faults.dropAnswer(method);
    const [first] = await place.system.create([richMessage], never);
    const changes = /\.add$/.test(method);
    const isAmbiguous = (first?.kind === "down" || first?.kind === "retry") && first.ambiguous === true;
    assert.equal(isAmbiguous, changes, `${method}: ${JSON.stringify(first)}`);
  }
});

Deno.test("a person's own items and a part that is there already stay as they are", async () => {
  await using place = await richPlace();
  const { simulator, system, client } = place;
  const id = idOf((await system.create([richMessage], never))[0]);
  await client.call("task.checklistitem.add", { TASKID: Number(id), FIELDS: { TITLE: "Моё", PARENT_ID: 0 } }, never);
  assert.equal(idOf((await system.create([richMessage], never))[0]), id);
  assert.deepEqual(await shownChecklists(client, id), [["G1", ["i1", "i1a"], "i2"], ["G2", "j1"], "Моё"]);
  assert.equal(simulator.addon.questionnaires(id).length, 1);
});

Deno.test("a task that somebody is done with is not touched any more", async () => {
  await using place = await richPlace();
  const { simulator, system, client } = place;
  simulator.faults.dropAnswer("tasks.task.add");
  await system.create([richMessage], never);
  const [id = ""] = simulator.ledger().get("ext-1") ?? [];
  simulator.people.finish(id, { result: "готово" });
  assert.equal(idOf((await system.create([richMessage], never))[0]), id);
  assert.deepEqual(await shownChecklists(client, id), []);
});

Deno.test("what the portal refuses of a task that exists is told as such, with its own words", async () => {
  await using place = await portal();
  const { simulator, system } = place;
  simulator.addon.template("P", "Activity_A", {
    template: { TITLE: "T" },
    questionnaires: { items: [{ CODE: "q", TITLE: "Q", questions: [] }] },
  });
  const refusal = { status: 400, error: "ERROR_CORE", description: "Нельзя<br>" };
  simulator.faults.refuseNext(refusal, "imena.camunda.task.questionnaire.add");
  const [outcome] = await system.create([task("a", { process_definition_key: "P" })], never);
  assert.equal(outcome?.kind, "refused");
  assert.match(outcome.reason, /The task \d+ exists.*Нельзя/);
});

Deno.test("a fault about one task is its own: its neighbours are made, and made once", async () => {
  await using place = await portal();
  const { simulator, system } = place;
  simulator.addon.responsible("P", "Activity_A", { PREDECESSOR_IDS: ["Before"] });
  simulator.addon.template("P", "Activity_A", { template: { TITLE: "T" } });
  const bad = task("bad", { process_definition_key: "P" });
  Object.defineProperty(bad, "variables", {
    get() {
      throw new TypeError("of ours");
    },
  });
  const outcomes = await system.create([task("a"), bad, task("b")], never);
  assert.deepEqual(outcomes.map(({ kind }) => kind), ["created", "retry", "created"]);
  assert.deepEqual([...simulator.ledger()].map(([id, tasks]) => [id, tasks.length]), [["a", 1], ["b", 1]]);
});
