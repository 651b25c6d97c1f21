/**
 * Messages that nobody can handle, as they stand in `errors.camunda_tasks.queue`: the predecessor's kinds with its keys,
 * and what they lacked: the reason with its cause, Camunda's raw answer, the task itself. `kind` tells ours apart.
 */
import { Buffer } from "node:buffer";
import type { Delivery, HeaderValue, Publication } from "../amqp/broker.ts";
import { encodeMessage, type JsonObject } from "./json.ts";

export interface SetAsideReason {
  /** Stable: `json_parse_error`, `task_too_large`, `RETRY_LIMIT_EXCEEDED`… */
  readonly type: string;
  readonly message: string;
  readonly httpStatus?: number;
  readonly camundaType?: string;
  readonly camundaMessage?: string;
  /** Camunda's or the target's raw answer, already free of secrets. */
  readonly rawAnswer?: string;
}

/** Where set-aside messages go: through the tasks exchange, as the predecessor's worker sent them. */
export interface SetAsideRoute {
  readonly exchange: string;
  readonly routingKey: string;
}

/** The predecessor's kind A: a task that could not be handed over. The task itself rides along. */
export function setAsideTask(
  route: SetAsideRoute,
  task: { readonly id: string; readonly topic: string; readonly body?: JsonObject },
  reason: SetAsideReason,
  nowMs: number,
): Publication {
  return publication(
    route,
    {
      task_id: task.id,
      topic: task.topic,
      error: reason.message,
      timestamp: nowMs,
      type: "task_error",
      kind: "task",
      error_type: reason.type,
      original_message: task.body ?? null,
    },
    nowMs,
    { error_type: reason.type, task_id: task.id },
  );
}

/** The predecessor's kind B: a response that could not be applied. `original` is the parsed body, if it could be parsed. */
export function setAsideResponse(
  route: SetAsideRoute,
  delivery: Delivery,
  original: JsonObject | undefined,
  task: { readonly id: string | null; readonly activityId: string | null },
  reason: SetAsideReason,
  nowMs: number,
): Publication {
  const taskId = task.id ?? "unknown";
  return publication(
    route,
    {
      error_info: {
        type: reason.type,
        message: reason.message,
        camunda_error_type: reason.camundaType ?? null,
        camunda_error_message: reason.camundaMessage ?? null,
        http_status_code: reason.httpStatus ?? null,
        raw_answer: reason.rawAnswer ?? null,
        // The predecessor wrote local time without a zone; ours says which.
        timestamp: new Date(nowMs).toISOString(),
        source_queue: delivery.queue,
      },
      kind: "response",
      original_message: original ?? rawBody(delivery.body),
      task_id: taskId,
      activity_id: task.activityId,
      error_timestamp: nowMs,
    },
    nowMs,
    { error_type: reason.type, task_id: taskId, activity_id: task.activityId ?? "", source: "response_processing" },
  );
}

/** The predecessor's creator kind: a message from a task or sent queue that was given up. */
export function setAsideMessage(
  route: SetAsideRoute,
  delivery: Delivery,
  original: JsonObject | undefined,
  taskId: string | null,
  system: string,
  reason: SetAsideReason,
  nowMs: number,
): Publication {
  return publication(
    route,
    {
      timestamp: nowMs,
      kind: "message",
      original_message: original ?? rawBody(delivery.body),
      error_type: reason.type,
      error_message: reason.message,
      raw_answer: reason.rawAnswer ?? null,
      source_queue: delivery.queue,
      system,
      requires_manual_intervention: true,
      suggested_action: "Mend the cause named in error_message, then replay the task.",
    },
    nowMs,
    { error_type: reason.type, task_id: taskId ?? "unknown", source: delivery.queue },
  );
}

const strictUtf8 = new TextDecoder("utf-8", { fatal: true });
const lossyUtf8 = new TextDecoder();

/** Text as the predecessor kept it, and the exact bytes when the text would not give them back. */
function rawBody(body: Uint8Array): JsonObject {
  try {
    return { raw_body: strictUtf8.decode(body) };
  } catch {
    return { raw_body: lossyUtf8.decode(body), raw_body_base64: Buffer.from(body).toString("base64") };
  }
}

function publication(
  route: SetAsideRoute,
  body: JsonObject,
  nowMs: number,
  headers: Readonly<Record<string, HeaderValue>>,
): Publication {
  return {
    ...route,
    body: encodeMessage(body),
    headers,
    timestampS: Math.floor(nowMs / 1000),
    // It came out of the broker, or Camunda holds it: refusing it here for its size would lose it.
    ignoreSizeLimit: true,
  };
}
