/**
 * The task template that the portal's people made for a BPMN element, as the add-on answers it. Read tolerantly: PHP writes
 * numbers as texts and empty maps as `[]`, and one odd row must not cost the task.
 */
import { isJsonObject, type Json, type JsonObject } from "../../../lib/messages/json.ts";
import { type ChecklistNode, templateChecklists } from "./checklist_tree.ts";
import { idOf, intOf, mapOf, rowsOf, textOf } from "../values.ts";

/** Someone named in a template: a user, or an access code such as `DR2` that stands for several. */
export interface TemplateMember {
  readonly userId: number | undefined;
  readonly accessCode: string;
}

export interface TaskTemplate {
  readonly title: string;
  readonly description: string;
  readonly priority: number | undefined;
  readonly groupId: number | undefined;
  readonly authorId: number | undefined;
  readonly responsibleId: number | undefined;
  /** Whether the head of whoever started the process takes that place when nobody is named for it. */
  readonly supervisorIs: {
    readonly author: boolean;
    readonly responsible: boolean;
    readonly accomplice: boolean;
    readonly auditor: boolean;
  };
  readonly deadlineAfterS: number | undefined;
  readonly originators: readonly TemplateMember[];
  readonly responsibles: readonly TemplateMember[];
  readonly accomplices: readonly TemplateMember[];
  readonly auditors: readonly TemplateMember[];
  readonly tags: readonly string[];
  /** Objects of the portal's drive. */
  readonly fileIds: readonly number[];
  readonly checklists: readonly ChecklistNode[];
  /** As the add-on wants them back when they are attached to a task. */
  readonly questionnaires: readonly JsonObject[];
  /** Those whose answers are shown in the description. */
  readonly shownQuestionnaires: readonly JsonObject[];
}

/** `data` of `imena.camunda.tasktemplate.get`; without one, a template that says nothing. */
export function readTemplate(data: Json | undefined): TaskTemplate {
  const all = mapOf(data);
  const row = mapOf(all["template"]);
  const members = mapOf(mapOf(all["members"])["by_type"]);
  const membersOf = (type: string) => objectsIn(members[type]).map(memberOf);
  const flag = (name: string) => textOf(row[name]) === "Y";
  const deadlineAfterS = intOf(row["DEADLINE_AFTER"]) ?? 0;
  return {
    title: textOf(row["TITLE"]).trim(),
    description: textOf(row["DESCRIPTION"]),
    priority: intOf(row["PRIORITY"]),
    groupId: idOf(row["GROUP_ID"]),
    authorId: idOf(row["CREATED_BY"]),
    responsibleId: idOf(row["RESPONSIBLE_ID"]),
    supervisorIs: {
      author: flag("CREATED_BY_USE_SUPERVISOR"),
      responsible: flag("RESPONSIBLE_USE_SUPERVISOR"),
      accomplice: flag("RESPONSIBLES_USE_SUPERVISOR"), // so it is called
      auditor: flag("AUDITORS_USE_SUPERVISOR"),
    },
    deadlineAfterS: deadlineAfterS > 0 ? deadlineAfterS : undefined,
    originators: membersOf("O"),
    responsibles: membersOf("R"),
    accomplices: membersOf("A"),
    auditors: membersOf("U"),
    tags: objectsIn(all["tags"]).map((tag) => textOf(tag["NAME"]).trim()).filter((name) => name !== ""),
    fileIds: objectsIn(all["files"]).flatMap((file) => idOf(file["OBJECT_ID"]) ?? []),
    checklists: templateChecklists(itemsIn(all["checklists"])),
    questionnaires: itemsIn(all["questionnaires"]),
    shownQuestionnaires: itemsIn(all["questionnairesInDescription"]),
  };
}

/** `U5` is user 5; other codes stand for departments, groups and everyone. */
function memberOf(row: JsonObject): TemplateMember {
  const accessCode = textOf(row["ACCESS_CODE"]);
  return { userId: idOf(row["USER_ID"]) ?? idOf(/^U(\d+)$/.exec(accessCode)?.[1]), accessCode };
}

function itemsIn(value: Json | undefined): JsonObject[] {
  return objectsIn(mapOf(value)["items"]);
}

function objectsIn(value: Json | undefined): JsonObject[] {
  return rowsOf(value).filter(isJsonObject);
}
