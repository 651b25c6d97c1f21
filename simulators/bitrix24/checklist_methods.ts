/** `task.checklistitem.*`. */
import type { Json, JsonObject } from "../../lib/messages/json.ts";
import type { ChecklistItem, ChecklistMember } from "./checklists.ts";
import { objectOf, textOf } from "./php_values.ts";
import { type Portal, portalDate } from "./portal.ts";
import { PortalError } from "./portal_error.ts";
import type { Method, MethodTable } from "./portal_method.ts";
import { positional } from "./positional.ts";
import { allowedTask } from "./task_access.ts";
import { WEBHOOK_USER } from "./visibility.ts";

const REST_USER = Number(WEBHOOK_USER);

/** The vendor does not look whether the item is one of this task. */
const toggle = (method: "complete" | "renew"): Method =>
  positional(["TASKID", "ITEMID"], ({ portal }, params, nowMs) => {
    numberIn(params, "TASKID", "#0 (taskId)", method);
    const id = numberIn(params, "ITEMID", "#1 (itemId)", method);
    return { result: portal.checklists.toggle(id, method === "complete", REST_USER, portalDate(nowMs)) };
  });

export const checklistMethods: MethodTable = {
  "task.checklistitem.add": positional(["TASKID", "FIELDS"], (view, params) => {
    const taskId = numberIn(params, "TASKID", "#0 (taskId)", "add");
    const { id } = allowedTask(view, taskId, failed("Adding item: action not allowed"));
    const fields = objectOf(params["FIELDS"]);
    if (Object.keys(fields).length === 0) throw wrongArguments("#1 (arFields)", "add");
    const title = textOf(fields["TITLE"]).trim();
    if (title === "") throw failed("Item name not specified");
    const item = view.portal.checklists.add(id, {
      title,
      parentId: numberOf(fields["PARENT_ID"]),
      sortIndex: numberOf(fields["SORT_INDEX"]),
      complete: isYes(fields["IS_COMPLETE"]),
      important: isYes(fields["IS_IMPORTANT"]),
      members: membersOf(fields["MEMBERS"]),
      createdBy: REST_USER,
    });
    return { result: item.id };
  }),
  "task.checklistitem.getlist": positional(["TASKID", "ORDER"], (view, params) => {
    const taskId = numberIn(params, "TASKID", "#0 (taskId)", "getlist");
    const { id } = allowedTask(view, taskId, failed("Action failed"));
    const [[by, direction] = ["ID", "desc"]] = Object.entries(objectOf(params["ORDER"]));
    const sign = textOf(direction).toLowerCase() === "desc" ? -1 : 1;
    const rows = view.portal.checklists.of(id).map((item) => itemAnswer(view.portal, item));
    return { result: rows.sort((a, b) => sign * compare(a[by], b[by])) };
  }),
  "task.checklistitem.complete": toggle("complete"),
  "task.checklistitem.renew": toggle("renew"),
};

function itemAnswer({ users }: Portal, item: ChecklistItem): JsonObject {
  return {
    ID: String(item.id),
    TASK_ID: String(item.taskId),
    // The number is the vendor's: only of items under others it is a text.
    PARENT_ID: item.parentId === 0 ? 0 : String(item.parentId),
    CREATED_BY: String(item.createdBy),
    TITLE: item.title,
    SORT_INDEX: String(item.sortIndex),
    IS_COMPLETE: item.complete ? "Y" : "N",
    IS_IMPORTANT: item.important ? "Y" : "N",
    TOGGLED_BY: item.toggled === undefined ? null : String(item.toggled.by),
    TOGGLED_DATE: item.toggled?.at ?? "",
    MEMBERS: item.members.map(({ userId, type }) => ({ ID: String(userId), TYPE: type, NAME: users.nameOf(userId) })),
    ATTACHMENTS: [],
  };
}

function membersOf(value: Json | undefined): ChecklistMember[] {
  return Object.entries(objectOf(value)).map(([userId, about]) => ({
    userId: Number(userId),
    type: textOf(objectOf(about)["TYPE"]) === "U" ? "U" : "A",
  }));
}

/** PHP's older methods take `true` as well as the vendor's Y. */
function isYes(value: Json | undefined): boolean {
  return ["Y", "1"].includes(textOf(value));
}

function numberOf(value: Json | undefined): number | undefined {
  const text = textOf(value);
  return text === "" ? undefined : Number(text);
}

function compare(a: Json | undefined, b: Json | undefined): number {
  const [x, y] = [textOf(a), textOf(b)];
  return Number(x) - Number(y) || x.localeCompare(y);
}

function numberIn(params: JsonObject, name: string, label: string, method: string): number {
  const number = Number(textOf(params[name]) || "NaN");
  if (Number.isInteger(number)) return number;
  throw wrongArguments(label, method);
}

function failed(what: string): PortalError {
  return new PortalError("ERROR_CORE", `TASKS_ERROR_EXCEPTION_#8; ${what}; 8/TE/ACTION_FAILED_TO_BE_PROCESSED<br>`);
}

function wrongArguments(label: string, method: string): PortalError {
  const what = `Param ${label} for method ctaskchecklistitem::${method}() expected to be of type "integer", ` +
    "but given something else.";
  return new PortalError("ERROR_CORE", `TASKS_ERROR_EXCEPTION_#256; ${what}; 256/TE/WRONG_ARGUMENTS<br>`);
}
