/** `imena.camunda.userfield.*`: the custom fields of tasks once more. None of these answers has a `success`. */
import type { JsonObject } from "../../lib/messages/json.ts";
import { required } from "./addon_answers.ts";
import type { AddonMethod } from "./addon_methods.ts";
import { valuesAnswer } from "./field_methods.ts";
import { phpMap } from "./php_values.ts";
import type { Portal } from "./portal.ts";
import { PortalError } from "./portal_error.ts";
import type { PortalField } from "./portal_fields.ts";

const ENTITY = "TASKS_TASK";

export const userFieldMethods: Readonly<Record<string, AddonMethod>> = {
  "imena.camunda.userfield.list": (_addon, _params, { fields }) => ({
    userFields: [...fields].sort((a, b) => a.id - b.id).map(fieldAnswer),
    total: fields.length,
    entity: ENTITY,
  }),
  "imena.camunda.userfield.get": (_addon, params, portal) => {
    const field = fieldWith(portal, required(params, "fieldId"));
    if (field === undefined) throw new PortalError("ERROR_NOT_FOUND", "User field not found", 404);
    return { userField: fieldAnswer(field) };
  },
  "imena.camunda.userfield.exists": (_addon, params, portal) => {
    const fieldId = required(params, "fieldId");
    return { exists: fieldWith(portal, fieldId) !== undefined, fieldId };
  },
  "imena.camunda.userfield.stats": (_addon, _params, { fields }) => {
    const counts = [...Map.groupBy(fields, ({ type }) => type)].map(([type, { length }]) => ({ type, count: length }));
    const [first] = [...counts].sort((a, b) => b.count - a.count);
    const stats = {
      total: fields.length,
      by_type: phpMap(counts.map(({ type, count }) => [type, count])),
      types_count: counts.length,
      most_common_type: first?.type ?? null,
      entity: ENTITY,
    };
    return { stats };
  },
  "imena.camunda.userfield.types": () => ({
    types: {
      string: typeAnswer("Строка", true, false),
      enumeration: typeAnswer("Список", true, true),
      boolean: typeAnswer("Да/Нет", false, false),
    },
  }),
};

function fieldWith({ fields }: Portal, id: string): PortalField | undefined {
  return fields.find((field) => String(field.id) === id);
}

function fieldAnswer(field: PortalField): JsonObject {
  const { id, name, type } = field;
  return {
    ID: String(id),
    ENTITY_ID: ENTITY,
    FIELD_NAME: name,
    USER_TYPE_ID: type,
    XML_ID: name,
    SORT: "100",
    MULTIPLE: "N",
    MANDATORY: "N",
    SHOW_FILTER: "N",
    SHOW_IN_LIST: "Y",
    EDIT_IN_LIST: "Y",
    IS_SEARCHABLE: "N",
    SETTINGS: "a:0:{}",
    SETTINGS_PARSED: [],
    HAS_ENUM_VALUES: type === "enumeration",
    ...type === "enumeration" &&
      { ENUM_VALUES: valuesAnswer(field).map((value) => ({ ...value, IS_DEFAULT: false })) },
  };
}

function typeAnswer(name: string, multiple: boolean, list: boolean): JsonObject {
  return { name, description: name, supports_multiple: multiple, supports_enum: list };
}
