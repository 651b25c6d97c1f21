/** Gathers what a task is made of: its template, its people, what was answered and written before it. */
import { addon, readAddonAnswer } from "../../../lib/bitrix24/addon.ts";
import { isJsonObject, type Json, type JsonObject } from "../../../lib/messages/json.ts";
import type { TaskMessage } from "../../../lib/messages/task_message.ts";
import type { Log } from "../../../lib/telemetry/log.ts";
import { modelChecklists } from "./checklist_tree.ts";
import { deadlineWithOffset } from "../deadline.ts";
import { type Element, elementOf, modelled, processVariablesOf } from "../element.ts";
import { chooseMembers, initiatorOf, needsSupervisor } from "./members.ts";
import type { PortalCalls } from "./portal_calls.ts";
import { findPredecessors, readResults } from "./predecessors.ts";
import { questionnaireBlock } from "./questionnaire_block.ts";
import { resultsBlock } from "./results_block.ts";
import { type FieldSettings, taskFields } from "./task_fields.ts";
import type { TaskParts } from "./task_parts.ts";
import { readTemplate, type TaskTemplate } from "./template.ts";
import { bareValue, idOf, mapOf, rowsOf, textOf, textsOf } from "../values.ts";
import { variablesBlock } from "./variables_block.ts";

export interface TaskPlan extends TaskParts {
  readonly fields: JsonObject;
}

export interface PlanDeps {
  readonly calls: PortalCalls;
  readonly log: Log;
  readonly hasAddon: boolean;
  readonly nowMs: number;
  readonly settings: FieldSettings & { readonly BITRIX_DEFAULT_RESPONSIBLE_ID: number | undefined };
  readonly roles: ReadonlyMap<string, number>;
}

/**
 * @throws {Refusal} when the task can never be made so
 * @throws {Bitrix24Error} when something could not be read: a template that cannot be read is not a template that is not there
 */
export async function planTask(task: TaskMessage, deps: PlanDeps): Promise<TaskPlan> {
  const { calls, settings } = deps;
  const zone = settings.BITRIX_TIME_ZONE;
  const element = elementOf(task);
  const [templateData, record, properties] = await readAboutElement(task, element, deps);
  const hasTemplate = templateData !== undefined;
  const template = readTemplate(templateData);
  const variables = processVariablesOf(task);
  const elementsBefore = textsOf(record["PREDECESSOR_IDS"] ?? modelled(task, "predecessors"));

  const [supervisorId, answers, predecessorIds] = await Promise.all([
    supervisorOf(task, template, deps),
    questionnaireBlock(template.shownQuestionnaires, {
      variables,
      elementIds: [element.elementId, ...elementsBefore],
      zone,
      userName: (id) => userName(id, calls),
      listElementName: (listId, id) => listElementName(listId, id, calls),
    }),
    findPredecessors(elementsBefore, element, calls),
  ]);
  const results = await readResults(predecessorIds, calls);
  const members = chooseMembers({
    task,
    template,
    supervisorId,
    defaultId: settings.BITRIX_DEFAULT_RESPONSIBLE_ID,
    roles: deps.roles,
  });
  reportOddities(task, members.unresolved, deps);
  const fields = taskFields({
    task,
    template,
    hasTemplate,
    members,
    blocks: [answers, variablesBlock(properties, variables, zone), resultsBlock(results)],
    fileIds: results.flatMap(({ results }) =>
      results.flatMap(({ files }) => files.flatMap(({ objectId }) => objectId ?? []))
    ),
    nowMs: deps.nowMs,
  }, settings);
  const groupTitles = new Set(template.checklists.map(({ title }) => title));
  const ofModel = modelChecklists(modelled(task, "checklists")).filter(({ title }) => !groupTitles.has(title));
  return {
    fields,
    predecessorIds,
    questionnaires: template.questionnaires,
    checklists: [...template.checklists, ...ofModel],
  };
}

/** The template (`undefined` when there is none), the element's record in its diagram, the diagram's properties. */
async function readAboutElement(
  task: TaskMessage,
  { processKey, elementId }: Element,
  { calls, hasAddon }: PlanDeps,
): Promise<[template: Json | undefined, record: JsonObject, properties: Json | undefined]> {
  if (!hasAddon || processKey === "") return [undefined, {}, undefined];
  const properties = dataOf(calls.readCached(addon.diagramProperties(processKey), isThere));
  if (elementId === "") return [undefined, {}, await properties];
  const [template, about, listed] = await Promise.all([
    // Not cached: its members may depend on the variables of this very task.
    dataOf(calls.read(addon.template(processKey, elementId, resolverInput(task)))),
    dataOf(calls.readCached(addon.responsible(processKey, elementId), isThere)),
    properties,
  ]);
  const record = mapOf(mapOf(about)["responsible"]);
  const templateId = textOf(record["TEMPLATE_ID"] ?? record["templateId"]);
  if (template !== undefined || idOf(templateId) === undefined) return [template, record, listed];
  return [await dataOf(calls.readCached(addon.templateById(templateId), isThere)), record, listed];
}

/** Most characters of a value by which the add-on chooses members: ids, addresses, names. */
const LONGEST_INPUT = 1000;

/** Single values only: nobody is chosen by a document, and PHP takes no more than 1,000 values. */
function resolverInput(task: TaskMessage): JsonObject {
  const bare = Object.entries({ ...processVariablesOf(task), ...task.variables })
    .map(([name, value]): [string, Json] => [name, bareValue(value) ?? null])
    .filter(([, value]) => value !== null && typeof value !== "object" && String(value).length <= LONGEST_INPUT);
  return Object.fromEntries(bare.toSorted(([a], [b]) => a < b ? -1 : 1));
}

function isThere(result: Json): boolean {
  return readAddonAnswer(result).ok;
}

async function dataOf(result: Promise<Json>): Promise<Json | undefined> {
  const answer = readAddonAnswer(await result);
  // Accepted only with content: a module that found nothing may say success with nothing in it.
  return answer.ok && isJsonObject(answer.data) && Object.keys(answer.data).length > 0 ? answer.data : undefined;
}

async function supervisorOf(
  task: TaskMessage,
  template: TaskTemplate,
  { calls }: PlanDeps,
): Promise<number | undefined> {
  const initiator = initiatorOf(task);
  if (initiator === undefined || !needsSupervisor(template)) return undefined;
  return idOf(mapOf(await dataOf(calls.readCached(addon.supervisor(initiator), isThere)))["supervisorId"]);
}

async function userName(id: number, calls: PortalCalls): Promise<string | undefined> {
  const user = await firstRow({ method: "user.get", params: { ID: id } }, calls);
  const name = `${textOf(user["LAST_NAME"])} ${textOf(user["NAME"])}`.trim();
  return name || textOf(user["EMAIL"]) || textOf(user["LOGIN"]) || undefined;
}

async function listElementName(listId: number, id: number, calls: PortalCalls): Promise<string | undefined> {
  const params = { IBLOCK_TYPE_ID: "lists", IBLOCK_ID: listId, ELEMENT_ID: id };
  return textOf((await firstRow({ method: "lists.element.get", params }, calls))["NAME"]) || undefined;
}

async function firstRow(
  command: { readonly method: string; readonly params: JsonObject },
  calls: PortalCalls,
): Promise<JsonObject> {
  return rowsOf(await calls.readOptional(command)).find(isJsonObject) ?? {};
}

function reportOddities(task: TaskMessage, unresolved: readonly string[], { log, settings }: PlanDeps): void {
  const { task_id: taskId } = task;
  if (unresolved.length > 0) {
    const message = "Members of the template stand for no single user and were left out";
    log.warn("bitrix24.members_left_out", message, { taskId, codes: unresolved.join(", ") });
  }
  const deadline = textOf(task.variables["deadline"]);
  if (deadline !== "" && deadlineWithOffset(deadline, settings.BITRIX_TIME_ZONE) === undefined) {
    log.warn("bitrix24.deadline_ignored", "The variable deadline is no date", { taskId });
  }
}
