/**
 * Who writes the ledgers: the hand-over's book counts process instances and their messages in the task queue; the
 * responses' book counts answers and what Camunda's history, or the errors queue and an incident, made of them.
 */
import assert from "node:assert/strict";
import { z } from "zod";
import { eventually } from "../lib/amqp/eventually.ts";
import type { CamundaVariable } from "../services/camunda_driver.ts";
import { defaultQueue, errorsQueue, type FaultWorld, responsesQueue, taskQueue } from "./fault_world.ts";
import { Ledger, type LedgerCounts } from "./ledger.ts";
import type { SetAsideBody, TaskBody } from "./queue_view.ts";

/** Lines about tasks that a fault had hit on their way out, and on their way back. */
const handOverTrouble = ["worker.confirm_lost", "worker.publish_failed", "worker.lease_missed"];
const responseTrouble = ["worker.response_without_task", "worker.retried", "worker.response_waits"];

export class HandOverBook {
  readonly ledger: Ledger;
  /** The task of every instance that reached the queue, by instance. */
  readonly tasks = new Map<string, TaskBody>();

  constructor(name: string, readonly world: FaultWorld) {
    this.ledger = new Ledger(`${name}, hand-over`);
  }

  async start(count: number, variables: Readonly<Record<string, CamundaVariable>> = {}): Promise<void> {
    for (const id of await this.world.startInstances(count, variables)) {
      this.ledger.attempt(id);
      this.ledger.acknowledge(id);
    }
  }

  /** Takes what is in the queue now, as a creator would. */
  async collect(): Promise<TaskBody[]> {
    const taken = await this.world.queues.takeTasks(taskQueue);
    for (const task of taken) {
      this.ledger.effect(task.process_instance_id, task.task_id);
      this.tasks.set(task.process_instance_id, task);
    }
    return taken;
  }

  /** Waits until every instance has its task in the queue. */
  async arrived(withinMs = 30_000): Promise<void> {
    await lookUntil(() => this.ledger.missing().length === 0, () => this.collect(), this, withinMs);
  }

  /** Prints the ledger and demands that it balances. */
  async balance(): Promise<LedgerCounts> {
    await this.collect();
    const hit = new Set([...tasksNamedBy(this.world, handOverTrouble), ...tasksFetchedAgain(this.world)]);
    for (const { task_id, process_instance_id } of this.tasks.values()) {
      if (hit.has(task_id)) this.ledger.again(process_instance_id);
    }
    const unrouted = await this.world.queues.depth(defaultQueue);
    if (unrouted > 0) this.ledger.unexpected(`${unrouted} messages in ${defaultQueue}`);
    return this.ledger.balance();
  }
}

const doneTasks = z.array(z.looseObject({ id: z.string(), externalTaskId: z.string() }));
const variables = z.array(z.looseObject({ processInstanceId: z.string(), value: z.unknown() }));
const incidents = z.array(z.looseObject({ configuration: z.string().nullish() }));

export class ResponseBook {
  readonly ledger: Ledger;
  readonly setAside: SetAsideBody[] = [];
  readonly #seen = new Set<string>();

  constructor(name: string, readonly world: FaultWorld) {
    this.ledger = new Ledger(`${name}, responses`);
  }

  /** Answers tasks with yes, or as `more` says; publishes until the broker has confirmed, as a tracker does. */
  async answer(tasks: readonly TaskBody[], more: Readonly<Record<string, unknown>> = {}): Promise<void> {
    await this.publish(tasks.map((task) => ({ key: task.task_id, body: JSON.stringify({ ...yes(task), ...more }) })));
  }

  /** `key`: the task's id, or the body itself if it names none. */
  async publish(messages: readonly { readonly key: string; readonly body: string }[]): Promise<void> {
    for (const { key } of messages) this.ledger.attempt(key);
    let waiting = messages;
    const send = async () => {
      const confirmed = await this.world.queues.publish(responsesQueue, waiting.map(({ body }) => body));
      waiting.forEach(({ key }, index) => confirmed[index] === true && this.ledger.acknowledge(key));
      waiting = waiting.filter((_, index) => confirmed[index] !== true);
    };
    await lookUntil(() => waiting.length === 0, send, this, 60_000);
  }

  /** Waits until every response was applied or set aside. */
  async settled(withinMs = 30_000): Promise<void> {
    await lookUntil(() => this.ledger.missing().length === 0, () => this.#look(), this, withinMs);
  }

  /** Prints the ledger and demands that it balances. */
  async balance(): Promise<LedgerCounts> {
    await this.#look();
    for (const taskId of tasksNamedBy(this.world, responseTrouble)) this.ledger.again(taskId);
    return this.ledger.balance();
  }

  /** The answers that completed tasks left behind; all must be the one that was given. */
  async answersAre(value: string): Promise<void> {
    const query = { tenantIdIn: [this.world.tenantId], variableName: "A" };
    const found = variables.parse(await this.world.engine.call("POST", "/history/variable-instance", query));
    assert.deepEqual(new Set(found.map((variable) => variable.value)), new Set([value]));
  }

  async #look(): Promise<void> {
    const { engine, queues, tenantId } = this.world;
    const query = { tenantIdIn: [tenantId], successLog: true };
    const done = doneTasks.parse(await engine.call("POST", "/history/external-task-log", query));
    for (const { id, externalTaskId } of done) {
      if (this.#seen.has(id)) continue;
      this.#seen.add(id);
      this.ledger.effect(externalTaskId, `completed by ${id}`);
    }
    const fresh = await queues.takeSetAside(errorsQueue);
    if (fresh.length === 0) return;
    const told = incidents.parse(await engine.call("GET", `/incident?tenantIdIn=${tenantId}`));
    for (const body of fresh) {
      this.setAside.push(body);
      const key = keyOf(body);
      // Only what names no task has nobody who could be told.
      const hasIncident = told.some(({ configuration }) => configuration === key);
      if (body.task_id !== "unknown" && !hasIncident) this.ledger.unexpected(`${key} is set aside without an incident`);
      this.ledger.effect(key, "set aside");
    }
  }
}

function yes(task: TaskBody): Record<string, unknown> {
  return {
    original_queue: taskQueue,
    original_message: task,
    response_data: {},
    processing_status: "completed_by_tracker",
    answer: "ДА",
  };
}

const raw = z.object({ raw_body: z.string() });

function keyOf({ task_id, original_message }: SetAsideBody): string {
  return raw.safeParse(original_message).data?.raw_body ??
    (task_id === "unknown" ? JSON.stringify(original_message) : task_id);
}

/**
 * Stands in for creator and tracker while the fault happens: answers every task once. Resolves when this many were
 * answered and all is settled.
 */
export async function carryRound(
  handOver: HandOverBook,
  responses: ResponseBook,
  tasks: number,
  fault: () => Promise<void>,
): Promise<void> {
  const answered = new Set<string>();
  const answerFresh = async () => {
    await handOver.collect();
    const fresh = [...handOver.tasks.values()].filter(({ task_id }) => !answered.has(task_id));
    for (const { task_id } of fresh) answered.add(task_id);
    if (fresh.length > 0) await responses.answer(fresh);
  };
  const carried = lookUntil(() => answered.size >= tasks, answerFresh, handOver, 90_000);
  await Promise.all([carried, fault()]);
  await responses.settled();
}

/** Looks at a pace that leaves the engine to the worker. If time is up, what is missing says more than that. */
async function lookUntil(
  done: () => boolean,
  look: () => Promise<unknown>,
  { ledger, world }: { readonly ledger: Ledger; readonly world: FaultWorld },
  withinMs: number,
): Promise<void> {
  try {
    await eventually(
      async () => {
        world.over.throwIfAborted();
        await look();
        if (!done()) await new Promise((resolve) => setTimeout(resolve, 100));
        return done();
      },
      `the end of ${ledger.name}`,
      withinMs,
    );
  } catch (error) {
    if (!world.over.aborted) ledger.balance();
    throw error;
  }
}

function tasksNamedBy(world: FaultWorld, codes: readonly string[]): string[] {
  return world.workers.flatMap(({ lines }) =>
    lines.flatMap(({ code, taskId }) => taskId !== undefined && codes.includes(code) ? [taskId] : [])
  );
}

function tasksFetchedAgain(world: FaultWorld): string[] {
  const fetched = tasksNamedBy(world, ["worker.fetched"]);
  return fetched.filter((taskId, index) => fetched.indexOf(taskId) < index);
}
