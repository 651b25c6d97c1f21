/** Task messages as the suites read them, and the responses that trackers send for them. */
import { z } from "zod";
import type { Delivery } from "../../lib/amqp/broker.ts";
import type { JsonObject } from "../../lib/messages/json.ts";

/** The fields that the suites look at by name. */
const taskBody = z.looseObject({
  task_id: z.string(),
  activity_id: z.string(),
  process_instance_id: z.string(),
  worker_id: z.string(),
  variables: z.record(z.string(), z.json()),
  process_variables: z.record(z.string(), z.json()),
  metadata: z.record(z.string(), z.json()),
});
export type TaskBody = z.infer<typeof taskBody>;

export function taskOf(delivery: Delivery): TaskBody {
  return taskBody.parse(JSON.parse(new TextDecoder().decode(delivery.body)));
}

/** A finished task of Bitrix24, with an answer where one was asked for. */
export function finished(task: TaskBody, answer?: "ДА" | "НЕТ"): JsonObject {
  const asked = answer === undefined ? {} : { ufResultExpected: "1", ufResultAnswer_text: answer };
  return completedWith(task, { result: { task: { id: "1", title: "Задача", status: "5", ...asked } } });
}

export function completedWith(task: TaskBody, responseData: JsonObject | null): JsonObject {
  return response(task, "completed_by_tracker", { response_data: responseData });
}

/** The Bitrix24 answers to the questions of one questionnaire. */
export function questionnaire(code: string, questions: readonly JsonObject[]): JsonObject {
  return { result: { task: { id: "1" }, questionnaires: { taskId: 1, items: [{ CODE: code, questions }] } } };
}

export function failed(task: TaskBody, error: JsonObject): JsonObject {
  return response(task, "failed", { error });
}

export function bpmnError(task: TaskBody, code: string): JsonObject {
  return response(task, "bpmn_error", { error: { code, message: "Клиент отказался" } });
}

export function response(task: TaskBody, status: string, more: JsonObject): JsonObject {
  const original = z.record(z.string(), z.json()).parse(task);
  return { original_queue: "bitrix24.queue", original_message: original, processing_status: status, ...more };
}
