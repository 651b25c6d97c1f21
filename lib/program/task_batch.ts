/**
 * A batch of messages about external tasks, as the creator and the tracker of a system handle it: what cannot be read is
 * given up, copies of one task are one, and Camunda is asked once which of the tasks it still waits for.
 */
import type { z } from "zod";
import type { Settlement } from "../amqp/batches.ts";
import type { Delivery } from "../amqp/broker.ts";
import type { CamundaClient } from "../camunda/client.ts";
import type { LeaseRenewal } from "../camunda/lease_renewal.ts";
import type { ExternalTask } from "../camunda/types.ts";
import type { TaskMessage } from "../messages/task_message.ts";
import { errorText } from "../telemetry/error_text.ts";
import type { Log } from "../telemetry/log.ts";
import type { Breaker } from "./breaker.ts";
import { type GiveUpDeps, type ReadMessage, readOrGiveUp } from "./give_up.ts";
import { ACK, settledOrGivenBack, Settlements } from "./settlements.ts";

/** One task of a batch: what becomes of its message becomes of all copies. */
export interface BatchedTask<Message> extends ReadMessage<Message> {
  readonly task: TaskMessage;
  readonly delivery: Delivery;
  /** With `delivery` itself. */
  readonly copies: readonly Delivery[];
}

export interface TaskBatchOptions<Message> {
  readonly system: string;
  readonly schema: z.ZodType<Message>;
  taskOf(message: Message): TaskMessage;
  /** Of several copies the one with the highest weight stands for the task. */
  weightOf(delivery: Delivery): number;
}

export interface TaskBatchDeps extends GiveUpDeps {
  readonly camunda: Pick<CamundaClient, "externalTasks">;
  readonly leases: LeaseRenewal;
  readonly breaker: Breaker;
  readonly log: Log;
  readonly force: AbortSignal;
}

export class TaskBatch<Message> {
  readonly #settlements: Settlements;

  private constructor(deliveries: readonly Delivery[], private readonly deps: TaskBatchDeps) {
    this.#settlements = new Settlements(deliveries);
  }

  static async read<Message>(
    deliveries: readonly Delivery[],
    options: TaskBatchOptions<Message>,
    deps: TaskBatchDeps,
  ): Promise<{ readonly batch: TaskBatch<Message>; readonly tasks: readonly BatchedTask<Message>[] }> {
    const batch = new TaskBatch<Message>(deliveries, deps);
    const messages: Omit<BatchedTask<Message>, "copies">[] = [];
    for (const delivery of deliveries) {
      const read = await readOrGiveUp(deps, delivery, options.system, options.schema);
      if (read === undefined) batch.#settlements.set([delivery], ACK);
      else messages.push({ ...read, delivery, task: options.taskOf(read.message) });
    }
    const tasks = [...Map.groupBy(messages, ({ task }) => task.task_id).values()].flatMap((ofTask) => {
      const [first] = ofTask.toSorted((a, b) => options.weightOf(b.delivery) - options.weightOf(a.delivery));
      return first === undefined ? [] : [{ ...first, copies: ofTask.map(({ delivery }) => delivery) }];
    });
    return { batch, tasks };
  }

  /**
   * What Camunda says of the tasks it still waits for, their leases renewed; `undefined` when it cannot say, and then the
   * breaker is open.
   */
  async lookInCamunda(tasks: readonly BatchedTask<Message>[]): Promise<ReadonlyMap<string, ExternalTask> | undefined> {
    if (tasks.length === 0) return undefined;
    const { camunda, leases, breaker, force } = this.deps;
    try {
      const known = await camunda.externalTasks({ externalTaskIdIn: tasks.map(({ task }) => task.task_id) }, force);
      const held = tasks.flatMap(({ task: { task_id, worker_id: workerId } }) => {
        const task = known.get(task_id);
        return task === undefined ? [] : [{ task, workerId }];
      });
      await leases.renew(held, force);
      return known;
    } catch (error) {
      breaker.trip(`Camunda cannot say which tasks it still waits for: ${errorText(error)}`);
      return undefined;
    }
  }

  async settle<Task extends BatchedTask<Message>>(
    tasks: readonly Task[],
    how: (task: Task, index: number) => Promise<Settlement>,
  ): Promise<void> {
    await Promise.all(tasks.map(async (task, index) => {
      const settlement = await settledOrGivenBack(task.task.task_id, () => how(task, index), this.deps);
      this.#settlements.set(task.copies, settlement);
    }));
  }

  settlements(): Settlement[] {
    return this.#settlements.inOrder();
  }
}
