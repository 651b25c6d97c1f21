/** The block of a description that shows the process's variables, as the diagram lists them. */
import { isJsonObject, type Json, type JsonObject } from "../../../lib/messages/json.ts";
import { escapeBb } from "./description.ts";
import { shownValue } from "./shown_values.ts";
import { intOf, mapOf, rowsOf, textOf } from "../values.ts";

/**
 * A line for each property of the diagram, in its order, `Name: value;`, also for one without a value yet. `data` is that of
 * `imena.camunda.diagram.properties.list`.
 */
export function variablesBlock(data: Json | undefined, variables: JsonObject, zone: string): string {
  const properties = rowsOf(mapOf(data)["properties"]).filter(isJsonObject);
  const inOrder = properties.toSorted((a, b) => (intOf(a["SORT"]) ?? 0) - (intOf(b["SORT"]) ?? 0));
  return inOrder.map((property) => {
    const code = textOf(property["CODE"]);
    const value = shownValue(textOf(property["TYPE"]), variables[code], zone);
    return `${escapeBb(textOf(property["NAME"]) || code)}: ${escapeBb(value)};`;
  }).join("\n");
}
