/** The fields of a new portal task, out of a task message. Texts are those that people on the portal know. */
import type { Json, JsonObject } from "../../lib/messages/json.ts";
import type { TaskMessage } from "../../lib/messages/task_message.ts";
import type { BitrixSettings } from "./bitrix_settings.ts";
import { deadlineWithOffset } from "./deadline.ts";

/** Keeps the external task id; by it a repeated create finds its task. */
export const KEY_FIELD = "UF_CAMUNDA_ID_EXTERNAL_TASK";

/** The portal lets nobody complete the task without a result. */
const RESULT_REQUIRED = { CODE: 3, VALUE: "Y" };

export type FieldSettings = Pick<
  BitrixSettings,
  | "BITRIX_DEFAULT_RESPONSIBLE_ID"
  | "BITRIX_DEFAULT_PRIORITY"
  | "BITRIX_MAX_DESCRIPTION_LENGTH"
  | "BITRIX_TIME_ZONE"
>;

export function taskFields(task: TaskMessage, settings: FieldSettings): JsonObject {
  const { variables, metadata } = task;
  const properties = objectOf(metadata["extensionProperties"]);
  const activity = objectOf(metadata["activityInfo"]);
  const startedBy = idOf(variables["startedBy"]);
  const author = startedBy ?? settings.BITRIX_DEFAULT_RESPONSIBLE_ID;
  const title = textOf(activity["name"]).replace(/\s+/g, " ").trim() ||
    `Задача из Camunda процесса (${task.topic || "unknown"})`;
  const parent = idOf(variables["parentTaskId"]);
  const observer = idOf(variables["diagramOwner"]);
  return {
    TITLE: title,
    DESCRIPTION: title.slice(0, settings.BITRIX_MAX_DESCRIPTION_LENGTH),
    RESPONSIBLE_ID: idOf(properties["assigneeId"]) ?? author,
    CREATED_BY: author,
    PRIORITY: settings.BITRIX_DEFAULT_PRIORITY,
    [KEY_FIELD]: task.task_id,
    ...present("GROUP_ID", idOf(variables["groupId"])),
    ...present("PARENT_ID", parent),
    ...present("SUBORDINATE", parent && "Y"),
    ...present("DEADLINE", deadlineWithOffset(textOf(variables["deadline"]), settings.BITRIX_TIME_ZONE)),
    ...present("UF_RESULT_EXPECTED", answerExpected(properties["UF_RESULT_EXPECTED"])),
    ...present("UF_RESULT_QUESTION", textOf(properties["UF_RESULT_QUESTION"]).trim() || undefined),
    ...present("UF_ELEMENT_ID", task.activity_id ?? (textOf(activity["id"]) || undefined)),
    ...present("UF_PROCESS_INSTANCE_ID", task.process_instance_id ?? undefined),
    ...present("AUDITORS", observer && [observer]),
    SE_PARAMETER: [RESULT_REQUIRED],
  };
}

function present(name: string, value: Json | undefined): JsonObject {
  return value === undefined ? {} : { [name]: value };
}

function answerExpected(value: Json | undefined): "Y" | "N" | undefined {
  if (value === undefined || value === null) return undefined;
  return /^(true|1|y|yes|да)$/i.test(textOf(value).trim()) ? "Y" : "N";
}

/** A portal id: a number from 1, as a number or as text. */
function idOf(value: Json | undefined): number | undefined {
  const id = Number(/^\s*\d{1,15}\s*$/.exec(textOf(value))?.[0] ?? 0);
  return id > 0 ? id : undefined;
}

function textOf(value: Json | undefined): string {
  return value === undefined || value === null || typeof value === "object" ? "" : String(value);
}

function objectOf(value: Json | undefined): Readonly<Record<string, Json>> {
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}
