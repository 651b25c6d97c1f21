/** Which task a request means, and whether the webhook's user may see it. */
import type { JsonObject } from "../../lib/messages/json.ts";
import { textOf } from "./php_values.ts";
import { actionNotAllowed, PortalError } from "./portal_error.ts";
import type { PortalView } from "./portal_method.ts";
import type { PortalTask } from "./task_store.ts";

/** Early methods of the vendor take `taskId`, older ones `TASKID`; both are numbers from 1. */
export function taskIdOf(params: JsonObject): number {
  const id = Number(textOf(params["taskId"] ?? params["TASKID"]));
  if (Number.isInteger(id) && id > 0) return id;
  throw new PortalError("100", "CTaskItem All parameters in the constructor must have real class type");
}

export function visibleTask({ portal, visibility }: PortalView, id: number): PortalTask | undefined {
  const task = portal.tasks.get(id);
  return task !== undefined && visibility.sees(task) ? task : undefined;
}

/** @throws {PortalError} when the user does not see the task, in the words that the method has for it */
export function allowedTask(view: PortalView, id: number, refusal: PortalError = actionNotAllowed()): PortalTask {
  const task = visibleTask(view, id);
  if (task === undefined) throw refusal;
  return task;
}
