/** A whole round of the demo in this process: `--instances 5 --exit`, with a look at the portal and the engine afterwards. */
import assert from "node:assert/strict";
import { z } from "zod";
import { carryContracts } from "../../../demo.ts";
import { StopControl } from "../../../lib/program/stop_control.ts";
import type { Display } from "../../../simulators/demo/display.ts";
import { parseDemoArguments } from "../../../simulators/demo/options.ts";
import { type DemoWorld, startWorld } from "../../../simulators/demo/world.ts";

const unseen: Display = { colourLog: false, show() {}, log() {}, [Symbol.dispose]() {} };

Deno.test("each task of a round is worked through, and what people filled in is in the engine", async () => {
  using stop = new StopControl(5_000);
  const parsed = parseDemoArguments(["--instances", "5", "--exit"]);
  assert.ok(parsed.kind === "run");
  await using world = await startWorld(parsed.options, stop.drain);
  const verdict = await carryContracts(parsed.options, {
    world,
    display: unseen,
    stop,
    interruption: { happened: false },
  });
  assert.deepEqual(verdict, {
    answersLine: "answers of questionnaires in Camunda: 15 of 15",
    line: "demo: 5 started, 5 completed, 0 lost, 0 duplicated",
    exitCode: 0,
  });

  assert.equal(world.contracts.version, 1);
  const pulls = world.storm.requests.filter((path) => path.includes("/get-diagram-by-id"));
  assert.equal(pulls.length, 1, "what is deployed is not pulled again");

  const tasks = tasksIn(world);
  assert.equal(tasks.length, 12, "two for each contract, and both again for the fifth");
  for (const { details } of tasks) {
    assert.equal(details.closed, true);
    assert.ok(details.checklist.length > 0);
    assert.deepEqual(details.checklist.filter(({ depth, complete }) => depth > 0 && !complete), []);
    assert.equal(details.results.length, 1);
    assert.deepEqual(details.task.tags.slice(0, 1), ["договор"]);
    assert.match(
      details.task.description,
      /\nКонтрагент: .+;\nПредмет: .+;\nСумма, руб.: \d+;\nСрок действия: [\d.]+;/,
    );
  }

  const variables = await variablesIn(world);
  for (const [instance, ofContract] of Map.groupBy(tasks, ({ instance }) => instance)) {
    const [prepared, approved, preparedAgain, approvedAgain] = ofContract;
    assert.ok(prepared && approved);
    const answers = answersIn(preparedAgain ?? prepared);
    assert.deepEqual(
      ["registered", "lawsuits", "risk"].map((question) => variables.get(`${instance} Prepare_check_${question}`)),
      ["Boolean", "Long", "String"].map((type, index) => `${type} ${answers[index]}`),
    );
    quotes(world, approved, prepared);
    if (preparedAgain === undefined || approvedAgain === undefined) continue;
    quotes(world, preparedAgain, approved);
    quotes(world, approvedAgain, preparedAgain);
  }
  assert.equal(tasks.filter(({ details }) => details.results[0]?.text.startsWith("Не согласовано")).length, 1);
});

Deno.test("the preparing task is the lawyer's, the approving one goes to the head of whoever started the process", async () => {
  using stop = new StopControl(5_000);
  const parsed = parseDemoArguments(["--instances", "1", "--exit"]);
  assert.ok(parsed.kind === "run");
  await using world = await startWorld(parsed.options, stop.drain);
  await carryContracts(parsed.options, { world, display: unseen, stop, interruption: { happened: false } });
  const [prepared, approved] = tasksIn(world).map(({ details }) => details);
  assert.ok(prepared && approved);
  assert.deepEqual(
    [prepared, approved].map(({ task, creator, responsible }) => [task.title, creator, responsible, task.question]),
    [
      ["Подготовить договор", "Ольга Смирнова", "Анна Петрова", ""],
      ["Согласовать договор", "Ольга Смирнова", "Пётр Волков", "Договор согласован?"],
    ],
  );
  assert.deepEqual(prepared.checklist.map(({ depth }) => depth), [0, 1, 1, 2, 1]);
  assert.deepEqual(prepared.files, ["Типовая форма договора.docx"]);
  assert.deepEqual(approved.files, ["Проект договора 1.docx"], "the file of the result before");
});

type FinishedTask = ReturnType<typeof tasksIn>[number];

/** Of the contracts, in the order of their creation. */
function tasksIn({ portal, contracts }: DemoWorld) {
  return [...portal.ledger()].map(([externalTaskId, ids]) => {
    const [id = ""] = ids;
    assert.equal(ids.length, 1);
    const details = portal.people.details(id);
    assert.ok(details);
    return { id, details, instance: contracts.taskOf(externalTaskId)?.processInstanceId };
  });
}

function answersIn({ details }: FinishedTask): (string | null)[] {
  const answers = details.questionnaires.flatMap(({ questions }) => questions.map(({ answer }) => answer));
  assert.equal(answers.length, 3);
  assert.ok(!answers.includes(null));
  return answers;
}

/** That a task is linked to the one before it, and shows its result and its answers. */
function quotes({ portal }: DemoWorld, task: FinishedTask, before: FinishedTask): void {
  assert.deepEqual(portal.addon.dependencies(task.id), [before.id]);
  const { description } = task.details.task;
  assert.ok(description.includes(`[B]Задача №${before.id}:[/B]\n  ${before.details.results[0]?.text}`), description);
  if (before.details.questionnaires.length === 0) return;
  const [, lawsuits, risk] = answersIn(before);
  assert.ok(description.includes(`Судебных дел за три года: ${lawsuits}\n• Уровень риска: ${risk}`), description);
}

const variableRows = z.array(z.object({
  processInstanceId: z.string(),
  name: z.string(),
  type: z.string(),
  value: z.unknown(),
}));

/** `"<type> <value>"` by instance and name, as the engine's own history says. */
async function variablesIn({ environment }: DemoWorld): Promise<ReadonlyMap<string, string>> {
  const address = `${environment["CAMUNDA_BASE_URL"]}/history/variable-instance?deserializeValues=false`;
  const rows = variableRows.parse(await (await fetch(address)).json());
  return new Map(
    rows.map(({ processInstanceId, name, type, value }) => [`${processInstanceId} ${name}`, `${type} ${value}`]),
  );
}
