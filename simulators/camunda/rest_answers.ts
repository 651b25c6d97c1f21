/** What the engine answers: its DTOs, field by field. */
import { formatDate } from "./dates.ts";
import { EngineError } from "./engine_error.ts";
import type { LockedTask } from "./fetch_and_lock.ts";
import type { Deployment, ExternalTask, Incident, ProcessDefinition, ProcessInstance, Variable } from "./runtime.ts";
import { definitionSuspended, taskSuspended } from "./runtime.ts";
import { restVariable } from "./variables.ts";

export function externalTaskDto(task: ExternalTask) {
  const { instance, scope, node } = task;
  const { definition } = instance;
  return {
    activityId: node.id,
    activityInstanceId: scope.activityInstanceId,
    errorMessage: task.errorMessage,
    executionId: scope.id,
    id: task.id,
    lockExpirationTime: dateOrNull(task.lockExpiresAtMs),
    createTime: formatDate(task.createdAtMs),
    processDefinitionId: definition.id,
    processDefinitionKey: definition.model.key,
    processDefinitionVersionTag: definition.model.versionTag,
    processInstanceId: instance.id,
    retries: task.retries,
    suspended: taskSuspended(task),
    workerId: task.workerId,
    topicName: task.topicName,
    tenantId: instance.tenantId,
    priority: task.priority,
    businessKey: instance.businessKey,
  };
}

export function lockedTaskDto({ task, variables, extensionProperties }: LockedTask) {
  return { ...externalTaskDto(task), errorDetails: task.errorDetails, variables, extensionProperties };
}

export function definitionDto(definition: ProcessDefinition, nowMs: number) {
  const { model } = definition;
  return {
    id: definition.id,
    key: model.key,
    category: model.category,
    description: null,
    name: model.name,
    version: definition.version,
    resource: definition.resource,
    deploymentId: definition.deploymentId,
    diagram: null,
    suspended: definitionSuspended(definition, nowMs),
    tenantId: definition.tenantId,
    versionTag: model.versionTag,
    historyTimeToLive: model.historyTimeToLiveDays,
    startableInTasklist: model.startableInTasklist,
  };
}

export function deploymentDto({ id, name, source, deployedAtMs, tenantId }: Deployment) {
  return { links: [], id, name, source, deploymentTime: formatDate(deployedAtMs), tenantId };
}

export function instanceDto(instance: ProcessInstance) {
  return {
    links: [],
    id: instance.id,
    definitionId: instance.definition.id,
    businessKey: instance.businessKey,
    caseInstanceId: null,
    ended: instance.endedAtMs !== null,
    suspended: instance.state === "SUSPENDED",
    tenantId: instance.tenantId,
    definitionKey: instance.definition.model.key,
  };
}

export function historicInstanceDto(instance: ProcessInstance) {
  const { definition, startedAtMs, endedAtMs } = instance;
  const days = definition.model.historyTimeToLiveDays;
  return {
    id: instance.id,
    businessKey: instance.businessKey,
    processDefinitionId: definition.id,
    processDefinitionKey: definition.model.key,
    processDefinitionName: definition.model.name,
    processDefinitionVersion: definition.version,
    startTime: formatDate(startedAtMs),
    endTime: dateOrNull(endedAtMs),
    removalTime: endedAtMs === null || days === null ? null : formatDate(endedAtMs + days * 86_400_000),
    durationInMillis: endedAtMs === null ? null : endedAtMs - startedAtMs,
    startUserId: null,
    startActivityId: instance.startActivityId,
    deleteReason: instance.deleteReason,
    rootProcessInstanceId: instance.id,
    superProcessInstanceId: null,
    superCaseInstanceId: null,
    caseInstanceId: null,
    tenantId: instance.tenantId,
    state: instance.state,
    restartedProcessInstanceId: null,
  };
}

export function incidentDto({ id, task, createdAtMs, message }: Incident) {
  return {
    id,
    processDefinitionId: task.instance.definition.id,
    processInstanceId: task.instance.id,
    executionId: task.scope.id,
    incidentTimestamp: formatDate(createdAtMs),
    incidentType: "failedExternalTask",
    activityId: task.node.id,
    failedActivityId: null,
    causeIncidentId: id,
    rootCauseIncidentId: id,
    configuration: task.id,
    incidentMessage: message,
    tenantId: task.instance.tenantId,
    jobDefinitionId: null,
    annotation: null,
  };
}

/** Unlike a single variable or a fetch, a list reports what cannot be deserialised in the entry's `errorMessage`. */
function variableFields(variable: Variable, deserialize: boolean) {
  try {
    return { ...restVariable(variable.name, variable.typed, deserialize), errorMessage: null };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return { type: variable.typed.type, value: null, valueInfo: null, errorMessage: error.message };
  }
}

export function variableInstanceDto(variable: Variable, instance: ProcessInstance, deserialize: boolean) {
  const { id, name, scope } = variable;
  return {
    ...variableFields(variable, deserialize),
    id,
    name,
    processDefinitionId: instance.definition.id,
    processInstanceId: instance.id,
    executionId: scope.id,
    caseInstanceId: null,
    caseExecutionId: null,
    taskId: null,
    batchId: null,
    activityInstanceId: scope.activityInstanceId,
    tenantId: instance.tenantId,
  };
}

export function historicVariableDto(variable: Variable, instance: ProcessInstance, deserialize: boolean) {
  const { batchId: _runtimeOnly, ...fields } = variableInstanceDto(variable, instance, deserialize);
  return {
    ...fields,
    processDefinitionKey: instance.definition.model.key,
    caseDefinitionKey: null,
    caseDefinitionId: null,
    state: "CREATED",
    createTime: formatDate(variable.createdAtMs),
    removalTime: historicInstanceDto(instance).removalTime,
    rootProcessInstanceId: instance.id,
  };
}

function dateOrNull(epochMs: number | null): string | null {
  return epochMs === null ? null : formatDate(epochMs);
}
