/** Which object of the portal a task is to change. */
import type { Json } from "../../../lib/messages/json.ts";
import type { TaskMessage } from "../../../lib/messages/task_message.ts";
import { Refusal } from "../refusal.ts";
import { modelledValue } from "./modelled_fields.ts";
import type { CrmEntity } from "./topics.ts";

/**
 * The first that says something counts: `ID` in the model, then `dealId`, then `bitrix_deal_id`, both in the model or as a
 * variable of the process.
 * @throws {Refusal} when none says anything, or the one that does names no id.
 */
export function namedObject(task: TaskMessage, entity: CrmEntity | "task"): number {
  const [camelCase, ofCreation] = [`${entity}Id`, `bitrix_${entity}_id`];
  const named: readonly (readonly [string, Json | undefined])[] = [
    ["ID", modelledValue(task, "ID")],
    ...[camelCase, ofCreation].map((name) => [name, modelledValue(task, name) ?? task.variables[name]] as const),
  ];
  const [name, value] = named.find(([, value]) => value !== undefined && value !== null && value !== "") ?? [];
  if (name === undefined) {
    const message = `Nothing says which ${entity} is to be changed: set the input parameter or variable ${camelCase}.`;
    throw new Refusal("NO_ID", message);
  }
  const isNumber = typeof value === "string" || typeof value === "number";
  const digits = isNumber ? /^\s*([1-9]\d{0,14})\s*$/.exec(String(value))?.[1] : undefined;
  if (digits !== undefined) return Number(digits);
  throw new Refusal("BAD_ID", `${name} is no id of a ${entity}: a number from 1 is expected.`);
}
