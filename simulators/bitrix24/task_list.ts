/** `tasks.task.list` and the shape of tasks in answers: filters, order, pages of 50, camelCase names. */
import type { Json, JsonObject } from "../../lib/messages/json.ts";
import type { PortalView } from "./methods.ts";
import { objectOf, textOf, textsOf } from "./php_values.ts";
import type { Portal } from "./portal.ts";
import { KEY_FIELD } from "./portal_fields.ts";
import type { PortalTask } from "./task_store.ts";

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

export function listTasks({ portal, visibility }: PortalView, params: JsonObject): TaskPage {
  const filter = objectOf(params["filter"]);
  const matches = Object.entries(filter).flatMap(([key, wanted]) => conditionOf(portal, key, wanted));
  const descending = textOf(objectOf(params["order"])["ID"]).toLowerCase() !== "asc";
  const found = candidates(portal, filter)
    .filter((task) => visibility.sees(task) && matches.every((match) => match(task)));
  found.sort((a, b) => descending ? b.id - a.id : a.id - b.id);
  const start = Number(textOf(params["start"]) || "0");
  const page = found.slice(Math.max(start, 0), Math.max(start, 0) + PAGE);
  const result = { tasks: page.map((task) => taskAnswer(task, params["select"])) };
  if (start < 0) return { result };
  return { result, total: found.length, ...(start + PAGE < found.length && { next: start + PAGE }) };
}

/** All tasks that can match the filter: few, when it names ids or external task ids. */
function candidates({ tasks, fields }: Portal, filter: JsonObject): PortalTask[] {
  if (filter["ID"] !== undefined) return tasks.withIds(textsOf(filter["ID"]).map(Number));
  const keys = filter[KEY_FIELD] === undefined ? [""] : textsOf(filter[KEY_FIELD]);
  // Tasks without a key are in no index.
  const isIndexed = !keys.includes("") && fields.some(({ name }) => name === KEY_FIELD);
  return isIndexed ? tasks.withKeys(keys) : [...tasks.all()];
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
  const texts = textsOf(wanted);
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
