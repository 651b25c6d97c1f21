/** `tasks.task.*`: tasks, their status, their files; and the links between them. */
import { objectOf, textOf } from "./php_values.ts";
import { PortalError } from "./portal_error.ts";
import type { Method, MethodTable } from "./portal_method.ts";
import { allowedTask, taskIdOf, visibleTask } from "./task_access.ts";
import { taskAnswer } from "./task_answer.ts";
import { listTasks } from "./task_list.ts";
import type { TaskMove } from "./task_moves.ts";

const move = (name: TaskMove): Method => (view, params) => {
  const { id } = allowedTask(view, taskIdOf(params));
  return { result: { task: taskAnswer(view.portal, view.portal.moveTask(id, name), ["*"]) } };
};

export const taskMethods: MethodTable = {
  "tasks.task.add": ({ portal }, params, nowMs) => {
    const task = portal.addTask(objectOf(params["fields"]), nowMs);
    return { result: { task: taskAnswer(portal, task, ["*", "UF_*"]) } };
  },
  "tasks.task.get": (view, params) => {
    const task = visibleTask(view, taskIdOf(params));
    // A missing task is an empty list, with HTTP 200: PHP's empty map.
    return {
      result: task === undefined ? [] : { task: taskAnswer(view.portal, task, params["select"] ?? ["*"]) },
    };
  },
  "tasks.task.list": (view, params) => {
    const { result, ...page } = listTasks(view, params);
    return { result: { tasks: result.tasks }, ...page };
  },
  "tasks.task.update": (view, params) => {
    const { id } = allowedTask(view, taskIdOf(params));
    const task = view.portal.updateTask(id, objectOf(params["fields"]));
    return { result: { task: taskAnswer(view.portal, task, ["*"]) } };
  },
  "tasks.task.delete": (view, params) => {
    view.portal.deleteTask(allowedTask(view, taskIdOf(params)).id);
    return { result: { task: true } };
  },
  "tasks.task.start": move("start"),
  "tasks.task.pause": move("pause"),
  "tasks.task.defer": move("defer"),
  "tasks.task.complete": move("complete"),
  "tasks.task.renew": move("renew"),
  "tasks.task.approve": move("approve"),
  "tasks.task.disapprove": move("disapprove"),
  "tasks.task.files.attach": (view, params) => {
    const { id } = allowedTask(view, taskIdOf(params), new PortalError("0", "Access denied (internal error)"));
    const fileId = textOf(params["fileId"]);
    if (!/^\d+$/.test(fileId)) {
      throw new PortalError("100", "Could not find value for parameter {fileId} (internal error)");
    }
    return { result: { attachmentId: view.portal.attachFile(id, Number(fileId)).id } };
  },
  "task.dependence.add": (view, params) => {
    const ends = ["taskIdFrom", "taskIdTo"].map((name) => Number(textOf(params[name])));
    const refusal = new PortalError("ACTION_NOT_ALLOWED", "Невозможно добавить связь между задачами");
    const [from = 0, to = 0] = ends.map((id) => allowedTask(view, id, refusal).id);
    const type = Number(textOf(params["linkType"]) || "NaN");
    if (![0, 1, 2, 3].includes(type)) throw refusal;
    view.portal.links.add({ from, to, type });
    return { result: [] };
  },
};
