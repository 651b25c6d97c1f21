/**
 * The portal's add-on module `imena.camunda` (REST API 2.6): which task template belongs to a BPMN element, who heads whom,
 * questionnaires and links of tasks. Commands, and how its answers read.
 */
import { z } from "zod";
import { type Json, json, type JsonObject } from "../messages/json.ts";
import { Bitrix24Error } from "./bitrix24_error.ts";
import type { Command } from "./client.ts";

export const addon = {
  /** `processVariables` are bare values by name: the module chooses members by them. */
  template: (camundaProcessId: string, elementId: string, processVariables: JsonObject): Command => ({
    method: "imena.camunda.tasktemplate.get",
    params: { camundaProcessId, elementId, processVariables },
  }),
  templateById: (templateId: string): Command => ({ method: "imena.camunda.tasktemplate.get", params: { templateId } }),
  responsible: (camundaProcessId: string, elementId: string): Command => ({
    method: "imena.camunda.diagram.responsible.get",
    params: { elementId, camundaProcessId },
  }),
  diagramProperties: (camundaProcessId: string): Command => ({
    method: "imena.camunda.diagram.properties.list",
    params: { camundaProcessId },
  }),
  supervisor: (userId: number): Command => ({ method: "imena.camunda.user.supervisor.get", params: { userId } }),
  addDependency: (taskId: number, dependsOnId: number): Command => ({
    method: "imena.camunda.task.dependency.add",
    params: { taskId, dependsOnId },
  }),
  addQuestionnaires: (taskId: number, questionnaires: readonly JsonObject[]): Command => ({
    method: "imena.camunda.task.questionnaire.add",
    params: { taskId, questionnaires },
  }),
  questionnaires: (taskId: number): Command => ({
    method: "imena.camunda.task.questionnaire.list",
    params: { taskId },
  }),
  sync: (processDefinitionKey: string, processInstanceId: string): Command => ({
    method: "imena.camunda.sync",
    params: { processDefinitionKey, processInstanceId },
  }),
  userFields: (): Command => ({ method: "imena.camunda.userfield.list", params: {} }),
} as const;

/** What the module answers: `data`, or in its own words why there is none. */
export type AddonAnswer =
  | { readonly ok: true; readonly data: Json }
  | { readonly ok: false; readonly reason: string };

const succeeded = z.looseObject({ success: z.literal([true, 1, "1", "true", "Y"]), data: json.optional() });
const failed = z.looseObject({ success: z.unknown(), error: z.string().optional(), message: z.string().optional() });

/**
 * Reads the `result` of one of its methods. `ok: false` is an answer too: what was asked for is not there.
 * @throws {Bitrix24Error} when the module itself failed, which says nothing about what was asked for.
 */
export function readAddonAnswer(result: Json): AddonAnswer {
  const success = succeeded.safeParse(result);
  if (success.success) return { ok: true, data: success.data.data ?? null };
  const failure = failed.safeParse(result);
  if (!failure.success) {
    throw new Bitrix24Error("fault", "strange_addon_answer", "The add-on imena.camunda gave no usable answer.", true);
  }
  const reason = failure.data.error ?? failure.data.message ?? "no reason given";
  if (/^internal server error/i.test(reason)) {
    throw new Bitrix24Error("fault", "addon_failed", `The add-on imena.camunda failed: ${reason}`, true);
  }
  return { ok: false, reason };
}
