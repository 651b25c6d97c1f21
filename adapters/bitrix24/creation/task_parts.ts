/** What a task has besides its fields, added to it once it exists: links, questionnaires, checklists. Each part once. */
import { addon, readAddonAnswer } from "../../../lib/bitrix24/addon.ts";
import { Bitrix24Error } from "../../../lib/bitrix24/bitrix24_error.ts";
import { isJsonObject, type Json, type JsonObject } from "../../../lib/messages/json.ts";
import type { Log } from "../../../lib/telemetry/log.ts";
import { completeChecklists } from "./checklists.ts";
import type { ChecklistNode } from "./checklist_tree.ts";
import type { MadeTask } from "./made_task.ts";
import type { PortalCalls } from "./portal_calls.ts";
import { mapOf, rowsOf, textOf } from "../values.ts";

export interface TaskParts {
  /** Portal tasks that have to end before this one may. */
  readonly predecessorIds: readonly string[];
  readonly questionnaires: readonly JsonObject[];
  readonly checklists: readonly ChecklistNode[];
}

export interface PartsDeps {
  readonly calls: PortalCalls;
  readonly log: Log;
  readonly hasAddon: boolean;
}

/**
 * Of a task that is not new, what it has is read first.
 * @throws {Bitrix24Error} when a part could not be added: the rest is added when the task comes again.
 */
export async function completeTask(parts: TaskParts, task: MadeTask, deps: PartsDeps): Promise<void> {
  const steps = await Promise.allSettled([
    ...parts.predecessorIds.map((predecessorId) => link(task, Number(predecessorId), deps)),
    completeQuestionnaires(parts.questionnaires, task, deps.calls),
    completeChecklists(parts.checklists, task, deps.calls),
  ]);
  for (const step of steps) if (step.status === "rejected") throw step.reason;
}

/** A link that the portal refuses (a circle, say) does not keep anyone from working: it is only reported. */
async function link({ taskId, isNew }: MadeTask, predecessorId: number, deps: PartsDeps): Promise<void> {
  if (taskId === predecessorId) return;
  const refusal = await refusedLink(taskId, predecessorId, deps);
  // A task that is not new may have it, which is refused in no words that one could rely on.
  if (refusal === undefined || !isNew) return;
  deps.log.warn("bitrix24.link_refused", refusal, { portalTask: taskId, predecessorId });
}

async function refusedLink(
  taskId: number,
  predecessorId: number,
  { calls, hasAddon }: PartsDeps,
): Promise<string | undefined> {
  try {
    if (hasAddon) {
      const answer = readAddonAnswer(await calls.write(addon.addDependency(taskId, predecessorId)));
      return answer.ok ? undefined : answer.reason;
    }
    const params = { taskIdFrom: predecessorId, taskIdTo: taskId, linkType: FINISH_START };
    await calls.write({ method: "task.dependence.add", params });
    return undefined;
  } catch (error) {
    if (error instanceof Bitrix24Error && error.failure === "rejected") return error.message;
    throw error;
  }
}

const FINISH_START = 2;

/** Questionnaires become variables when they are answered, so a task without one of them is not finished. */
async function completeQuestionnaires(
  questionnaires: readonly JsonObject[],
  { taskId, isNew }: MadeTask,
  calls: PortalCalls,
): Promise<void> {
  if (questionnaires.length === 0) return;
  const attached = isNew ? new Set() : await readQuestionnaires(taskId, calls);
  const missing = questionnaires.filter((questionnaire) => !attached.has(nameOf(questionnaire)));
  if (missing.length === 0) return;
  const answer = readAddonAnswer(await calls.write(addon.addQuestionnaires(taskId, missing)));
  if (!answer.ok) {
    throw new Bitrix24Error("rejected", "QUESTIONNAIRE_REFUSED", `Bitrix24 refused a questionnaire: ${answer.reason}`);
  }
}

async function readQuestionnaires(taskId: number, calls: PortalCalls): Promise<ReadonlySet<string>> {
  const answer = readAddonAnswer(await calls.read(addon.questionnaires(taskId)));
  const data: Json = answer.ok ? answer.data : null;
  return new Set(rowsOf(mapOf(data)["items"]).filter(isJsonObject).map(nameOf));
}

function nameOf(questionnaire: JsonObject): string {
  return textOf(questionnaire["CODE"]) || textOf(questionnaire["TITLE"]);
}
