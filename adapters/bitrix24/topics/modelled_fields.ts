/**
 * The portal fields that the model of a task sets: its input parameters, as the engine evaluated them, and its extension
 * properties, as constants, where they are named like the vendor's fields (`TITLE`, `CONTACT_ID`, `UF_CRM_…`). Variables
 * of the process that the model does not name this way never reach the portal.
 */
import type { Json } from "../../../lib/messages/json.ts";
import type { TaskMessage } from "../../../lib/messages/task_message.ts";
import { hasExpression, modelled } from "../element.ts";
import { Refusal } from "../refusal.ts";
import { mapOf } from "../values.ts";

const FIELD_NAME = /^[A-Z][A-Z0-9_]*$/;

/**
 * By name; an input parameter counts before a property. A value that is null is absent: it changes nothing.
 * @throws {Refusal} naming the field whose value cannot be known.
 */
export function modelledFields(task: TaskMessage): ReadonlyMap<string, Json> {
  const properties = mapOf(task.metadata["extensionProperties"]);
  const inputs = mapOf(task.metadata["inputParameters"]);
  const names = [...Object.keys(properties), ...Object.keys(inputs)].filter((name) => FIELD_NAME.test(name));
  return new Map([...new Set(names)].flatMap((name): [string, Json][] => {
    const value = modelledValue(task, name);
    return value === undefined ? [] : [[name, value]];
  }));
}

/**
 * What the model gives the task under this name; `undefined` when nothing.
 * @throws {Refusal} where it cannot be known
 */
export function modelledValue(task: TaskMessage, name: string): Json | undefined {
  const inputs = mapOf(task.metadata["inputParameters"]);
  const value = modelled(task, name) ?? undefined;
  if (!Object.hasOwn(inputs, name)) {
    if (!hasExpression(value)) return value;
    const message =
      `The extension property ${name} holds an expression, which nobody evaluates there: make it an input ` +
      "parameter.";
    throw new Refusal("BAD_FIELD", message);
  }
  if (value !== undefined) return value === "" && task.variables[name] === undefined ? undefined : value;
  if (typeof inputs[name] === "object" && hasExpression(inputs[name])) {
    const message =
      `The input parameter ${name} is a list or map with expressions, which the engine hands out in Java's ` +
      'own form: write it as JSON instead, such as ${S("[1, 2]")}.';
    throw new Refusal("BAD_FIELD", message);
  }
  return undefined;
}
