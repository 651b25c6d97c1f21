/** Makes the custom fields of tasks that Exchanger keeps its marks and people's answers in. */
import { z } from "zod";
import type { Bitrix24Client, CommandResult } from "../../lib/bitrix24/client.ts";
import type { JsonObject } from "../../lib/messages/json.ts";
import { errorText } from "../../lib/telemetry/error_text.ts";
import type { SetupStep } from "../../lib/telemetry/setup_step.ts";
import { TASK_FIELDS, type TaskField } from "./task_field_list.ts";

const LIST_FIELDS = { method: "task.item.userfield.getlist", params: {} };
const shownFields = z.array(z.looseObject({ FIELD_NAME: z.string(), USER_TYPE_ID: z.string() }));

/** One step for each field, in order. Without `apply` nothing is changed. Never throws. */
export async function setUpTaskFields(
  client: Bitrix24Client,
  { apply }: { readonly apply: boolean },
  signal: AbortSignal,
): Promise<SetupStep[]> {
  try {
    const types = await readTypes(client, signal);
    const missing = TASK_FIELDS.filter(({ name }) => !types.has(name));
    const made = apply ? await make(missing, client, signal) : new Map<string, CommandResult>();
    // The portal's word is not enough: some portals give a field a name of their own.
    const after = made.size > 0 ? await readTypes(client, signal) : types;
    return TASK_FIELDS.map((field) => stepOf(field, types, after, made.get(field.name)));
  } catch (error) {
    const remedy =
      "Check BITRIX_WEBHOOK_URL, and that the webhook's user is an administrator with the right for tasks.";
    return [{ name: "Bitrix24", state: "failed", detail: errorText(error), remedy }];
  }
}

async function readTypes(client: Bitrix24Client, signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
  const fields = shownFields.parse(await client.call(LIST_FIELDS.method, LIST_FIELDS.params, signal));
  return new Map(fields.map(({ FIELD_NAME, USER_TYPE_ID }) => [FIELD_NAME, USER_TYPE_ID.toLowerCase()]));
}

async function make(
  fields: readonly TaskField[],
  client: Bitrix24Client,
  signal: AbortSignal,
): Promise<Map<string, CommandResult>> {
  const commands = fields.map((field) => ({ method: "task.item.userfield.add", params: { PARAMS: paramsOf(field) } }));
  const results = await client.batch(commands, signal);
  return new Map(fields.flatMap(({ name }, index): [string, CommandResult][] => {
    const result = results[index];
    return result === undefined ? [] : [[name, result]];
  }));
}

function paramsOf({ name, types: [type = "string"], label, values }: TaskField): JsonObject {
  const list = values.map((VALUE, index) => ({ VALUE, SORT: (index + 1) * 100, DEF: "N" }));
  return {
    USER_TYPE_ID: type,
    FIELD_NAME: name,
    XML_ID: name,
    EDIT_FORM_LABEL: { ru: label, en: name },
    LABEL: label,
    ...(list.length > 0 && { LIST: list }),
  };
}

function stepOf(
  { name, types: accepted, values }: TaskField,
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
  made: CommandResult | undefined,
): SetupStep {
  const [type = "string"] = accepted;
  const described = values.length === 0 ? type : `${type}: ${values.join(", ")}`;
  const present = before.get(name);
  if (present !== undefined) {
    if (accepted.includes(present)) return { name, state: "present", detail: "is there" };
    const remedy = "A field's type cannot be changed: remove or rename it on the portal, then run this again.";
    return { name, state: "failed", detail: `is there, but of type ${present}, not ${type}`, remedy };
  }
  if (made === undefined) return { name, state: "planned", detail: `is missing, would be made (${described})` };
  if (made.ok && accepted.includes(after.get(name) ?? "")) {
    return { name, state: "made", detail: `was made (${described})` };
  }
  const detail = made.ok ? "the portal made it under another name or type" : made.error.message;
  const remedy = `Let an administrator add it by hand: object TASKS_TASK, code ${name}, type ${described}.`;
  return { name, state: "failed", detail, remedy };
}
