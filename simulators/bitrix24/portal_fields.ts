/** The custom fields of a portal's tasks that Exchanger needs. */

export const PORTAL_FIELD_TYPES = ["string", "boolean", "enumeration", "double", "date", "datetime"] as const;
export type PortalFieldType = typeof PORTAL_FIELD_TYPES[number];

export interface PortalField {
  readonly id: number;
  readonly name: string;
  readonly type: PortalFieldType;
  /** Of an enumeration: value ids and texts. */
  readonly values: ReadonlyMap<string, string>;
}

/** Keeps the external task id. */
export const KEY_FIELD = "UF_CAMUNDA_ID_EXTERNAL_TASK";

/** Keeps the answer, as the id of a value. */
export const ANSWER_FIELD = "UF_RESULT_ANSWER";

/** What a portal allows as answers; the ids are those of the predecessor's portal. */
export const ANSWERS: ReadonlyMap<string, string> = new Map([["26", "ДА"], ["27", "НЕТ"]]);

export function standardFields(): PortalField[] {
  const field = (id: number, name: string, type: PortalField["type"], values = new Map<string, string>()) => ({
    id,
    name,
    type,
    values,
  });
  return [
    field(101, KEY_FIELD, "string"),
    field(102, ANSWER_FIELD, "enumeration", new Map(ANSWERS)),
    field(103, "UF_RESULT_QUESTION", "string"),
    field(104, "UF_RESULT_EXPECTED", "boolean"),
    field(105, "UF_ELEMENT_ID", "string"),
    field(106, "UF_PROCESS_INSTANCE_ID", "string"),
  ];
}
