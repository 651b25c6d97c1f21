/** Values of fields the way the portal takes them. */
import { isJsonObject, type Json, type JsonObject } from "../../../lib/messages/json.ts";
import { Refusal } from "../refusal.ts";
import { textsOf } from "../values.ts";
import { deadlineWithOffset } from "../deadline.ts";
import type { CrmEntity } from "./topics.ts";

/** Fields with several values, each with a kind (the vendor's `crm_multifield`), and the kind of a plain text. */
const MULTI_FIELDS: ReadonlyMap<string, string> = new Map([
  ["PHONE", "WORK"],
  ["EMAIL", "WORK"],
  ["WEB", "WORK"],
  ["IM", "OTHER"],
  ["LINK", "WORK"],
]);

/** Besides the names that end in `_IDS`: PHP code that expects a list takes nothing else for one. */
const TASK_LISTS: ReadonlySet<string> = new Set([
  "ACCOMPLICES",
  "AUDITORS",
  "TAGS",
  "UF_CRM_TASK",
  "UF_TASK_WEBDAV_FILES",
]);
const TASK_DATES: ReadonlySet<string> = new Set(["DEADLINE", "START_DATE_PLAN", "END_DATE_PLAN"]);
/** A `Date` variable of Camunda: the portal wants no fraction, and a colon in the offset. */
const CAMUNDA_DATE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}[+-]\d{4}$/;

export function isMultiField(entity: CrmEntity | "task", name: string): boolean {
  return entity !== "task" && entity !== "deal" && MULTI_FIELDS.has(name);
}

/**
 * @param timeZone of dates that name none
 * @throws {Refusal} naming the field whose value is none for it.
 */
export function portalValue(entity: CrmEntity | "task", name: string, value: Json, timeZone: string): Json {
  if (isMultiField(entity, name)) return multiFieldValues(name, value);
  if (entity === "task" && TASK_DATES.has(name) && value !== "") return dateOf(name, value, timeZone);
  const isText = typeof value === "string" || typeof value === "number";
  const plain = plainValue(name, isText && isList(entity, name) ? textsOf(String(value)) : value);
  // An empty list leaves no trace in a request, and so would empty nothing.
  return Array.isArray(plain) && plain.length === 0 ? [""] : plain;
}

function isList(entity: CrmEntity | "task", name: string): boolean {
  return name.endsWith("_IDS") || (entity === "task" && TASK_LISTS.has(name));
}

function plainValue(name: string, value: Json): Json {
  switch (typeof value) {
    case "boolean":
      return name.startsWith("UF_") ? (value ? "1" : "0") : (value ? "Y" : "N");
    case "string":
      return CAMUNDA_DATE.test(value) ? deadlineWithOffset(value, "UTC") ?? value : value;
    case "object":
      if (value === null) return "";
      if (!isJsonObject(value)) return value.map((item) => plainValue(name, item));
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plainValue(name, item)]));
    default:
      return value;
  }
}

/** `[{VALUE, VALUE_TYPE}]`, out of a text, such an object, or a list of either. */
function multiFieldValues(name: string, value: Json): JsonObject[] {
  if (isJsonObject(value) && value["VALUE"] !== undefined) {
    return [{ VALUE_TYPE: MULTI_FIELDS.get(name) ?? "WORK", ...value }];
  }
  if (typeof value === "string" || typeof value === "number") {
    const text = String(value).trim();
    return text === "" ? [] : [{ VALUE: text, VALUE_TYPE: MULTI_FIELDS.get(name) ?? "WORK" }];
  }
  if (Array.isArray(value)) return value.flatMap((item) => multiFieldValues(name, item));
  throw new Refusal("BAD_FIELD", `${name} must be a text, {VALUE, VALUE_TYPE}, or a list of these.`);
}

function dateOf(name: string, value: Json, timeZone: string): string {
  const date = typeof value === "string" ? deadlineWithOffset(value, timeZone) : undefined;
  if (date !== undefined) return date;
  throw new Refusal("BAD_FIELD", `${name} is no date: write it as 2030-12-31 or 2030-12-31T18:00:00+03:00.`);
}
