/** What a portal task means for the process that waits for it. */
import type { PortalTask } from "../portal_task.ts";
import type { TrackingSettings } from "./tracking_settings.ts";

/** `unanswered`: people are done with it, but the process asks a question that nobody has answered. */
export type TaskState = "open" | "unanswered" | "done" | "declined";

export function stateOf(
  task: PortalTask,
  settings: Pick<TrackingSettings, "BITRIX_CONTROL_COUNTS_AS_DONE" | "BITRIX_MISSING_ANSWER">,
): TaskState {
  // The vendor's numbers (`tasks/fields.md`); 7 is of older portals.
  switch (task.status) {
    case "5":
      return settings.BITRIX_MISSING_ANSWER === "ask" && lacksAnswer(task) ? "unanswered" : "done";
    case "4": // may still be returned to whoever did it, unless nobody controls it any more
      if (task.taskControl === "Y" && !settings.BITRIX_CONTROL_COUNTS_AS_DONE) return "open";
      return stateOf({ ...task, status: "5" }, settings);
    case "7":
      return "declined";
    default: // 2 pending, 3 in progress, 6 deferred
      return "open";
  }
}

function lacksAnswer({ ufResultExpected, ufResultAnswer }: PortalTask): boolean {
  return ufResultAnswer === null && /^(1|y|yes|true|да)$/i.test(ufResultExpected?.trim() ?? "");
}
