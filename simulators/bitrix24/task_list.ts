/** `tasks.task.list`: filters, order, pages of 50. */
import type { Json, JsonObject } from "../../lib/messages/json.ts";
import { objectOf, textOf, textsOf } from "./php_values.ts";
import type { Portal } from "./portal.ts";
import { KEY_FIELD } from "./portal_fields.ts";
import type { PortalView } from "./portal_method.ts";
import { OWN_FIELDS, resultInfo, subStatusOf, taskAnswer } from "./task_answer.ts";
import type { PortalTask } from "./task_store.ts";

const PAGE = 50;
const FILTERABLE: ReadonlySet<string> = new Set([...OWN_FIELDS, "REAL_STATUS", "TAG", "ACCOMPLICE", "AUDITOR"]);

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
  const found = candidates(portal, filter)
    .filter((task) => visibility.sees(task) && matches.every((match) => match(task)));
  found.sort(orderOf(objectOf(params["order"])));
  const start = Number(textOf(params["start"]) || "0");
  const page = found.slice(Math.max(start, 0), Math.max(start, 0) + PAGE);
  const withResults = ["1", "Y"].includes(textOf(objectOf(params["params"])["WITH_RESULT_INFO"]));
  const tasks = page.map((task) => ({
    ...taskAnswer(portal, task, params["select"]),
    ...withResults && resultInfo(portal, task),
  }));
  if (start < 0) return { result: { tasks } };
  return { result: { tasks }, total: found.length, ...(start + PAGE < found.length && { next: start + PAGE }) };
}

/** All tasks that can match the filter: few, when it names ids or external task ids. */
function candidates({ tasks, fields }: Portal, filter: JsonObject): PortalTask[] {
  if (filter["ID"] !== undefined) return tasks.withIds(textsOf(filter["ID"]).map(Number));
  const keys = filter[KEY_FIELD] === undefined ? [""] : textsOf(filter[KEY_FIELD]);
  // Tasks without a key are in no index.
  const isIndexed = !keys.includes("") && fields.some(({ name }) => name === KEY_FIELD);
  return isIndexed ? tasks.withKeys(keys) : [...tasks.all()];
}

/** Newest first unless told otherwise. */
function orderOf(order: JsonObject): (a: PortalTask, b: PortalTask) => number {
  const [[name, direction] = ["ID", "desc"]] = Object.entries(order);
  const sign = textOf(direction).toLowerCase() === "asc" ? 1 : -1;
  if (name === "ID" || !FILTERABLE.has(name)) return (a, b) => sign * (a.id - b.id);
  return (a, b) => sign * compare(valuesOf(a, name)[0] ?? "", valuesOf(b, name)[0] ?? "") || a.id - b.id;
}

type Condition = (task: PortalTask) => boolean;

/** A field that a portal cannot filter by is ignored: then everything matches. */
function conditionOf(portal: Portal, key: string, wanted: Json): Condition[] {
  const [, operator = "", name = ""] = /^(!|<=|>=|<|>)?(.*)$/.exec(key) ?? [];
  if (!FILTERABLE.has(name) && !portal.fields.some((field) => field.name === name)) return [];
  const texts = textsOf(wanted);
  const [first = ""] = texts;
  return [(task) => {
    const values = valuesOf(task, name);
    const [value = ""] = values;
    switch (operator) {
      case "!":
        return !values.some((value) => texts.includes(value));
      case "<":
        return compare(value, first) < 0;
      case "<=":
        return compare(value, first) <= 0;
      case ">":
        return compare(value, first) > 0;
      case ">=":
        return compare(value, first) >= 0;
      default:
        return values.some((value) => texts.includes(value));
    }
  }];
}

/** The texts that a filter looks at: several for fields that hold lists, at least one otherwise. */
function valuesOf(task: PortalTask, name: string): string[] {
  switch (name) {
    case "ID":
      return [String(task.id)];
    case "STATUS":
      return [subStatusOf(task)];
    case "REAL_STATUS":
      return [textOf(task.fields["STATUS"])];
    case "TAG":
      return textsOf(task.fields["TAGS"]);
    case "ACCOMPLICE":
    case "AUDITOR":
      return textsOf(task.fields[`${name}S`]);
    default:
      return [textOf(task.fields[name])];
  }
}

/** Numbers and dates by what they mean, anything else as text. */
function compare(a: string, b: string): number {
  const [x, y] = [Number(a), Number(b)];
  if (!Number.isNaN(x) && !Number.isNaN(y)) return x - y;
  const [from, to] = [Date.parse(a), Date.parse(b)];
  return Number.isNaN(from) || Number.isNaN(to) ? a.localeCompare(b) : from - to;
}
