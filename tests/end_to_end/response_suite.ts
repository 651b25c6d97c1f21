/** The way back: a response becomes variables and the end of its task, an incident, or a BPMN error. */
import assert from "node:assert/strict";
import { eventually } from "../lib/amqp/eventually.ts";
import { end, external, flows, oneTask, start } from "../simulators/camunda/contract_bench.ts";
import { begin, taskQueue, topic } from "./one_task.ts";
import { recordings } from "./predecessor.ts";
import { shown, type WorldTest } from "./suite.ts";
import { bpmnError, completedWith, failed, finished, questionnaire, taskOf } from "./task_messages.ts";
import type { World } from "./world.ts";

/** The task A, and a gateway that asks for `condition` and leads back to A without it. */
function askedAfter(condition: string): string {
  return start + external("A", topic) + '<bpmn:exclusiveGateway id="G" default="f3_G_A"/>' + end +
    flows("s>A", "A>G", `G>e: ${condition}`, "G>A");
}

/** `type value` of every variable of an instance. */
async function variablesOf(world: World, instanceId: string): Promise<Record<string, string>> {
  const found = await world.camunda.historyVariables(instanceId);
  return Object.fromEntries([...found].map(([name, { type, value }]) => [name, `${type} ${value}`]));
}

export const responseSuite: readonly WorldTest[] = [
  ...recordings.map(({ name, task: { body: recorded }, response: { body }, flow }) =>
    shown(`the predecessor's ${name} response sets its variables and leaves the others as they are`, async (world) => {
      const { instanceId, task } = await begin(world, { flow, variables: recorded.process_variables });
      await world.respond({ ...body, original_message: { ...body.original_message, task_id: task.task_id } });
      await world.completed(instanceId);
      const before = Object.entries(recorded.process_variables);
      const { id, title, status } = body.response_data.result.task;
      // The predecessor wrote its snapshot of all variables back, which made a Long of every Integer.
      const expected = new Map<string, string>([
        ...before.map(([name, { type, value }]) => [name, `${type} ${value}`] as const),
        ["bitrix_task_id", `String ${id}`],
        ["bitrix_task_title", `String ${title}`],
        ["bitrix_task_status", `String ${status}`],
        ["Activity_A", "String ok"],
        ["Activity_A_Q_OK", "Boolean true"],
        ["Activity_A_Q_SUM", "Long 42"],
      ]);
      const found = await variablesOf(world, instanceId);
      // History has two of a name that an input parameter hides; which one is listed last is the engine's affair.
      for (const hidden of Object.keys(recorded.metadata.inputParameters)) {
        expected.delete(hidden);
        delete found[hidden];
      }
      assert.deepEqual(found, Object.fromEntries(expected));
    })
  ),

  shown("a variable that changed while people worked keeps its new value", async (world) => {
    const { instanceId, task } = await begin(world, { variables: { amount: { value: 1, type: "Integer" } } });
    await world.camunda.call("PUT", `/process-instance/${instanceId}/variables/amount`, { value: 2, type: "Integer" });
    await world.respond(finished(task));
    await world.completed(instanceId);
    assert.equal((await variablesOf(world, instanceId))["amount"], "Integer 2");
  }),

  shown("a loop ends with the answer of its last round", async (world) => {
    const flow = askedAfter("${A == 'ok'}");
    const { tasks, instanceId, task } = await begin(world, { flow });
    await world.respond(finished(task, "НЕТ"));
    const again = taskOf(await tasks.at(1));
    assert.notEqual(again.task_id, task.task_id);
    assert.equal(again.variables["A"], "no");
    await world.respond(finished(again, "ДА"));
    await world.completed(instanceId);
    assert.equal((await variablesOf(world, instanceId))["A"], "String ok");
  }),

  shown("an answer that was expected and did not come counts as no", async (world) => {
    const { instanceId, task } = await begin(world);
    await world.respond(completedWith(task, { result: { task: { id: "1", ufResultExpected: "1" } } }));
    await world.completed(instanceId);
    assert.equal((await variablesOf(world, instanceId))["A"], "String no");
  }),

  shown("instances of a multi-instance activity each keep their answer", async (world) => {
    const loop =
      "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>3</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>";
    const { tasks, instanceId } = await begin(world, { flow: oneTask(topic, loop) });
    await tasks.count(3);
    const answers = ["ДА", "НЕТ", "ДА"] as const;
    for (const task of tasks.deliveries.map(taskOf)) {
      await world.respond(finished(task, answers[Number(task.variables["loopCounter"])]));
    }
    await world.completed(instanceId);
    const { A, A_0, A_1, A_2 } = await variablesOf(world, instanceId);
    assert.deepEqual([A_0, A_1, A_2], ["String ok", "String no", "String ok"]);
    assert.ok(A === "String ok" || A === "String no", "the answer that came last, for models that look only there");
  }),

  shown("nulls in a response complete its task all the same", async (world) => {
    await world.runWorker();
    const tasks = world.inbox(taskQueue);
    await world.deploy(oneTask(topic));
    const instances = [await world.start(), await world.start(), await world.start()];
    const bodies = [null, { result: null }, { result: { task: null, questionnaires: null } }];
    for (const [index, body] of bodies.entries()) {
      await world.respond(completedWith(taskOf(await tasks.at(index)), body));
    }
    for (const instanceId of instances) await world.completed(instanceId);
  }),

  shown("an answer longer than a String may be reaches the expressions of the process", async (world) => {
    const flow = askedAfter("${A_Q_TEXT.length() == 5000 && A_Q_TEXT.endsWith('я')}");
    const { instanceId, task } = await begin(world, { flow });
    const answer = "ю".repeat(4_999) + "я";
    await world.respond(completedWith(task, questionnaire("Q", [{ CODE: "TEXT", TYPE: "string", answer }])));
    await world.completed(instanceId);
  }),

  shown("a failed task becomes an incident at once when no retries are left", async (world) => {
    const { instanceId, task } = await begin(world);
    await world.respond(failed(task, { message: "Нет прав на проект", retries: 0, retry_timeout_ms: 60_000 }));
    await eventually(async () => (await world.camunda.incidents(instanceId)).length === 1, "an incident");
    const [incident] = await world.camunda.incidents(instanceId);
    assert.deepEqual([incident?.incidentType, incident?.incidentMessage], ["failedExternalTask", "Нет прав на проект"]);
    // Raising the retries works at once only if the failure came without a time-out.
    await world.camunda.call("PUT", `/external-task/${task.task_id}/retries`, { retries: 1 });
    await eventually(async () => (await world.tasksOf(instanceId))[0]?.retries === 1, "raised retries");
  }),

  shown("a failed task with retries left comes again after its time-out, not before", async (world) => {
    const { tasks, instanceId, task } = await begin(world);
    await world.respond(failed(task, { message: "Позже", retries: 2, retry_timeout_ms: 1_500 }));
    await eventually(async () => (await world.tasksOf(instanceId))[0]?.retries === 2, "a failure");
    const failedAt = Date.now();
    const again = taskOf(await tasks.at(1));
    assert.ok(Date.now() - failedAt > 1_000, "after the time-out");
    assert.deepEqual([again.task_id, again["retries"]], [task.task_id, 2]);
    assert.deepEqual(await world.camunda.incidents(instanceId), []);
  }),

  shown("a BPMN error that the process catches takes its boundary path", async (world) => {
    const flow = oneTask(topic) +
      '<bpmn:boundaryEvent id="B" attachedToRef="A"><bpmn:errorEventDefinition errorRef="Refused"/></bpmn:boundaryEvent>' +
      external("Caught", topic) + flows("B>Caught", "Caught>e");
    const { tasks, instanceId, task } = await begin(world, { flow });
    await world.respond(bpmnError(task, "REFUSED"));
    const caught = taskOf(await tasks.at(1));
    assert.equal(caught.activity_id, "Caught");
    assert.deepEqual(await world.camunda.incidents(instanceId), []);
  }),

  shown("a BPMN error that nobody catches becomes an incident and ends nothing", async (world) => {
    const { instanceId, task } = await begin(world);
    await world.respond(bpmnError(task, "UNHEARD_OF"));
    await eventually(async () => (await world.camunda.incidents(instanceId)).length === 1, "an incident");
    assert.equal((await world.tasksOf(instanceId))[0]?.retries, 0);
    assert.equal(await world.camunda.isCompleted(instanceId), false);
  }),
];
