/** How most tests begin: a worker, a process with the task `A`, its message out of the queue of Bitrix24. */
import { queueOf } from "../../lib/amqp/topology.ts";
import type { Inbox } from "../lib/amqp/inbox.ts";
import type { StartOptions } from "../services/camunda_driver.ts";
import { oneTask } from "../simulators/camunda/contract_bench.ts";
import type { RunningProgram } from "./running_program.ts";
import { type TaskBody, taskOf } from "./task_messages.ts";
import type { World } from "./world.ts";

export const topic = "bitrix_create_task";
export const taskQueue = queueOf("bitrix24");

export interface Begun {
  readonly worker: RunningProgram;
  readonly tasks: Inbox;
  readonly instanceId: string;
  readonly task: TaskBody;
}

export interface BeginOptions {
  /** @default start, A, end */
  readonly flow?: string;
  readonly variables?: StartOptions["variables"];
  /** Of the worker's settings. */
  readonly overrides?: Readonly<Record<string, string>>;
}

export async function begin(world: World, options: BeginOptions = {}): Promise<Begun> {
  const worker = await world.runWorker(options.overrides);
  const tasks = world.inbox(taskQueue);
  await world.deploy(options.flow ?? oneTask(topic));
  const instanceId = await world.start(options.variables);
  return { worker, tasks, instanceId, task: taskOf(await tasks.at(0)) };
}
