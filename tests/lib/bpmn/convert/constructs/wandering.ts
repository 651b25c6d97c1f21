/** An instance that goes where chance leads it: somebody does whatever can be done next. */
import assert from "node:assert/strict";
import { z } from "zod";
import type { Variables } from "./construct.ts";
import { type FetchedTask, fetchTasks } from "./fetched_task.ts";
import type { PlayedProcess } from "./played_process.ts";
import { workerVariables } from "./worker_variables.ts";

const jobs = z.array(z.object({ id: z.string() }));
const subscriptions = z.array(
  z.object({ eventType: z.string(), eventName: z.string().nullable(), executionId: z.string() }),
);

/** What can happen next. */
type Possibility = () => Promise<unknown>;

/**
 * Starts `P` and lets one thing happen for each choice, as far as there is one: a task is answered, a timer goes off, a message
 * or a signal comes. Rejects when the engine cannot go on from there.
 */
export async function wander(played: PlayedProcess, variables: Variables, choices: readonly number[]): Promise<void> {
  const { driver, tenantId } = played;
  const instanceId = await driver.start("P", { tenantId, variables });
  const held = new Map<string, FetchedTask>();
  for (const choice of choices) {
    for (const task of await fetchTasks(driver, tenantId, played.topics)) held.set(task.id, task);
    const open = (await driver.externalTasks({ processInstanceId: instanceId })).flatMap(({ id }) =>
      held.get(id) ?? []
    );
    const next = [
      ...open.flatMap((task) => answersTo(task).map(({ answer }) => () => complete(played, task, answer))),
      ...await events(played, instanceId),
    ];
    const chosen = next[choice % next.length];
    if (chosen === undefined) break;
    await chosen();
  }
  assert.deepEqual(await driver.incidents(instanceId), []);
}

async function complete({ driver }: PlayedProcess, task: FetchedTask, answer: string | undefined): Promise<void> {
  const variables = workerVariables(task, answer);
  await driver.call("POST", `/external-task/${task.id}/complete`, { workerId: task.workerId, variables });
}

/** What people can say; nothing, if they are not asked. */
function answersTo({ extensionProperties }: FetchedTask): readonly { readonly answer?: string }[] {
  if (extensionProperties["UF_RESULT_EXPECTED"] !== "true") return [{}];
  const answers = extensionProperties["answers"];
  const texts = answers === undefined ? ["ДА", "НЕТ"] : z.array(z.string()).parse(JSON.parse(answers));
  return texts.map((answer) => ({ answer }));
}

async function events({ driver }: PlayedProcess, instanceId: string): Promise<Possibility[]> {
  const query = `processInstanceId=${instanceId}`;
  const timers = jobs.parse(await driver.call("GET", `/job?timers=true&${query}`));
  const awaited = subscriptions.parse(await driver.call("GET", `/event-subscription?${query}`));
  return [
    ...timers.map(({ id }) => () => driver.call("POST", `/job/${id}/execute`)),
    ...awaited.flatMap(({ eventType, eventName, executionId }): Possibility[] => {
      const message = `/execution/${executionId}/messageSubscriptions/${eventName}/trigger`;
      if (eventType === "message") return [() => driver.call("POST", message, {})];
      return eventType === "signal" ? [() => driver.call("POST", "/signal", { name: eventName, executionId })] : [];
    }),
  ];
}
