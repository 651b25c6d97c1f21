/** The process variables that a finished task sets besides the predecessor's, each only if there is a value. */
import { formatCamundaDate } from "../../../lib/camunda/variables.ts";
import type { TaskMessage } from "../../../lib/messages/task_message.ts";
import type { TypedValue, TypedVariables } from "../../../lib/messages/typed_variables.ts";
import { deadlineWithOffset } from "../deadline.ts";
import type { PortalTask } from "../portal_task.ts";
import type { Collected } from "./collect.ts";

/** The engine's column for strings; longer text is refused. */
const LONGEST_TEXT = 4_000;

/**
 * `<activity>_resultText`, `_resultFiles`, `_checklists`, `_closedBy` and `_closedAt`; in a multi-instance activity
 * `<activity>_<loopCounter>_…` as well, as the worker names answers.
 */
export function taskVariables(
  message: TaskMessage,
  task: PortalTask,
  collected: Collected,
  timeZone: string,
): TypedVariables {
  const { resultText, resultFiles, checklists } = collected;
  const closedAt = instantOf(task.closedDate, timeZone);
  const values: readonly (readonly [string, TypedValue | undefined])[] = [
    ["resultText", resultText === "" ? undefined : text(resultText)],
    ["resultFiles", resultFiles.length === 0 ? undefined : json(resultFiles)],
    ["checklists", checklists.length === 0 ? undefined : json(checklists)],
    ["closedBy", task.closedBy === null || task.closedBy === "0" ? undefined : text(task.closedBy)],
    ["closedAt", closedAt && { type: "Date", value: formatCamundaDate(closedAt), valueInfo: {} }],
  ];
  return Object.fromEntries(
    prefixesOf(message).flatMap((prefix) =>
      values.flatMap(([name, value]) => value === undefined ? [] : [[`${prefix}_${name}`, value]])
    ),
  );
}

function prefixesOf({ activity_id: activity, variables }: TaskMessage): string[] {
  if (!activity) return [];
  const counter = variables["loopCounter"];
  return typeof counter === "number" ? [activity, `${activity}_${counter}`] : [activity];
}

/** Of what is too long the beginning; all of it is in the task. */
function text(value: string): TypedValue {
  const cut = value.slice(0, LONGEST_TEXT - 1).replace(/[\uD800-\uDBFF]$/, ""); // no half of a pair
  return { type: "String", value: value.length <= LONGEST_TEXT ? value : `${cut}…`, valueInfo: {} };
}

function json(value: object): TypedValue {
  return { type: "Json", value: JSON.stringify(value), valueInfo: {} };
}

/** The portal's times may lack their offset; `undefined` for what is no time. */
export function instantOf(portalTime: string | null, timeZone: string): Date | undefined {
  const withOffset = portalTime === null ? undefined : deadlineWithOffset(portalTime, timeZone);
  return withOffset === undefined ? undefined : new Date(withOffset);
}
