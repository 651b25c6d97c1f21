/** The worker's own settings, and what several of them together must fulfil. */
import { boolean, integer, list, textSchema } from "../config/schemas.ts";
import type { SettingFault } from "../config/read_settings.ts";
import type { SettingsTable } from "../config/setting.ts";
import { type System, systemOfTopic, systems } from "../amqp/topology.ts";

/** A topic beyond the known ones. */
export interface ExtraTopic {
  readonly topic: string;
  readonly system: System;
}

const extraTopics = textSchema(
  `must be topics separated by commas, each with a system if its name does not tell it: topic=${systems.join("|")}`,
  (input): readonly ExtraTopic[] | undefined => {
    const topics: ExtraTopic[] = [];
    for (const word of list.safeParse(input).data ?? []) {
      const [topic = "", name, ...rest] = word.split("=").map((part) => part.trim());
      // Without a name the beginning tells, as in the predecessor; tasks of nobody's system would go to nobody's queue.
      const system = name === undefined ? systemOfTopic(topic) : systems.find((known) => known === name);
      if (topic === "" || rest.length > 0 || system === undefined || system === "default") return undefined;
      topics.push({ topic, system });
    }
    return topics;
  },
);

export const workerSettings = {
  WORKER_EXTRA_TOPICS: {
    schema: extraTopics,
    doc: "External-task topics to fetch besides the 27 known ones, separated by commas; topic=system names the system.",
    example: "invoice_check=python-services,1c_close_month",
    default: "",
  },
  WORKER_ONLY_SYSTEMS: {
    schema: list,
    doc: `Systems whose topics are fetched, separated by commas; empty for all of ${systems.join(", ")}.`,
    example: "bitrix24,1c",
    default: "",
  },
  WORKER_CAPACITY: {
    schema: integer({ min: 1, max: 10_000 }),
    doc: "Most tasks between fetch and lease at once; nothing is fetched beyond it.",
    example: "200",
    default: "200",
  },
  WORKER_QUEUE_LIMIT: {
    schema: integer({ min: 1 }),
    doc: "A system's tasks stay in Camunda, where priority holds, while its queue has this many messages or more.",
    example: "500",
    default: "1000",
  },
  WORKER_NEEDS_CONSUMER: {
    schema: boolean,
    doc: "Whether a system's tasks stay in Camunda while nobody consumes its queue.",
    example: "false",
    default: "true",
  },
  WORKER_RESPONSE_CONCURRENCY: {
    schema: integer({ min: 1, max: 64 }),
    doc: "Answers given to Camunda at once; engines are fastest at 4 to 8.",
    example: "4",
    default: "8",
  },
  WORKER_RESPONSE_WAIT_SECONDS: {
    schema: integer({ min: 1, max: 3600 }),
    doc:
      "How long the answer to a task of a suspended process, or of a task locked by somebody else, waits for the next try.",
    example: "600",
    default: "120",
  },
} as const satisfies SettingsTable;

/** Faults that no single setting shows. */
export function workerFaults(settings: {
  readonly WORKER_ONLY_SYSTEMS: readonly string[];
  readonly CAMUNDA_FETCH_LOCK_DURATION: number;
  readonly CAMUNDA_LOCK_DURATION: number;
}): SettingFault[] {
  const faults: SettingFault[] = [];
  const unknown = settings.WORKER_ONLY_SYSTEMS.filter((name) => !systems.some((system) => system === name));
  if (unknown.length > 0) {
    const problem = `names unknown systems: ${unknown.join(", ")}; known are ${systems.join(", ")}`;
    faults.push({ name: "WORKER_ONLY_SYSTEMS", problem, example: workerSettings.WORKER_ONLY_SYSTEMS.example });
  }
  if (settings.CAMUNDA_FETCH_LOCK_DURATION >= settings.CAMUNDA_LOCK_DURATION) {
    const problem = "must be shorter than CAMUNDA_LOCK_DURATION: it only covers the hand-over";
    faults.push({ name: "CAMUNDA_FETCH_LOCK_DURATION", problem, example: "300000" });
  }
  return faults;
}
