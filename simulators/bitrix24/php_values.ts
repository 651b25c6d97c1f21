/** Values the way PHP takes them: a portal expects nothing but texts, lists and maps. */
import type { Json, JsonObject } from "../../lib/messages/json.ts";

/** As PHP turns a scalar into text; lists and maps have none. */
export function textOf(value: Json | undefined): string {
  if (value === true) return "1";
  return value === undefined || value === null || value === false || typeof value === "object" ? "" : String(value);
}

export function objectOf(value: Json | undefined): JsonObject {
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

/** The texts in a list, or in a map such as a form makes of one; of a scalar, itself. */
export function textsOf(value: Json | undefined): string[] {
  return typeof value === "object" && value !== null ? Object.values(value).map(textOf) : [textOf(value)];
}

/** PHP writes an empty map as an empty list, and a map with the keys 0, 1, 2… as a list. */
export function phpMap(entries: readonly (readonly [string, Json])[]): Json {
  const isList = entries.every(([key], index) => key === String(index));
  return isList ? entries.map(([, value]) => value) : Object.fromEntries(entries);
}
