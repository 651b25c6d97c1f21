/** `task.item.userfield.*`: the custom fields of tasks. */
import type { Json, JsonObject } from "../../lib/messages/json.ts";
import { objectOf, textOf, textsOf } from "./php_values.ts";
import type { Portal } from "./portal.ts";
import { PortalError } from "./portal_error.ts";
import { PORTAL_FIELD_TYPES, type PortalField } from "./portal_fields.ts";
import type { MethodTable, PortalView } from "./portal_method.ts";
import { positional } from "./positional.ts";

export const fieldMethods: MethodTable = {
  "task.item.userfield.getlist": positional(["ORDER", "FILTER"], ({ portal }, params) => ({
    result: fieldsIn(portal, objectOf(params["FILTER"])).map(fieldAnswer),
    total: 0,
  })),
  "task.item.userfield.get": positional(["ID"], ({ portal }, params) => {
    const field = portal.fields.find(({ id }) => String(id) === textOf(params["ID"]));
    if (field === undefined) throw new PortalError("ERROR_NOT_FOUND", "The entity is not found");
    return { result: { ...fieldAnswer(field), ...(field.type === "enumeration" && { LIST: valuesAnswer(field) }) } };
  }),
  /**
   * Lists are made as well as texts and yes-or-no fields: the interface behind the method can, though the vendor's page
   * names only `string`, `double`, `datetime` and `boolean` as supported.
   */
  "task.item.userfield.add": positional(["PARAMS"], (view, params) => {
    mayChange(view);
    const { fields } = view.portal;
    const given = objectOf(params["PARAMS"]);
    const type = PORTAL_FIELD_TYPES.find((type) => type === textOf(given["USER_TYPE_ID"]));
    if (type === undefined) throw new PortalError("ERROR_CORE", "Пользовательский тип указан неверно.");
    const name = textOf(given["FIELD_NAME"]).toUpperCase().replace(/^(?!UF_)/, "UF_");
    if (!/^UF_[A-Z0-9_]+$/.test(name)) throw new PortalError("ERROR_CORE", "Имя поля указано неверно.");
    if (fields.some((field) => field.name === name)) {
      throw new PortalError("ERROR_CORE", `Поле ${name} для объекта TASKS_TASK уже существует.`);
    }
    const id = Math.max(100, ...fields.map((field) => field.id)) + 1;
    fields.push({
      id,
      name,
      type,
      values: type === "enumeration" ? valuesWith(view.portal, given["LIST"]) : new Map(),
    });
    return { result: id };
  }),
  /** Adds values to a list; nothing else of a field changes here. */
  "task.item.userfield.update": positional(["ID", "DATA"], (view, params) => {
    mayChange(view);
    const { fields } = view.portal;
    const id = textOf(params["ID"]);
    const index = fields.findIndex((field) => String(field.id) === id);
    const field = fields[index];
    if (field === undefined) throw new PortalError("ERROR_NOT_FOUND", `The entity with ID '${id}' is not found`);
    const added = valuesWith(view.portal, objectOf(params["DATA"])["LIST"]);
    fields[index] = { ...field, values: new Map([...field.values, ...added]) };
    return { result: true };
  }),
};

function mayChange({ visibility }: PortalView): void {
  if (!visibility.admin) throw new PortalError("ERROR_CORE", "Access denied.");
}

/** Those without an `ID` are new; ids of values are the portal's, not the field's. */
function valuesWith({ fields }: Portal, list: Json | undefined): Map<string, string> {
  const taken = fields.flatMap(({ values }) => [...values.keys()].map(Number));
  const first = Math.max(0, ...taken) + 1;
  return new Map(
    Object.values(objectOf(list)).map(objectOf).map(({ ID, VALUE }, index) => [
      textOf(ID) || String(first + index),
      textOf(VALUE),
    ]),
  );
}

function fieldsIn(portal: Portal, filter: JsonObject): PortalField[] {
  const name = filter["FIELD_NAME"];
  if (name === undefined) return [...portal.fields];
  const names = textsOf(name);
  return portal.fields.filter((field) => names.includes(field.name));
}

/** `getlist` shows no values of an enumeration, only `get` does. */
function fieldAnswer({ id, name, type }: PortalField): JsonObject {
  return {
    ID: String(id),
    ENTITY_ID: "TASKS_TASK",
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
    SETTINGS: [],
  };
}

/** The values of an enumeration, as `get` and the add-on show them. */
export function valuesAnswer({ values }: PortalField): JsonObject[] {
  return [...values].map(([id, value], index) => ({
    ID: id,
    SORT: String((index + 1) * 10),
    VALUE: value,
    DEF: "N",
    XML_ID: `answer_${id}`,
  }));
}
