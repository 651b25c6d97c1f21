/**
 * The names and the shape of what we keep in RabbitMQ: the public contract (exchanges, queues and bindings that the
 * predecessor made and others may rely on) and our own delay and waiting queues.
 */
import type { Binding, QueueDeclaration, Topology } from "./broker.ts";

/** Systems with a queue of their own, in the order in which topics are tried. */
export const systems = ["bitrix24", "openproject", "1c", "python-services"] as const;
export type System = (typeof systems)[number];

/** The topics each system is known for; what the worker fetches unless settings add others. */
export const knownTopics: Readonly<Record<System, readonly string[]>> = {
  "bitrix24": [
    "bitrix24",
    "bitrix_create_task",
    "bitrix_update_task",
    "bitrix_create_deal",
    "bitrix_update_deal",
    "bitrix_create_contact",
  ],
  "openproject": ["openproject", "op_create_project", "op_create_task", "op_update_task", "op_create_milestone"],
  "1c": ["1c", "1c_create_document", "1c_update_document", "1c_create_counterparty", "1c_sync_data"],
  "python-services": [
    "python",
    "send_email",
    "send_telegram",
    "telegram_notify",
    "email_notify",
    "create_yandex_file",
    "yandex_disk",
    "create_user",
    "user_management",
    "file_processing",
    "data_processing",
  ],
};

/**
 * The system that handles a topic: the one that lists it, else the first that lists a beginning of it, in any case of
 * letters; `default` when none does.
 */
export function systemOfTopic(topic: string): System | "default" {
  const exact = systems.find((system) => knownTopics[system].includes(topic));
  if (exact !== undefined) return exact;
  const lowerCase = topic.toLowerCase();
  return systems.find((system) => knownTopics[system].some((known) => lowerCase.startsWith(known))) ?? "default";
}

/** `<system>.<topic>`, the key under which a task is published to the tasks exchange. */
export function routingKey(system: string, topic: string): string {
  return `${system}.${topic}`;
}

/** The queue of tasks for a system; tasks of an unknown system are in `default.queue`. */
export function queueOf(system: string): string {
  return isSystem(system) ? `${system}.queue` : defaultQueue;
}

/** The queue of tasks whose object exists in the system. */
export function sentQueueOf(system: string): string {
  return `${isSystem(system) ? system : "default"}.sent.queue`;
}

/** The known topics of a system; none of one that is unknown. */
export function topicsOf(system: string): readonly string[] {
  return isSystem(system) ? knownTopics[system] : [];
}

function isSystem(name: string): name is System {
  return systems.some((system) => system === name);
}

/** Receives what no binding of the tasks exchange took; more than 0 messages here is an alarm. */
export const defaultQueue = "default.queue";
export const errorsQueue = "errors.camunda_tasks.queue";
/** The key of {@link errorsQueue} on the tasks exchange. */
export const errorsRoutingKey = "errors.camunda_tasks";

/** The names that settings may change. */
export interface ContractNames {
  /** @default "camunda.external.tasks" */
  readonly tasksExchange: string;
  /** @default "camunda.unrouted.tasks" */
  readonly unroutedExchange: string;
  /** @default "camunda.task.responses" */
  readonly responsesExchange: string;
  /** @default "camunda.responses.queue" */
  readonly responsesQueue: string;
}

export const contractNames: ContractNames = {
  tasksExchange: "camunda.external.tasks",
  unroutedExchange: "camunda.unrouted.tasks",
  responsesExchange: "camunda.task.responses",
  responsesQueue: "camunda.responses.queue",
};

/**
 * The bindings of each system's queue. `<system>.#` is ours: the others do not match a topic with a dot in it, and those
 * of the Python services match none of the keys that are published (`python-services.<topic>`). They stay because a
 * binding of the contract is not ours to remove.
 */
const bindingKeys: Readonly<Record<System, readonly string[]>> = {
  "bitrix24": ["bitrix24.#", "bitrix24.*"],
  "openproject": ["openproject.#", "openproject.*"],
  "1c": ["1c.#", "1c.*"],
  "python-services": [
    "python-services.#",
    "python.*",
    "email.*",
    "telegram.*",
    "yandex.*",
    "user.*",
    "file.*",
    "data.*",
  ],
};

/** The public contract: every program declares all of it, so that no order of starts can lose a message. */
export function taskTopology(names: ContractNames = contractNames): Topology {
  const work = (name: string): QueueDeclaration => ({ name, kind: "work" });
  const taskBindings = systems.flatMap((system) =>
    bindingKeys[system].map((key): Binding => ({
      exchange: names.tasksExchange,
      queue: queueOf(system),
      routingKey: key,
    }))
  );
  return {
    exchanges: [
      { name: names.unroutedExchange, type: "fanout" },
      { name: names.tasksExchange, type: "topic", alternateExchange: names.unroutedExchange },
      { name: names.responsesExchange, type: "direct" },
    ],
    queues: [
      work(names.responsesQueue),
      ...systems.flatMap((system) => [work(queueOf(system)), work(sentQueueOf(system))]),
      work(defaultQueue),
      work(errorsQueue),
    ],
    bindings: [
      { exchange: names.responsesExchange, queue: names.responsesQueue, routingKey: names.responsesQueue },
      ...taskBindings,
      { exchange: names.unroutedExchange, queue: defaultQueue, routingKey: "" },
      { exchange: names.tasksExchange, queue: errorsQueue, routingKey: errorsRoutingKey },
    ],
  };
}

/** The delays a message can be given unless settings say otherwise, in seconds: 5 s, 30 s, 2 min, 10 min, 1 h. */
export const delaysS: readonly number[] = [5, 30, 120, 600, 3600];

/** One queue per delay, because messages expire only at the head of a queue; a whole number of seconds. */
export function delayQueueName(queue: string, seconds: number): string {
  return `${queue}.delay.${seconds}s`;
}

/** The delay queues of one queue. Each leads back to that queue only, so one missing queue stops no other's retries. */
export function delayQueues(queue: string, delays: readonly number[] = delaysS): Topology {
  return ownQueues([...new Set(delays)].map((seconds) => ({
    name: delayQueueName(queue, seconds),
    kind: "own",
    messageTtlMs: seconds * 1000,
    deadLetterTo: queue,
  })));
}

export function waitingQueueName(system: string, checkIntervalS: number): string {
  return `${system}.waiting.${checkIntervalS}s`;
}

/**
 * Where open tasks of a system wait for their next check; a whole number of seconds. Each message carries its own
 * expiration up to the next common tick, so that they come back together; the queue's time to live is twice the interval
 * and only catches a message that was put there without one.
 */
export function waitingQueue(system: string, checkIntervalS: number): Topology {
  return ownQueues([{
    name: waitingQueueName(system, checkIntervalS),
    kind: "own",
    messageTtlMs: 2 * checkIntervalS * 1000,
    deadLetterTo: sentQueueOf(system),
  }]);
}

function ownQueues(queues: readonly QueueDeclaration[]): Topology {
  return { exchanges: [], queues, bindings: [] };
}

/** Several topologies as one, to be declared together. */
export function joinTopologies(...topologies: readonly Topology[]): Topology {
  return {
    exchanges: topologies.flatMap(({ exchanges }) => exchanges),
    queues: topologies.flatMap(({ queues }) => queues),
    bindings: topologies.flatMap(({ bindings }) => bindings),
  };
}
