/** Fetch and lock: picks tasks for a worker topic by topic, locks them and shows what the worker asked to see. */
import { missingValue, processError } from "./engine_error.ts";
import type { ExternalTask } from "./runtime.ts";
import { visibleVariables } from "./scope_variables.ts";
import { is, isIn } from "./task_query.ts";
import type { CreateTimeOrder, TaskQueue } from "./task_queue.ts";
import { elValueOf, elValueOfJson, type RestVariable, restVariable } from "./variables.ts";
import type { Json } from "../../lib/messages/json.ts";

export interface FetchTopic {
  readonly topicName: string;
  readonly lockDurationMs: number;
  /** Undefined is all, an empty list none. */
  readonly variables: readonly string[] | undefined;
  readonly localVariables: boolean;
  readonly businessKey: string | undefined;
  readonly processDefinitionId: string | undefined;
  readonly processDefinitionIdIn: readonly string[] | undefined;
  readonly processDefinitionKey: string | undefined;
  readonly processDefinitionKeyIn: readonly string[] | undefined;
  readonly processDefinitionVersionTag: string | undefined;
  readonly withoutTenantId: boolean;
  readonly tenantIdIn: readonly string[] | undefined;
  /** Process variables that must have these values. */
  readonly processVariables: Readonly<Record<string, Json>>;
  readonly deserializeValues: boolean;
  readonly includeExtensionProperties: boolean;
}

export interface FetchRequest {
  readonly workerId: string | null;
  readonly maxTasks: number;
  readonly usePriority: boolean;
  readonly createTimeOrder: CreateTimeOrder;
  readonly topics: readonly FetchTopic[];
}

export interface LockedTask {
  readonly task: ExternalTask;
  readonly variables: Readonly<Record<string, RestVariable>>;
  readonly extensionProperties: Readonly<Record<string, string>>;
}

export function fetchAndLock(request: FetchRequest, queue: TaskQueue, nowMs: number): LockedTask[] {
  if (request.topics.length === 0) return [];
  if (request.workerId === null) throw missingValue("workerId is null");
  if (request.maxTasks < 0) throw processError("maxResults is not greater than or equal to 0");
  if (request.topics.some(({ lockDurationMs }) => lockDurationMs <= 0)) {
    throw processError("lockTime is not greater than 0");
  }
  const topics = new Map(request.topics.map((topic) => [topic.topicName, topic]));
  const chosen: { readonly locked: LockedTask; readonly topic: FetchTopic }[] = [];
  if (request.maxTasks > 0) {
    for (const task of queue.fetchable([...topics.keys()], request.usePriority, request.createTimeOrder, nowMs)) {
      const topic = topics.get(task.topicName);
      if (topic === undefined || !isWanted(task, topic)) continue;
      // Rendering comes before any lock: a variable that cannot be deserialised fails the whole call, rolled back.
      chosen.push({ topic, locked: { task, ...rendered(task, topic) } });
      if (chosen.length === request.maxTasks) break;
    }
  }
  for (const { locked: { task }, topic } of chosen) {
    task.workerId = request.workerId;
    task.lockExpiresAtMs = nowMs + topic.lockDurationMs;
  }
  return chosen.map(({ locked }) => locked);
}

function isWanted({ instance }: ExternalTask, topic: FetchTopic): boolean {
  const { definition, root } = instance;
  return isIn(topic.tenantIdIn, instance.tenantId) && (!topic.withoutTenantId || instance.tenantId === null) &&
    is(topic.businessKey, instance.businessKey) && is(topic.processDefinitionId, definition.id) &&
    isIn(topic.processDefinitionIdIn, definition.id) && is(topic.processDefinitionKey, definition.model.key) &&
    isIn(topic.processDefinitionKeyIn, definition.model.key) &&
    is(topic.processDefinitionVersionTag, definition.model.versionTag) &&
    Object.entries(topic.processVariables).every(([name, value]) => {
      const variable = root.variables.get(name);
      return variable !== undefined && elValueOf(variable.typed) === elValueOfJson(value);
    });
}

function rendered(task: ExternalTask, topic: FetchTopic) {
  const visible = topic.localVariables ? task.scope.variables : visibleVariables(task.scope);
  const variables: Record<string, RestVariable> = {};
  for (const [name, { typed }] of visible) {
    if (topic.variables !== undefined && !topic.variables.includes(name)) continue;
    variables[name] = restVariable(name, typed, topic.deserializeValues);
  }
  return { variables, extensionProperties: topic.includeExtensionProperties ? task.node.extensionProperties : {} };
}
