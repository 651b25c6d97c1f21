/** Whether the portal's tasks have the fields that Exchanger keeps its marks and people's answers in. */
import { z } from "zod";
import type { Json } from "../../lib/messages/json.ts";
import type { CheckResult } from "../../lib/telemetry/check_result.ts";

/** Accepted USER_TYPE_ID, in any case, by field. */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  UF_CAMUNDA_ID_EXTERNAL_TASK: ["string", "text"],
  UF_RESULT_ANSWER: ["enumeration", "enum"],
  UF_RESULT_QUESTION: ["string", "text"],
  UF_RESULT_EXPECTED: ["boolean", "bool"],
  UF_ELEMENT_ID: ["string", "text"],
  UF_PROCESS_INSTANCE_ID: ["string", "text"],
};

const fieldList = z.array(z.looseObject({ FIELD_NAME: z.string(), USER_TYPE_ID: z.string() }));

/** `answer` is the result of `task.item.userfield.getlist`. */
export function checkTaskFields(answer: Json): CheckResult {
  const name = "Bitrix24: task fields";
  const fields = fieldList.safeParse(answer).data ?? [];
  const types = new Map(fields.map(({ FIELD_NAME, USER_TYPE_ID }) => [FIELD_NAME, USER_TYPE_ID.toLowerCase()]));
  const faults = Object.entries(REQUIRED).flatMap(([field, accepted]) => {
    const type = types.get(field);
    if (type === undefined) return [`${field} is missing (${accepted[0]})`];
    return accepted.includes(type) ? [] : [`${field} is of type ${type}, not ${accepted[0]}`];
  });
  if (faults.length === 0) return { name, ok: true, detail: `all ${types.size} are there` };
  return {
    name,
    ok: false,
    detail: faults.join("; "),
    remedy:
      "Ask the portal's administrator to add these custom fields to tasks; without them a task would be created twice.",
  };
}
