/** The filters of `GET|POST /external-task`, those of them that integrations use. */
import type { ExternalTask } from "./runtime.ts";
import { taskSuspended } from "./runtime.ts";

export interface TaskQuery {
  readonly externalTaskId?: string | undefined;
  readonly externalTaskIdIn?: readonly string[] | undefined;
  readonly topicName?: string | undefined;
  readonly workerId?: string | undefined;
  readonly locked?: boolean | undefined;
  readonly notLocked?: boolean | undefined;
  readonly withRetriesLeft?: boolean | undefined;
  readonly noRetriesLeft?: boolean | undefined;
  readonly lockExpirationBefore?: number | undefined;
  readonly lockExpirationAfter?: number | undefined;
  readonly activityId?: string | undefined;
  readonly activityIdIn?: readonly string[] | undefined;
  readonly executionId?: string | undefined;
  readonly processInstanceId?: string | undefined;
  readonly processInstanceIdIn?: readonly string[] | undefined;
  readonly processDefinitionId?: string | undefined;
  readonly processDefinitionKey?: string | undefined;
  readonly processDefinitionKeyIn?: readonly string[] | undefined;
  readonly tenantIdIn?: readonly string[] | undefined;
  readonly active?: boolean | undefined;
  readonly suspended?: boolean | undefined;
  readonly priorityHigherThanOrEquals?: number | undefined;
  readonly priorityLowerThanOrEquals?: number | undefined;
}

export function matches(task: ExternalTask, query: TaskQuery, nowMs: number): boolean {
  const { instance, lockExpiresAtMs } = task;
  const { definition } = instance;
  const locked = lockExpiresAtMs !== null && lockExpiresAtMs > nowMs;
  const retriesLeft = task.retries === null || task.retries > 0;
  const suspended = taskSuspended(task);
  return is(query.externalTaskId, task.id) && isIn(query.externalTaskIdIn, task.id) &&
    is(query.topicName, task.topicName) && is(query.workerId, task.workerId) &&
    (!query.locked || locked) && (!query.notLocked || !locked) &&
    (!query.withRetriesLeft || retriesLeft) && (!query.noRetriesLeft || !retriesLeft) &&
    (query.lockExpirationBefore === undefined ||
      (lockExpiresAtMs !== null && lockExpiresAtMs < query.lockExpirationBefore)) &&
    (query.lockExpirationAfter === undefined ||
      (lockExpiresAtMs !== null && lockExpiresAtMs > query.lockExpirationAfter)) &&
    is(query.activityId, task.node.id) && isIn(query.activityIdIn, task.node.id) &&
    is(query.executionId, task.scope.id) && is(query.processInstanceId, instance.id) &&
    isIn(query.processInstanceIdIn, instance.id) && is(query.processDefinitionId, definition.id) &&
    is(query.processDefinitionKey, definition.model.key) && isIn(query.processDefinitionKeyIn, definition.model.key) &&
    isIn(query.tenantIdIn, instance.tenantId) && (!query.active || !suspended) && (!query.suspended || suspended) &&
    (query.priorityHigherThanOrEquals === undefined || task.priority >= query.priorityHigherThanOrEquals) &&
    (query.priorityLowerThanOrEquals === undefined || task.priority <= query.priorityLowerThanOrEquals);
}

export function is(wanted: string | undefined, actual: string | null): boolean {
  return wanted === undefined || wanted === actual;
}

export function isIn(wanted: readonly string[] | undefined, actual: string | null): boolean {
  return wanted === undefined || (actual !== null && wanted.includes(actual));
}
