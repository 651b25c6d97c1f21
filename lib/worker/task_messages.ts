/** From a locked external task to the message the creators read: the predecessor's 17 fields, and two of ours. */
import type { LockedTask } from "../camunda/types.ts";
import { decodeVariable } from "../camunda/variables.ts";
import type { Json, JsonObject } from "../messages/json.ts";
import { jsonObject } from "../messages/json.ts";
import type { TypedVariables } from "../messages/typed_variables.ts";

export interface Enrichment {
  readonly system: string;
  /** The process instance's own variables, typed. */
  readonly processVariables: TypedVariables;
  /** What the BPMN says of the activity; empty when it could not be read. */
  readonly metadata: JsonObject;
}

/** `nowMs`: publish time, epoch milliseconds. */
export function taskMessageOf(task: LockedTask, enrichment: Enrichment, nowMs: number): JsonObject {
  const processVariables = jsonObject.parse(enrichment.processVariables);
  const variables: Record<string, Json> = {};
  for (const [name, typed] of Object.entries(task.variables)) variables[name] = decodeVariable(typed);
  return {
    task_id: task.id,
    topic: task.topicName,
    system: enrichment.system,
    variables,
    process_variables: processVariables,
    process_instance_id: task.processInstanceId,
    process_definition_key: processKeyOf(task),
    activity_id: task.activityId,
    activity_instance_id: task.activityInstanceId,
    worker_id: task.workerId,
    retries: task.retries,
    created_time: task.createTime,
    priority: task.priority,
    tenant_id: task.tenantId,
    business_key: task.businessKey,
    timestamp: nowMs,
    metadata: { ...enrichment.metadata, processVariables },
    process_definition_id: task.processDefinitionId,
    execution_id: task.executionId,
  };
}

/** A definition id is `key:version:id`, unless it is too long for that. */
export function processKeyOf(task: LockedTask): string {
  return task.processDefinitionKey ?? task.processDefinitionId.split(":")[0] ?? task.processDefinitionId;
}
