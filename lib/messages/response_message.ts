/**
 * The message on `camunda.responses.queue`: what became of a task. The predecessor's two statuses are read and written
 * as it wrote them; `failed` and `bpmn_error` are ours. Reading keeps to what completing needs, so that an odd field
 * nobody looks at (a null, a list for a map) never stops a finished task.
 */
import { z } from "zod";
import { type JsonObject, jsonObject } from "./json.ts";
import { objectOr } from "./or_else.ts";
import type { TaskMessage } from "./task_message.ts";
import { type TypedVariables, typedVariables } from "./typed_variables.ts";

const nullableText = z.string().nullable().default(null).catch(null);
const lenientMap = objectOr({}).catch({});

/** The part of the task that a response must carry home. */
const answeredTask = z.looseObject({
  task_id: z.string().min(1),
  activity_id: nullableText,
  worker_id: nullableText,
  process_instance_id: nullableText,
  topic: nullableText,
  system: nullableText,
  /** Only `loopCounter` is read: the snapshot of all variables is never written back. */
  variables: lenientMap,
  /** `errorCatches` and `loop` are read. */
  metadata: lenientMap,
});

export const responseMessage = z.looseObject({
  original_queue: nullableText,
  original_message: answeredTask,
  response_data: lenientMap,
  processing_status: z.string(),
  /** Decision text for systems without Bitrix24's answer field. */
  answer: nullableText,
  /** Further variables to set, typed. */
  variables: typedVariables.nullish().transform((map) => map ?? {}),
  error: z.looseObject({
    code: z.string().nullish(),
    message: z.string(),
    details: z.string().nullish(),
    retries: z.number().int().min(0).nullish(),
    retry_timeout_ms: z.number().int().min(0).nullish(),
  }).nullish(),
});
export type ResponseMessage = z.infer<typeof responseMessage>;

/** What a task needs to carry so that its answer can be applied; without its three copies of all variables. */
export function slimTask(task: TaskMessage): JsonObject {
  const { errorCatches, loop, activityInfo, extensionProperties } = task.metadata;
  const metadata = { errorCatches, loop, activityInfo, extensionProperties };
  const loopCounter = task.variables["loopCounter"];
  return {
    task_id: task.task_id,
    topic: task.topic,
    system: task.system,
    variables: loopCounter === undefined ? {} : { loopCounter },
    process_instance_id: task.process_instance_id,
    process_definition_key: task.process_definition_key,
    activity_id: task.activity_id,
    activity_instance_id: task.activity_instance_id,
    worker_id: task.worker_id,
    created_time: task.created_time,
    priority: task.priority,
    tenant_id: task.tenant_id,
    business_key: task.business_key,
    timestamp: task.timestamp,
    metadata: Object.fromEntries(
      Object.entries(metadata).flatMap(([key, value]) => value === undefined ? [] : [[key, value]]),
    ),
  };
}

/**
 * A task that a person or a service finished. `task` is `slimTask(…)`; `nowMs` is epoch milliseconds, the message
 * carries seconds as the predecessor's did.
 */
export function completedResponse(
  task: JsonObject,
  queue: string,
  outcome: { readonly response: JsonObject; readonly answer?: string; readonly variables: TypedVariables },
  nowMs: number,
): JsonObject {
  return {
    timestamp: task["timestamp"] ?? nowMs,
    original_queue: queue,
    original_message: task,
    response_data: outcome.response,
    processing_status: "completed_by_tracker",
    processed_at: nowMs / 1000,
    ...(outcome.answer === undefined ? {} : { answer: outcome.answer }),
    ...(Object.keys(outcome.variables).length === 0 ? {} : { variables: jsonObject.parse(outcome.variables) }),
  };
}

/**
 * A task that cannot be finished: a BPMN error when there is a `code` (an incident if the process does not catch it),
 * else an incident at once, for by then every attempt was spent. `task` needs at least its `task_id`.
 */
export function failedResponse(
  task: JsonObject,
  queue: string,
  failure: { readonly code?: string; readonly message: string; readonly details?: string },
  nowMs: number,
): JsonObject {
  return {
    timestamp: task["timestamp"] ?? nowMs,
    original_queue: queue,
    original_message: task,
    response_data: {},
    processing_status: failure.code === undefined ? "failed" : "bpmn_error",
    processed_at: nowMs / 1000,
    error: { ...failure, retries: 0, retry_timeout_ms: 0 },
  };
}
