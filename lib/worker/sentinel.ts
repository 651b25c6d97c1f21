/**
 * Looks from time to time at what no single task shows: messages that no queue wanted, messages set aside, and topics
 * in the engine that nobody fetches.
 */
import type { Meter } from "@opentelemetry/api";
import type { Broker } from "../amqp/broker.ts";
import { defaultQueue, errorsQueue } from "../amqp/topology.ts";
import type { CamundaClient } from "../camunda/client.ts";
import { type FillingQueue, QueueWatch } from "../program/queue_watch.ts";
import type { Log } from "../telemetry/log.ts";
import type { Clock } from "../time/clock.ts";

export interface SentinelDeps {
  readonly broker: Broker;
  readonly camunda: CamundaClient;
  readonly meter: Meter;
  readonly clock: Clock;
  readonly log: Log;
  /** Topics that are fetched. */
  readonly topics: ReadonlySet<string>;
}

const EVERY_MS = 30_000;

const FILLING: readonly FillingQueue[] = [
  {
    queue: defaultQueue,
    meaning: "no binding of the tasks exchange wanted them, and no creator has taken them",
    level: "error",
  },
  { queue: errorsQueue, meaning: "they were set aside with a reason and wait for a person", level: "error" },
];

/** Runs until `signal` aborts. Never rejects: what cannot be looked at now is looked at later. */
export async function watchOver(deps: SentinelDeps, signal: AbortSignal): Promise<void> {
  const { camunda, clock, log } = deps;
  const queues = new QueueWatch("worker.queue_filling", deps);
  const reportedTopics = new Set<string>();

  async function lookAtTopics(): Promise<void> {
    for (const topic of await camunda.topicNames(signal)) {
      if (deps.topics.has(topic) || reportedTopics.has(topic)) continue;
      reportedTopics.add(topic);
      log.warn(
        "worker.topic_unknown",
        `Camunda has tasks of a topic that is not fetched: add it to WORKER_EXTRA_TOPICS`,
        {
          topic,
        },
      );
    }
  }

  while (!signal.aborted) {
    await Promise.allSettled([
      ...FILLING.map((filling) => queues.look(filling)),
      lookAtTopics(),
    ]);
    await clock.sleep(EVERY_MS, signal).catch(() => {});
  }
}
