/** What clients send. Unknown properties are ignored, as the engine's Spring Boot edition does; absent and null are the same. */
import type { Context } from "hono";
import { z } from "zod";
import { json } from "../../lib/messages/json.ts";
import { parseDate } from "./dates.ts";
import type { Variables } from "./engine.ts";
import { EngineError, invalidRequest } from "./engine_error.ts";
import type { FetchRequest } from "./fetch_and_lock.ts";
import { typedValueFrom } from "./variables.ts";

const text = optional(z.string());
const flag = z.boolean().nullish().transform((value) => value ?? false);
const whole = z.int().nullish().transform((value) => value ?? 0);
const texts = optional(z.array(z.string()));

const variableInputs = z.record(
  z.string(),
  z.object({
    value: json.optional(),
    type: z.string().nullish(),
    valueInfo: z.record(z.string(), json).nullish(),
  }),
);

/** Bad values and types are answered before anything else is looked at. */
const variables = variableInputs.nullish().transform((inputs): Variables =>
  Object.fromEntries(Object.entries(inputs ?? {}).map(([name, input]) => [name, typedValueFrom(input)]))
);

export const variableBody = variableInputs.valueType.transform(typedValueFrom);
export const workerBody = z.object({ workerId: text });
export const completeBody = workerBody.extend({ variables, localVariables: variables });
export const failureBody = completeBody.extend({
  errorMessage: text,
  errorDetails: text,
  retries: whole, // primitive int in Java: missing is 0, which raises an incident
  retryTimeout: whole,
});
export const bpmnErrorBody = workerBody.extend({ errorCode: text, errorMessage: text, variables });
export const extendLockBody = workerBody.extend({ newDuration: whole });
export const lockBody = workerBody.extend({ lockDuration: whole });
export const retriesBody = z.object({ retries: z.int().nullish() });
export const bulkRetriesBody = z.object({ retries: z.int().nullish(), externalTaskIds: texts });
export const suspendedBody = z.object({ suspended: flag });
const ids = z.array(z.string()).nullish().transform((given) => given ?? []);
export const migrationPlanBody = z.object({
  sourceProcessDefinitionId: z.string(),
  targetProcessDefinitionId: z.string(),
  instructions: z.array(z.object({
    sourceActivityIds: ids,
    targetActivityIds: ids,
    updateEventTrigger: flag,
  })).nullish().transform((instructions) => instructions ?? []),
});
export type MigrationPlan = z.infer<typeof migrationPlanBody>;
export const migrationExecutionBody = z.object({ migrationPlan: migrationPlanBody, processInstanceIds: ids });
export const instanceQueryBody = z.object({
  processDefinitionId: text,
  processDefinitionKey: text,
  businessKey: text,
  processInstanceIds: texts,
  tenantIdIn: texts,
});
export type InstanceQuery = z.infer<typeof instanceQueryBody>;
export const definitionSuspendedBody = suspendedBody.extend({ includeProcessInstances: flag });
export const startBody = z.object({ businessKey: text, variables, withVariablesInReturn: flag });

const sorting = z.array(z.object({ sortBy: z.string(), sortOrder: z.enum(["asc", "desc"]) })).nullish();

const maxPollMs = 1_800_000; // FetchAndLockHandlerImpl.MAX_REQUEST_TIMEOUT, 30 min

export interface PollRequest extends FetchRequest {
  /** How long the request may be parked; undefined answers at once. */
  readonly waitMs: number | undefined;
}

export const fetchBody = z.object({
  workerId: text,
  maxTasks: whole,
  usePriority: flag,
  asyncResponseTimeout: optional(z.int()),
  sorting,
  topics: z.array(z.object({
    topicName: z.string(),
    lockDuration: whole,
    variables: texts,
    localVariables: flag,
    businessKey: text,
    processDefinitionId: text,
    processDefinitionIdIn: texts,
    processDefinitionKey: text,
    processDefinitionKeyIn: texts,
    processDefinitionVersionTag: text,
    withoutTenantId: flag,
    tenantIdIn: texts,
    processVariables: z.record(z.string(), json).nullish().transform((values) => values ?? {}),
    deserializeValues: flag,
    includeExtensionProperties: flag,
  })).nullish(),
}).transform((body): PollRequest => {
  if ((body.asyncResponseTimeout ?? 0) > maxPollMs) {
    throw invalidRequest(
      `The asynchronous response timeout cannot be set to a value greater than ${maxPollMs} milliseconds`,
    );
  }
  const [order] = body.sorting ?? [];
  if (order !== undefined && order.sortBy !== "createTime") {
    throw invalidRequest(`Cannot set query sortBy parameter to value ${order.sortBy}`);
  }
  return {
    workerId: body.workerId ?? null,
    maxTasks: body.maxTasks,
    usePriority: body.usePriority,
    createTimeOrder: order?.sortOrder ?? "asc",
    waitMs: body.asyncResponseTimeout,
    topics: (body.topics ?? []).map(({ lockDuration, ...topic }) => ({ ...topic, lockDurationMs: lockDuration })),
  };
});

const date = optional(z.string().transform(dateOf));

export const taskQueryBody = z.object({
  externalTaskId: text,
  externalTaskIdIn: texts,
  topicName: text,
  workerId: text,
  locked: flag,
  notLocked: flag,
  withRetriesLeft: flag,
  noRetriesLeft: flag,
  lockExpirationBefore: date,
  lockExpirationAfter: date,
  activityId: text,
  activityIdIn: texts,
  executionId: text,
  processInstanceId: text,
  processInstanceIdIn: texts,
  processDefinitionId: text,
  processDefinitionKey: text,
  processDefinitionKeyIn: texts,
  tenantIdIn: texts,
  active: flag,
  suspended: flag,
  priorityHigherThanOrEquals: optional(z.int()),
  priorityLowerThanOrEquals: optional(z.int()),
  sorting,
});

export const variableQueryBody = z.object({
  variableName: text,
  variableNameIn: texts,
  processInstanceId: text,
  processInstanceIdIn: texts,
  executionIdIn: texts,
  activityInstanceIdIn: texts,
  tenantIdIn: texts,
  variableScopeIdIn: texts,
});
export type VariableQuery = z.infer<typeof variableQueryBody>;

export function dateOf(text: string): number {
  const epochMs = parseDate(text);
  if (epochMs === undefined) throw invalidRequest(`Cannot convert value "${text}" to java type java.util.Date`);
  return epochMs;
}

/** The body parsed by this schema; an empty body is an empty object. */
export async function bodyOf<T>(context: Context, schema: z.ZodType<T>): Promise<T> {
  const body = await context.req.text();
  const isJson = context.req.header("content-type")?.toLowerCase().includes("json") ?? false;
  if (body !== "" && !isJson) {
    throw new EngineError(415, "NotSupportedException", "HTTP 415 Unsupported Media Type", null);
  }
  let value: unknown;
  try {
    value = body === "" ? {} : JSON.parse(body);
  } catch {
    throw invalidRequest(""); // what the engine says
  }
  return parsed(schema, value);
}

/** Query parameters read as if they were a body: lists are comma-separated, numbers and booleans are text. */
export function queryOf<T>(context: Context, schema: z.ZodType<T>): T {
  const { sortBy, sortOrder, ...params } = context.req.query();
  const values = Object.entries(params).map(([name, value]) => [name, queryValue(name, value)]);
  if ((sortBy === undefined) !== (sortOrder === undefined)) {
    throw invalidRequest("Only a single sorting parameter specified. sortBy and sortOrder required");
  }
  const order = sortBy === undefined ? {} : { sorting: [{ sortBy, sortOrder }] };
  return parsed(schema, { ...Object.fromEntries(values), ...order });
}

const booleanParams = new Set(["locked", "notLocked", "withRetriesLeft", "noRetriesLeft", "active", "suspended"]);
const numberParams = new Set(["priorityHigherThanOrEquals", "priorityLowerThanOrEquals"]);

function queryValue(name: string, value: string): unknown {
  if (name.endsWith("In")) return value.split(",");
  if (numberParams.has(name)) return Number(value);
  if (!booleanParams.has(name)) return value;
  if (value === "true" || value === "false") return value === "true";
  throw invalidRequest(
    `Cannot set query parameter '${name}' to value '${value}': Cannot convert value ${value} to java type java.lang.Boolean`,
  );
}

function parsed<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw invalidRequest("");
}

function optional<Schema extends z.ZodType>(schema: Schema) {
  return schema.nullish().transform((value): z.output<Schema> | undefined => value ?? undefined);
}

/** `firstResult` and `maxResults` of a list. */
export function page<T>(context: Context, items: readonly T[]): readonly T[] {
  const first = Number(context.req.query("firstResult") ?? 0);
  const max = Number(context.req.query("maxResults") ?? items.length);
  return first === 0 && max >= items.length ? items : items.slice(first, first + max);
}
