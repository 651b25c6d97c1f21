/** `tasks.task.list` and the shape of tasks in answers: filters, order, pages of 50, camelCase names. */
import type { Json, JsonObject } from "../../lib/messages/json.ts";
import { objectOf, type Portal, type PortalTask, textOf } from "./portal.ts";

const PAGE = 50;
/** Without `select` a portal returns its own fields only; `UF_…` must be asked for by name or as `UF_*`. */
const OWN_FIELDS = ["ID", "TITLE", "DESCRIPTION", "STATUS", "PRIORITY", "RESPONSIBLE_ID", "CREATED_BY", "GROUP_ID"];
const FILTERABLE: ReadonlySet<string> = new Set([
  ...OWN_FIELDS,
  "REAL_STATUS",
  "PARENT_ID",
  "DEADLINE",
  "CREATED_DATE",
]);

export interface TaskPage {
  readonly result: { readonly tasks: readonly JsonObject[] };
  /** Absent with `start: -1`, which switches counting off. */
  readonly total?: number;
  /** The `start` of the next page, if there is one. */
  readonly next?: number;
}

export function listTasks(portal: Portal, params: JsonObject): TaskPage {
  const matches = Object.entries(objectOf(params["filter"]))
    .flatMap(([key, wanted]) => conditionOf(portal, key, wanted));
  const descending = textOf(objectOf(params["order"])["ID"]).toLowerCase() !== "asc";
  const found = [...portal.tasks].filter((task) => matches.every((match) => match(task)));
  found.sort((a, b) => descending ? b.id - a.id : a.id - b.id);
  const start = Number(textOf(params["start"]) || "0");
  const page = found.slice(Math.max(start, 0), Math.max(start, 0) + PAGE);
  const result = { tasks: page.map((task) => taskAnswer(task, params["select"])) };
  if (start < 0) return { result };
  return { result, total: found.length, ...(start + PAGE < found.length && { next: start + PAGE }) };
}

/** A task as answers show it. */
export function taskAnswer(task: PortalTask, select?: Json): JsonObject {
  const asked = Object.values(objectOf(select)).map(textOf);
  const names = asked.length === 0 ? OWN_FIELDS : asked.flatMap((name) => {
    if (name === "*") return OWN_FIELDS;
    return name === "UF_*" ? Object.keys(task.fields).filter((field) => field.startsWith("UF_")) : [name];
  });
  return Object.fromEntries(
    [...new Set(["ID", ...names])].map((name) => [camelCase(name), valueOf(task, name) ?? null]),
  );
}

function valueOf(task: PortalTask, name: string): Json | undefined {
  if (name === "ID") return String(task.id);
  return task.fields[name === "REAL_STATUS" ? "STATUS" : name];
}

type Condition = (task: PortalTask) => boolean;

/** A field that a portal cannot filter by is ignored: then everything matches. */
function conditionOf(portal: Portal, key: string, wanted: Json): Condition[] {
  const [, operator = "", name = ""] = /^(!|<=|>=|<|>)?(.*)$/.exec(key) ?? [];
  if (!FILTERABLE.has(name) && !portal.fields.some((field) => field.name === name)) return [];
  const texts = Array.isArray(wanted) ? wanted.map(textOf) : [textOf(wanted)];
  const [first = ""] = texts;
  return [(task) => {
    const value = textOf(valueOf(task, name));
    switch (operator) {
      case "!":
        return !texts.includes(value);
      case "<":
        return compare(value, first) < 0;
      case "<=":
        return compare(value, first) <= 0;
      case ">":
        return compare(value, first) > 0;
      case ">=":
        return compare(value, first) >= 0;
      default:
        return texts.includes(value);
    }
  }];
}

function compare(a: string, b: string): number {
  const [x, y] = [Number(a), Number(b)];
  return Number.isNaN(x) || Number.isNaN(y) ? a.localeCompare(b) : x - y;
}

function camelCase(name: string): string {
  return name.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}
