/** Whether the portal's tasks have the fields that Exchanger keeps its marks and people's answers in. */
import { z } from "zod";
import type { Json } from "../../lib/messages/json.ts";
import type { CheckResult } from "../../lib/telemetry/check_result.ts";
import { TASK_FIELDS } from "./task_field_list.ts";

const fieldList = z.array(z.looseObject({ FIELD_NAME: z.string(), USER_TYPE_ID: z.string() }));

/** `answer` is the result of `task.item.userfield.getlist`. */
export function checkTaskFields(answer: Json): CheckResult {
  const name = "Bitrix24: task fields";
  const fields = fieldList.safeParse(answer).data ?? [];
  const types = new Map(fields.map(({ FIELD_NAME, USER_TYPE_ID }) => [FIELD_NAME, USER_TYPE_ID.toLowerCase()]));
  const faults = TASK_FIELDS.flatMap((field) => {
    const type = types.get(field.name);
    if (type === undefined) return [`${field.name} is missing (${field.types[0]})`];
    return field.types.includes(type) ? [] : [`${field.name} is of type ${type}, not ${field.types[0]}`];
  });
  if (faults.length === 0) return { name, ok: true, detail: `all ${TASK_FIELDS.length} are there` };
  return {
    name,
    ok: false,
    detail: faults.join("; "),
    remedy:
      "Run exchanger-creator setup bitrix24, or ask the portal's administrator to add these custom fields to tasks; without " +
      "them a task would be created twice.",
  };
}
