/**
 * Cut-over: what the predecessor had under way when it was stopped. Its messages lie on their queues, its lock on their
 * tasks is a year long; our programs take them from there, and the process ends with the predecessor's variables.
 */
import assert from "node:assert/strict";
import { z } from "zod";
import { program as creator } from "../../creator.ts";
import { contractNames, errorsQueue, sentQueueOf } from "../../lib/amqp/topology.ts";
import { program as tracker } from "../../tracker.ts";
import { eventually } from "../lib/amqp/eventually.ts";
import { type Recording, recordings } from "./predecessor.ts";
import { available, createWorld, type World, worldKinds } from "./world.ts";

interface UnderWay {
  readonly instanceId: string;
  readonly taskId: string;
}

/** A process that waits for its task, which the predecessor had locked for a year. */
async function predecessorStopped(world: World, { task: { body }, flow }: Recording): Promise<UnderWay> {
  await world.deploy(flow);
  const instanceId = await world.start(body.process_variables, { businessKey: body.business_key });
  const [task] = await world.tasksOf(instanceId);
  assert.ok(task);
  const lock = { workerId: "universal-worker", lockDuration: 31_536_000_000 };
  await world.camunda.call("POST", `/external-task/${task.id}/lock`, lock);
  return { instanceId, taskId: task.id };
}

async function publish(world: World, exchange: string, routingKey: string, body: object): Promise<void> {
  await world.broker.publish({ exchange, routingKey, body: new TextEncoder().encode(JSON.stringify(body)) });
}

/** `type value` by name, without those that input parameters hide. */
async function variablesOf(world: World, instanceId: string, { task: { body } }: Recording) {
  const hidden = new Set(Object.keys(body.metadata.inputParameters));
  const { [`${body.activity_id}_closedAt`]: closedAt, ...others } = Object.fromEntries(
    [...await world.camunda.historyVariables(instanceId)].filter(([name]) => !hidden.has(name))
      .map(([name, { type, value }]) => [name, `${type} ${value}`]),
  );
  assert.match(closedAt ?? "", /^Date \d{4}-/);
  return others;
}

interface FinishedTask {
  readonly id: string;
  readonly title: string;
  readonly closedBy: string;
}

/** What the recording's process ends with; questionnaires come only with the recorded response. */
function expectedOf({ task: { body } }: Recording, task: FinishedTask) {
  const before = Object.entries(body.process_variables)
    .filter(([name]) => !(name in body.metadata.inputParameters))
    .map(([name, { type, value }]) => [name, `${type} ${value}`]);
  return {
    ...Object.fromEntries(before),
    bitrix_task_id: `String ${task.id}`,
    bitrix_task_title: `String ${task.title}`,
    bitrix_task_status: "String 5",
    [body.activity_id]: "String ok",
    [`${body.activity_id}_closedBy`]: `String ${task.closedBy}`,
  };
}

for (const kind of worldKinds) {
  for (const recording of recordings) {
    const { activityInfo, inputParameters } = recording.task.body.metadata;
    // The model's own title counts, where the predecessor took the element's name.
    const title = inputParameters["title"] ?? activityInfo.name;
    const options = { ignore: !available(kind) };

    Deno.test(
      `cut-over, ${kind}: the ${recording.name} task on its queue becomes one task, and its answer ends the process`,
      options,
      async () => {
        await using world = await createWorld(kind, { portal: {} });
        const { portal } = world;
        assert.ok(portal);
        world.run(creator);
        world.run(tracker, { TRACKER_INTERVAL_SECONDS: "1" });
        await world.runWorker();
        const { instanceId, taskId } = await predecessorStopped(world, recording);
        const { routing_key: routingKey, body } = recording.task;
        await publish(world, contractNames.tasksExchange, routingKey, { ...body, task_id: taskId });
        await eventually(() => portal.people.openTasks().length === 1, "a task on the portal");
        const [open] = portal.people.openTasks();
        assert.ok(open);
        assert.deepEqual([open.externalTaskId, open.title, open.answerExpected], [taskId, title, true]);
        assert.equal(open.responsibleId, body.metadata.extensionProperties["assigneeId"]);
        portal.people.finish(open.id, { answer: "ДА" });
        await world.completed(instanceId);
        assert.deepEqual(
          await variablesOf(world, instanceId, recording),
          expectedOf(recording, { id: open.id, title, closedBy: open.responsibleId }),
        );
        assert.equal(await world.messagesIn(errorsQueue), 0);
      },
    );

    Deno.test(
      `cut-over, ${kind}: the ${recording.name} sent message is tracked to the answer, its year-long lock brought down`,
      options,
      async () => {
        await using world = await createWorld(kind, { portal: {} });
        const { portal } = world;
        assert.ok(portal);
        const { instanceId, taskId } = await predecessorStopped(world, recording);
        const id = await addedByPredecessor(portal.webhookUrl, taskId);
        world.run(tracker, { TRACKER_INTERVAL_SECONDS: "1" });
        await world.runWorker();
        const { original_message: original, response_data: response } = recording.sent.body;
        await publish(world, "", sentQueueOf("bitrix24"), {
          ...recording.sent.body,
          original_message: { ...original, task_id: taskId },
          response_data: { ...response, result: { task: { ...response.result.task, id } } },
        });
        await eventually(async () => await world.lockedForMs(instanceId) < 100_000_000, "a lease in place of the year");
        portal.people.finish(id, { answer: "ДА" });
        await world.completed(instanceId);
        const expected = expectedOf(recording, { id, title: "Сделано прежней системой", closedBy: "7" });
        assert.deepEqual(await variablesOf(world, instanceId, recording), expected);
        assert.equal(await world.messagesIn(errorsQueue), 0);
      },
    );
  }
}

/** Returns the id of a task that the predecessor has made on the portal. */
async function addedByPredecessor(webhookUrl: string, taskId: string): Promise<string> {
  const fields = {
    TITLE: "Сделано прежней системой",
    RESPONSIBLE_ID: 7,
    UF_CAMUNDA_ID_EXTERNAL_TASK: taskId,
    UF_RESULT_EXPECTED: "Y",
  };
  const answer = await fetch(`${webhookUrl}/tasks.task.add.json`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ fields }),
  });
  const added = z.object({ result: z.object({ task: z.object({ id: z.string() }) }) });
  return added.parse(await answer.json()).result.task.id;
}
