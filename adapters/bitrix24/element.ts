/** Where in which process a task stands, and what its model says of it. */
import { isJsonObject, type Json, type JsonObject } from "../../lib/messages/json.ts";
import type { TaskMessage } from "../../lib/messages/task_message.ts";
import { mapOf, textOf } from "./values.ts";

export interface Element {
  /** Of the process definition, without its version; `""` when the message does not say. */
  readonly processKey: string;
  readonly elementId: string;
  readonly processInstanceId: string;
  /** The element's name in the diagram, on one line. */
  readonly name: string;
}

export function elementOf(task: TaskMessage): Element {
  const activity = mapOf(task.metadata["activityInfo"]);
  return {
    // A definition id is `key:version:id`.
    processKey: task.process_definition_key || task.process_definition_id?.split(":")[0] || "",
    elementId: task.activity_id || textOf(activity["id"]),
    processInstanceId: task.process_instance_id ?? "",
    name: textOf(activity["name"]).replace(/\s+/g, " ").trim(),
  };
}

/**
 * What the model gives the task under this name: an input parameter, as the engine evaluated it, else a property. Lists and
 * maps among parameters the engine hands out in a form that only Java reads: then constants are taken as they are modelled.
 */
export function modelled(task: TaskMessage, name: string): Json | undefined {
  const inputs = mapOf(task.metadata["inputParameters"]);
  if (!Object.hasOwn(inputs, name)) return mapOf(task.metadata["extensionProperties"])[name];
  return task.variables[name] ?? (hasExpression(inputs[name]) ? undefined : inputs[name]);
}

/** Whether what is modelled has to be evaluated before it means anything. */
export function hasExpression(raw: Json | undefined): boolean {
  return /[$#]\{/.test(JSON.stringify(raw) ?? "");
}

/** The variables of the process, typed as Camunda's REST shows them. */
export function processVariablesOf(task: TaskMessage): JsonObject {
  const { processVariables } = task.metadata;
  const own = isJsonObject(processVariables) && Object.keys(processVariables).length > 0;
  return own ? processVariables : { ...task.process_variables };
}
