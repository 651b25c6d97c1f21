/** `imena.camunda.task.*`: questionnaires of tasks, and links between tasks. */
import type { JsonObject } from "../../lib/messages/json.ts";
import { AddonRefusal, required } from "./addon_answers.ts";
import type { AddonMethod } from "./addon_methods.ts";
import type { AddonQuestion, AddonQuestionnaire } from "./addon_records.ts";
import { objectOf, textOf } from "./php_values.ts";
import type { Portal } from "./portal.ts";
import { PortalError } from "./portal_error.ts";

export const taskMethods: Readonly<Record<string, AddonMethod>> = {
  "imena.camunda.task.questionnaire.add": (addon, params, portal) => {
    const taskId = taskIn(portal, required(params, "taskId"));
    const items = Object.values(objectOf(params["questionnaires"]));
    if (items.length === 0) throw new AddonRefusal("Missing required parameter: questionnaires");
    const createdIds = addon.addQuestionnaires(taskId, items);
    return { success: true, data: { taskId, createdIds, totalCreated: createdIds.length } };
  },
  "imena.camunda.task.questionnaire.list": (addon, params, portal) => {
    const taskId = taskIn(portal, required(params, "taskId"));
    const items = addon.questionnaires(taskId).map((item) => questionnaireAnswer(item, portal));
    const has_codes = items.some(({ CODE }) => CODE !== null);
    return { success: true, data: { taskId, items, total: items.length, has_codes } };
  },
  "imena.camunda.task.dependency.add": (_addon, params, portal) => {
    const [taskId, dependsOnId] = [params["taskId"], params["dependsOnId"]].map((id) => Number(textOf(id) || "0"));
    if (!isTask(portal, taskId) || !isTask(portal, dependsOnId)) {
      throw new AddonRefusal("Invalid taskId/dependsOnId");
    }
    if (taskId === dependsOnId) throw new AddonRefusal("Task cannot depend on itself");
    try {
      portal.links.add({ from: dependsOnId, to: taskId, type: 2 });
    } catch (error) {
      if (!(error instanceof PortalError)) throw error;
      throw new AddonRefusal("ERROR_ADDING_DEPENDENCY");
    }
    return { success: true, data: { taskId, dependsOnId, type: 2, typeDescription: "Finish-Start" } };
  },
};

function isTask({ tasks }: Portal, id: number | undefined): id is number {
  return id !== undefined && tasks.get(id) !== undefined;
}

function taskIn(portal: Portal, text: string): number {
  const id = Number(text);
  if (!isTask(portal, id)) throw new AddonRefusal("Task not found");
  return id;
}

function questionnaireAnswer({ questions, ...item }: AddonQuestionnaire, portal: Portal) {
  return { ...item, questions: questions.map((question) => questionAnswer(question, portal)) };
}

function questionAnswer(question: AddonQuestion, { users }: Portal): JsonObject {
  const { answer, TYPE } = question;
  return { ...question, ...TYPE === "user" && { _userName: answer === null ? null : users.nameOf(Number(answer)) } };
}
