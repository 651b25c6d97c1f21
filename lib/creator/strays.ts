/**
 * Messages in `default.queue`: no binding of the tasks exchange took them. Those of a system that has a queue belong there
 * (the predecessor's bindings missed the Python services; a queue may have been gone for a moment). The others nobody will
 * ever handle: they are set aside, and the process is told.
 */
import type { Settlement } from "../amqp/batches.ts";
import type { Delivery } from "../amqp/broker.ts";
import { publishCopy } from "../amqp/publish_copy.ts";
import { defaultQueue, queueOf, type System, systemOfTopic, systems } from "../amqp/topology.ts";
import { slimTask } from "../messages/response_message.ts";
import { type TaskMessage, taskMessage } from "../messages/task_message.ts";
import { giveUp, type GiveUpDeps, readOrGiveUp } from "../program/give_up.ts";
import { GuardedConsumer, type GuardedConsumerDeps, type StopSignals } from "../program/guarded_consumer.ts";
import { ACK, settledOrGivenBack } from "../program/settlements.ts";

/** As in the names of the predecessor's messages and of our logs: whose system is unknown. */
export const STRAY_SYSTEM = "default";

export class Strays {
  readonly consumer: GuardedConsumer;

  /** Begins to consume at once; whoever calls holds the leadership. */
  constructor(private readonly deps: GiveUpDeps & GuardedConsumerDeps, private readonly signals: StopSignals) {
    const consumed = { queue: defaultQueue, system: STRAY_SYSTEM, batchSize: 20, windowMs: 0, concurrency: 1 };
    this.consumer = new GuardedConsumer(consumed, deps, signals, (batch) => this.#handle(batch));
  }

  #handle(batch: readonly Delivery[]): Promise<Settlement[]> {
    const deps = { log: this.deps.log, force: this.signals.force };
    return Promise.all(
      batch.map((delivery) => settledOrGivenBack(delivery.messageId ?? "unknown", () => this.#settle(delivery), deps)),
    );
  }

  async #settle(delivery: Delivery): Promise<Settlement> {
    const read = await readOrGiveUp(this.deps, delivery, STRAY_SYSTEM, taskMessage);
    if (read === undefined) return ACK;
    const { message: task, original } = read;
    const { task_id: taskId, topic } = task;
    const home = homeOf(task);
    if (home !== undefined) {
      await publishCopy(this.deps.broker, delivery, queueOf(home));
      this.deps.log.warn("creator.stray_moved", `A task in ${defaultQueue} went to ${queueOf(home)}`, {
        taskId,
        system: home,
        topic,
      });
      return ACK;
    }
    const message =
      `No system is known for the topic "${topic}". WORKER_EXTRA_TOPICS of the worker can name one, as in ` +
      `${topic === "" ? "my_topic" : topic}=${systems[0]}; then raise the task's retries in Camunda.`;
    const about = { original, task: slimTask(task) };
    await giveUp(this.deps, delivery, STRAY_SYSTEM, about, { type: "unknown_topic", message });
    return ACK;
  }
}

/** The message names its system, since settings may give any topic to any; else the topic tells. */
function homeOf({ system, topic }: TaskMessage): System | undefined {
  const named = systems.find((known) => known === system);
  const told = named ?? systemOfTopic(topic);
  return told === "default" ? undefined : told;
}
