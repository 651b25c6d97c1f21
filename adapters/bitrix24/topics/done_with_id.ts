/** How a task ends that needs nobody's answer: at once, with the id of its object. */
import type { TaskMessage } from "../../../lib/messages/task_message.ts";
import type { TypedValue } from "../../../lib/messages/typed_variables.ts";
import type { CreateOutcome } from "../../target_system.ts";
import type { CrmEntity } from "./topics.ts";

/**
 * Sets `bitrix_deal_id`; and `<activity>_id`, in a multi-instance activity `<activity>_<loopCounter>_id` too, since tasks that
 * run side by side overwrite each other's `bitrix_deal_id`. Texts, as `bitrix_task_id` is one.
 */
export function createdWithId(task: TaskMessage, entity: CrmEntity, id: string): CreateOutcome {
  const { activity_id: activity, variables: { loopCounter } } = task;
  const names = [
    `bitrix_${entity}_id`,
    ...(activity ? [`${activity}_id`] : []),
    ...(activity && typeof loopCounter === "number" ? [`${activity}_${loopCounter}_id`] : []),
  ];
  const value: TypedValue = { type: "String", value: id, valueInfo: {} };
  return {
    kind: "done",
    variables: Object.fromEntries(names.map((name) => [name, value])),
    response: { result: { [entity]: { id } } },
  };
}

/** Sets nothing. A `task` in the response would set `bitrix_task_id`, which belongs to the task that was last completed. */
export function changed(entity: CrmEntity | "task", id: string): CreateOutcome {
  return {
    kind: "done",
    variables: {},
    response: { result: { [entity === "task" ? "changedTask" : entity]: { id } } },
  };
}
