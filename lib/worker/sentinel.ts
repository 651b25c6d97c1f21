/**
 * Looks from time to time at what no single task shows: messages that no queue wanted, messages set aside, and topics
 * in the engine that nobody fetches.
 */
import type { Meter } from "@opentelemetry/api";
import type { Broker } from "../amqp/broker.ts";
import { defaultQueue, errorsQueue } from "../amqp/topology.ts";
import type { CamundaClient } from "../camunda/client.ts";
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

/** Runs until `signal` aborts. Never rejects: what cannot be looked at now is looked at later. */
export async function watchOver(deps: SentinelDeps, signal: AbortSignal): Promise<void> {
  const { broker, camunda, clock, log } = deps;
  const depths = new Map<string, number>();
  const gauge = deps.meter.createObservableGauge("exchanger_queue_messages", {
    description: "Messages in queues that should be empty",
  });
  gauge.addCallback((result) => depths.forEach((messages, queue) => result.observe(messages, { queue })));
  const reportedTopics = new Set<string>();

  async function lookAtQueue(queue: string, meaning: string): Promise<void> {
    const state = await broker.inspect(queue);
    const messages = state.kind === "present" ? state.messages : 0;
    const before = depths.get(queue) ?? 0;
    depths.set(queue, messages);
    if (messages > before) {
      log.error("worker.queue_filling", `${queue} holds ${messages} messages: ${meaning}`, { queue, messages });
    }
  }

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
      lookAtQueue(defaultQueue, "no binding of the tasks exchange wanted them"),
      lookAtQueue(errorsQueue, "they were set aside with a reason and wait for a person"),
      lookAtTopics(),
    ]);
    await clock.sleep(EVERY_MS, signal).catch(() => {});
  }
}
