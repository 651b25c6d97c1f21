/** Values of process variables, and of answers in PHP's ways, as numbers, texts and lists. */
import { isJsonObject, type Json, type JsonObject } from "../../lib/messages/json.ts";

/** The bare value of `{value}` or `{VALUE}`, such as a typed variable; anything else is its own. */
export function bareValue(value: Json | undefined): Json | undefined {
  if (!isJsonObject(value)) return value;
  return "value" in value ? value["value"] : "VALUE" in value ? value["VALUE"] : value;
}

/** A whole number, as a number (fractions are cut), as text or as true (1); `undefined` for all else. */
export function intOf(value: Json | undefined): number | undefined {
  const bare = bareValue(value);
  if (typeof bare === "boolean") return Number(bare);
  if (typeof bare === "number") return Number.isFinite(bare) ? Math.trunc(bare) : undefined;
  return typeof bare === "string" && /^\s*[+-]?\d{1,15}\s*$/.test(bare) ? Number(bare) : undefined;
}

/** An id of the portal: a whole number from 1. */
export function idOf(value: Json | undefined): number | undefined {
  const id = intOf(value);
  return id !== undefined && id > 0 ? id : undefined;
}

/** Ids in a list, in a list written as JSON, or in a text with commas between them. What is no id is left out. */
export function idsOf(value: Json | undefined): number[] {
  return textsOf(value).flatMap((text) => idOf(text) ?? []);
}

/** Texts in a list, in a list written as JSON, or in a text with commas between them; blank ones are left out. */
export function textsOf(value: Json | undefined): string[] {
  const bare = bareValue(value);
  if (typeof bare !== "string") return rowsOf(bare).map((item) => textOf(item).trim()).filter((text) => text !== "");
  const items = bare.trim().startsWith("[") ? rowsOf(parsedJson(bare)).map(textOf) : bare.split(",");
  return items.map((item) => item.trim()).filter((item) => item !== "");
}

/** The text of a single value; `""` for null, lists and maps. */
export function textOf(value: Json | undefined): string {
  const bare = bareValue(value);
  return bare === undefined || bare === null || typeof bare === "object" ? "" : String(bare);
}

/** A map; PHP writes an empty one as `[]`, and null may stand for it. */
export function mapOf(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

/** A list; PHP writes one whose numbering has gaps as a map. A single value is a list of one. */
export function rowsOf(value: Json | undefined): readonly Json[] {
  if (value === undefined || value === null || value === "") return [];
  if (typeof value !== "object") return [value];
  return Object.values(value);
}

/** `undefined` for what is no JSON. */
export function parsedJson(text: string): Json | undefined {
  try {
    const parsed: Json = JSON.parse(text);
    return parsed;
  } catch {
    return undefined;
  }
}
