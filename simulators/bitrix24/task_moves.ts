/** How a task's status moves: what may be done in which status, and what comes of it (`tasks-task-*.md`). */
import { textOf } from "./php_values.ts";
import { actionNotAllowed } from "./portal_error.ts";
import { type PortalTask, STATUS } from "./task_store.ts";

export type TaskMove = "start" | "pause" | "defer" | "complete" | "renew" | "approve" | "disapprove" | "decline";

const { pending, inProgress, supposedlyCompleted, completed, deferred, declined } = STATUS;

const ALLOWED_IN: Readonly<Record<TaskMove, readonly string[]>> = {
  start: [pending],
  pause: [inProgress],
  defer: [pending, inProgress],
  complete: [pending, inProgress, deferred],
  renew: [supposedlyCompleted, completed, deferred, declined],
  approve: [supposedlyCompleted],
  disapprove: [supposedlyCompleted],
  decline: [pending, inProgress, supposedlyCompleted, deferred],
};

/**
 * The status that the move of a user leads to.
 * @throws {PortalError} when it is not allowed in the task's status
 */
export function statusAfter(move: TaskMove, { fields }: PortalTask, by: number): string {
  if (!ALLOWED_IN[move].includes(textOf(fields["STATUS"]))) throw actionNotAllowed();
  switch (move) {
    case "start":
      return inProgress;
    case "pause":
    case "renew":
    case "disapprove":
      return pending;
    case "defer":
      return deferred;
    case "decline":
      return declined;
    case "approve":
      return completed;
    case "complete": {
      // Whoever set the task need not approve of their own work.
      const isOthers = textOf(fields["CREATED_BY"]) !== String(by);
      return textOf(fields["TASK_CONTROL"]) === "Y" && isOthers ? supposedlyCompleted : completed;
    }
  }
}
