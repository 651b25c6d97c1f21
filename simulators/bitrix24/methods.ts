/** The REST methods this portal has. Each takes the request's parameters and returns the envelope without its `time`. */
import type { Json, JsonObject } from "../../lib/messages/json.ts";
import { objectOf, textOf } from "./php_values.ts";
import type { Portal } from "./portal.ts";
import { actionNotAllowed, PortalError } from "./portal_error.ts";
import type { PortalField } from "./portal_fields.ts";
import { listTasks, taskAnswer } from "./task_list.ts";
import { type PortalTask, STATUS } from "./task_store.ts";
import type { Visibility } from "./visibility.ts";

export interface MethodAnswer {
  readonly result: Json;
  readonly total?: number;
  readonly next?: number;
}

/** What methods work on: the portal, as far as the webhook's user sees it. */
export interface PortalView {
  readonly portal: Portal;
  readonly visibility: Visibility;
}

export function callMethod(view: PortalView, method: string, params: JsonObject, nowMs: number): MethodAnswer {
  const { portal, visibility } = view;
  switch (method) {
    case "tasks.task.add": {
      const task = portal.addTask(objectOf(params["fields"]), nowMs);
      return { result: { task: taskAnswer(task, ["*", "UF_*"]) } };
    }
    case "tasks.task.get": {
      const task = visibleTask(view, taskIdOf(params));
      // A missing task is an empty list, with HTTP 200: PHP's empty map.
      return { result: task === undefined ? [] : { task: taskAnswer(task, params["select"] ?? ["*"]) } };
    }
    case "tasks.task.list": {
      const { result, ...page } = listTasks(view, params);
      return { result: { tasks: result.tasks }, ...page };
    }
    case "tasks.task.update": {
      const { id } = allowedTask(view, taskIdOf(params));
      return { result: { task: taskAnswer(portal.updateTask(id, objectOf(params["fields"])), ["*"]) } };
    }
    case "tasks.task.complete": {
      const { id, fields } = allowedTask(view, taskIdOf(params));
      if (fields["STATUS"] === STATUS.completed) throw actionNotAllowed();
      return { result: { task: taskAnswer(portal.updateTask(id, { STATUS: STATUS.completed }), ["*"]) } };
    }
    case "tasks.task.delete":
      portal.deleteTask(allowedTask(view, taskIdOf(params)).id);
      return { result: { task: true } };
    case "task.item.userfield.getlist":
      return { result: fieldsIn(portal, objectOf(params["FILTER"])).map(fieldAnswer), total: 0 };
    case "task.item.userfield.get": {
      const field = portal.fields.find(({ id }) => String(id) === textOf(params["ID"]));
      if (field === undefined) throw new PortalError("ERROR_NOT_FOUND", "The entity is not found");
      return { result: { ...fieldAnswer(field), ...(field.type === "enumeration" && { LIST: valuesAnswer(field) }) } };
    }
    case "task.commentitem.add": {
      const text = textOf(objectOf(params["FIELDS"])["POST_MESSAGE"]);
      return { result: portal.addComment(allowedTask(view, Number(textOf(params["TASKID"]))).id, text) };
    }
    case "user.get": {
      const wanted = objectOf(params["FILTER"] ?? params["filter"])["ID"] ?? params["ID"];
      const ids = Array.from({ length: portal.userCount }, (_, index) => String(index + 1));
      const found = wanted === undefined ? ids : ids.filter((id) => id === textOf(wanted));
      return { result: found.slice(0, 50).map(userAnswer), total: found.length };
    }
    case "user.admin":
      return { result: visibility.admin };
    default:
      throw new PortalError("ERROR_METHOD_NOT_FOUND", "Method not found!", 404);
  }
}

/** Early methods of the vendor take `taskId`, older ones `TASKID`; both are numbers from 1. */
function taskIdOf(params: JsonObject): number {
  const id = Number(textOf(params["taskId"] ?? params["TASKID"]));
  if (Number.isInteger(id) && id > 0) return id;
  throw new PortalError("100", "CTaskItem All parameters in the constructor must have real class type");
}

function visibleTask({ portal, visibility }: PortalView, id: number): PortalTask | undefined {
  const task = portal.tasks.get(id);
  return task !== undefined && visibility.sees(task) ? task : undefined;
}

function allowedTask(view: PortalView, id: number): PortalTask {
  const task = visibleTask(view, id);
  if (task === undefined) throw actionNotAllowed();
  return task;
}

function fieldsIn(portal: Portal, filter: JsonObject): PortalField[] {
  const name = filter["FIELD_NAME"];
  if (name === undefined) return [...portal.fields];
  const names = Array.isArray(name) ? name.map(textOf) : [textOf(name)];
  return portal.fields.filter((field) => names.includes(field.name));
}

/** `getlist` shows no values of an enumeration, only `get` does. */
function fieldAnswer({ id, name, type }: PortalField): JsonObject {
  return {
    ID: String(id),
    ENTITY_ID: "TASKS_TASK",
    FIELD_NAME: name,
    USER_TYPE_ID: type,
    XML_ID: name,
    SORT: "100",
    MULTIPLE: "N",
    MANDATORY: "N",
    SETTINGS: [],
  };
}

function valuesAnswer({ values }: PortalField): JsonObject[] {
  return [...values].map(([id, value], index) => ({
    ID: id,
    SORT: String((index + 1) * 10),
    VALUE: value,
    DEF: "N",
    XML_ID: `answer_${id}`,
  }));
}

function userAnswer(id: string): JsonObject {
  return { ID: id, ACTIVE: true, NAME: "Сотрудник", LAST_NAME: `№ ${id}`, USER_TYPE: "employee" };
}
