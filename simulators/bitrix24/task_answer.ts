/** The shape of tasks in answers: camelCase names, texts for numbers, `null` for what is not there. */
import type { Json, JsonObject } from "../../lib/messages/json.ts";
import { objectOf, phpMap, textOf, textsOf } from "./php_values.ts";
import type { Portal } from "./portal.ts";
import { needsResult } from "./portal_rules.ts";
import { FILES_FIELD } from "./stored_fields.ts";
import { isClosed, type PortalTask } from "./task_store.ts";

/** Without `select` a portal returns its own fields only; `UF_…` must be asked for by name or as `UF_*`. */
export const OWN_FIELDS = [
  "ID",
  "PARENT_ID",
  "TITLE",
  "DESCRIPTION",
  "PRIORITY",
  "STATUS",
  "RESPONSIBLE_ID",
  "CREATED_BY",
  "CREATED_DATE",
  "CHANGED_BY",
  "CHANGED_DATE",
  "STATUS_CHANGED_BY",
  "STATUS_CHANGED_DATE",
  "CLOSED_BY",
  "CLOSED_DATE",
  "DEADLINE",
  "TASK_CONTROL",
  "GROUP_ID",
  "ACCOMPLICES",
  "AUDITORS",
] as const;

/** A task as answers show it. */
export function taskAnswer(portal: Portal, task: PortalTask, select?: Json): JsonObject {
  const asked = Object.values(objectOf(select)).map(textOf);
  const names = asked.length === 0 ? OWN_FIELDS : asked.flatMap((name): readonly string[] => {
    if (name === "*") return OWN_FIELDS;
    return name === "UF_*" ? Object.keys(task.fields).filter((field) => field.startsWith("UF_")) : [name];
  });
  return Object.fromEntries(
    [...new Set(["ID", ...names])].map((name) => [camelCase(name), valueOf(portal, task, name)]),
  );
}

/** What `params[WITH_RESULT_INFO]` adds. */
export function resultInfo({ results }: Portal, task: PortalTask): JsonObject {
  return {
    taskRequireResult: needsResult(task) ? "Y" : "N",
    taskHasOpenResult: results.hasOpen(task.id) ? "Y" : "N",
    taskHasResult: results.of(task.id).length > 0 ? "Y" : "N",
  };
}

function valueOf(portal: Portal, task: PortalTask, name: string): Json {
  const value = task.fields[name];
  switch (name) {
    case "ID":
      return String(task.id);
    case "REAL_STATUS":
      return task.fields["STATUS"] ?? null;
    case "subStatus":
    case "SUB_STATUS":
      return subStatusOf(task);
    case "PARENT_ID":
      return textOf(value) === "0" ? null : value ?? null;
    case "DEADLINE":
      return value === "" ? null : value ?? null;
    case "TASK_CONTROL":
      return value ?? "N";
    case "ACCOMPLICES":
    case "AUDITORS":
    case "SE_PARAMETER":
      return value ?? [];
    case "TAGS":
      return tagsAnswer(portal, value);
    case FILES_FIELD:
      // A field for several values that has none is `false`.
      return value !== undefined && textsOf(value).length > 0 ? value : false;
    default:
      return value ?? null;
  }
}

/** The real status, or -1 for a task that is overdue (its `STATUS` in filters). */
export function subStatusOf(task: PortalTask): string {
  const deadline = Date.parse(textOf(task.fields["DEADLINE"]));
  return !isClosed(task) && deadline < Date.now() ? "-1" : textOf(task.fields["STATUS"]);
}

function tagsAnswer(portal: Portal, tags: Json | undefined): Json {
  return phpMap(
    tags === undefined ? [] : textsOf(tags).map((title): [string, Json] => {
      const id = portal.tagId(title);
      return [String(id), { id, title }];
    }),
  );
}

function camelCase(name: string): string {
  if (name === "subStatus") return name;
  return name.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}
