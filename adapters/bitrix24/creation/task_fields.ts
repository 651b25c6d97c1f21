/** The fields of a new portal task: the template first, then the model, then the variables of the process. */
import type { Json, JsonObject } from "../../../lib/messages/json.ts";
import type { TaskMessage } from "../../../lib/messages/task_message.ts";
import type { BitrixSettings } from "../bitrix_settings.ts";
import { KEY_FIELD } from "../find_tasks.ts";
import { dateText, deadlineWithOffset } from "../deadline.ts";
import { joinDescription } from "./description.ts";
import { elementOf, modelled } from "../element.ts";
import type { Members } from "./members.ts";
import type { TaskTemplate } from "./template.ts";
import { idOf, idsOf, intOf, mapOf, textOf, textsOf } from "../values.ts";

/** The portal lets nobody complete the task without a result. */
const RESULT_REQUIRED = { CODE: 3, VALUE: "Y" };

export type FieldSettings = Pick<
  BitrixSettings,
  "BITRIX_DEFAULT_PRIORITY" | "BITRIX_MAX_DESCRIPTION_LENGTH" | "BITRIX_TIME_ZONE"
>;

export interface FieldSources {
  readonly task: TaskMessage;
  readonly template: TaskTemplate;
  /** Whether the element has a template at all: without one its name describes it too. */
  readonly hasTemplate: boolean;
  readonly members: Members;
  /** Blocks of the description, in order. */
  readonly blocks: readonly string[];
  /** Objects of the portal's drive besides those of template and model. */
  readonly fileIds: readonly number[];
  readonly nowMs: number;
}

export function taskFields(sources: FieldSources, settings: FieldSettings): JsonObject {
  const { task, template, hasTemplate, members, blocks, nowMs } = sources;
  const element = elementOf(task);
  const given = (name: string) => modelled(task, name);
  const title = template.title || textOf(given("title")).trim() || element.name ||
    `Задача из Camunda процесса (${task.topic || "unknown"})`;
  const text = template.description || textOf(given("description")) || (hasTemplate ? "" : title);
  const description = joinDescription([text, ...blocks], settings.BITRIX_MAX_DESCRIPTION_LENGTH);
  const parent = idOf(task.variables["parentTaskId"]);
  const tags = [...new Set([...template.tags, ...textsOf(given("tags"))])];
  const files = new Set([...template.fileIds, ...idsOf(given("files")), ...sources.fileIds]);
  return {
    TITLE: title,
    ...present("DESCRIPTION", description || undefined),
    PRIORITY: priorityOf(template.priority ?? intOf(given("priority"))) ?? settings.BITRIX_DEFAULT_PRIORITY,
    ...present("GROUP_ID", template.groupId ?? idOf(given("groupId")) ?? idOf(task.variables["groupId"])),
    CREATED_BY: members.authorId,
    ...present("DEADLINE", deadlineOf(task, template, nowMs, settings.BITRIX_TIME_ZONE)),
    RESPONSIBLE_ID: members.responsibleId,
    ...presentList("ACCOMPLICES", members.accompliceIds),
    ...presentList("AUDITORS", members.auditorIds),
    ...presentList("TAGS", tags),
    [KEY_FIELD]: task.task_id,
    ...present("UF_RESULT_EXPECTED", answerExpected(given("UF_RESULT_EXPECTED"))),
    ...present("UF_RESULT_QUESTION", textOf(given("UF_RESULT_QUESTION")).trim() || undefined),
    ...modelledFields(task),
    ...present("PARENT_ID", parent),
    ...present("SUBORDINATE", parent && "Y"),
    ...present("UF_ELEMENT_ID", element.elementId || undefined),
    ...present("UF_PROCESS_INSTANCE_ID", element.processInstanceId || undefined),
    ...presentList("UF_TASK_WEBDAV_FILES", [...files].map((id) => `n${id}`)),
    SE_PARAMETER: [RESULT_REQUIRED],
  };
}

/** Custom fields that the model names beyond those that Exchanger itself keeps. */
function modelledFields(task: TaskMessage): JsonObject {
  const names = [task.metadata["inputParameters"], task.metadata["extensionProperties"]]
    .flatMap((names) => Object.keys(mapOf(names)))
    .filter((name) => /^UF_[A-Z0-9_]+$/.test(name) && !OWN_FIELDS.has(name));
  return Object.fromEntries(names.map((name) => [name, modelled(task, name) ?? ""]));
}

const OWN_FIELDS: ReadonlySet<string> = new Set([
  KEY_FIELD,
  "UF_RESULT_EXPECTED",
  "UF_RESULT_QUESTION",
  "UF_RESULT_ANSWER",
  "UF_ELEMENT_ID",
  "UF_PROCESS_INSTANCE_ID",
  "UF_TASK_WEBDAV_FILES",
]);

/** The earliest of what process, model and template ask for; with an explicit offset. */
function deadlineOf(
  task: TaskMessage,
  { deadlineAfterS }: TaskTemplate,
  nowMs: number,
  zone: string,
): string | undefined {
  const named = [task.variables["deadline"], modelled(task, "deadline")].map((value) =>
    deadlineWithOffset(textOf(value), zone)
  );
  const after = deadlineAfterS === undefined ? undefined : dateText(nowMs + deadlineAfterS * 1000, zone);
  return [...named, after].filter((date) => date !== undefined).toSorted((a, b) => Date.parse(a) - Date.parse(b))[0];
}

function priorityOf(priority: number | undefined): number | undefined {
  return priority !== undefined && priority >= 0 && priority <= 2 ? priority : undefined;
}

function present(name: string, value: Json | undefined): JsonObject {
  return value === undefined ? {} : { [name]: value };
}

function presentList(name: string, values: readonly Json[]): JsonObject {
  return values.length === 0 ? {} : { [name]: values };
}

function answerExpected(value: Json | undefined): "Y" | "N" | undefined {
  if (value === undefined || value === null) return undefined;
  return /^(true|1|y|yes|да)$/i.test(textOf(value).trim()) ? "Y" : "N";
}
