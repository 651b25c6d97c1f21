/** Which topics the worker fetches, and for which system each is published. */
import { knownTopics, type System, systemOfTopic, systems } from "../amqp/topology.ts";
import type { ExtraTopic } from "./worker_settings.ts";

export interface WorkerTopics {
  /** Topics by system; a system without topics is left out. */
  readonly bySystem: ReadonlyMap<string, readonly string[]>;
  systemOf(topic: string): string;
}

/** The known topics of the chosen systems (all when `only` is empty) and the extra ones, wherever they lead. */
export function workerTopics(only: readonly string[], extra: readonly ExtraTopic[]): WorkerTopics {
  const systemOfExtra = new Map(extra.map(({ topic, system }) => [topic, system] as const));
  const systemOf = (topic: string): System | "default" => systemOfExtra.get(topic) ?? systemOfTopic(topic);
  const chosen = systems.filter((system) => only.length === 0 || only.includes(system));
  const topics = new Set([...chosen.flatMap((system) => knownTopics[system]), ...systemOfExtra.keys()]);
  return { bySystem: Map.groupBy(topics, systemOf), systemOf };
}
