/** `$result[key][path]…` in the commands of a batch: values of earlier answers (`batch.md` of the vendor). */
import type { Json, JsonObject } from "../../lib/messages/json.ts";
import { objectOf, textOf } from "./php_values.ts";

const REFERENCE = /\$result((?:\[[^\]]*\])+)/g;

/**
 * The parameters with all references put in. One that is a whole value becomes what it stands for, lists and maps
 * included; one inside a text becomes text. What leads nowhere is an empty text.
 */
export function withResults(params: JsonObject, answers: ReadonlyMap<string, { readonly result: Json }>): JsonObject {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, putIn(value, answers)]));
}

function putIn(value: Json, answers: ReadonlyMap<string, { readonly result: Json }>): Json {
  if (typeof value === "string") {
    const [whole, path] = [...value.matchAll(REFERENCE)][0] ?? [];
    if (path === undefined) return value;
    if (whole === value) return resolve(path, answers) ?? "";
    return value.replace(REFERENCE, (_, path: string) => textOf(resolve(path, answers)));
  }
  if (Array.isArray(value)) return value.map((item: Json) => putIn(item, answers));
  return typeof value === "object" && value !== null ? withResults(objectOf(value), answers) : value;
}

function resolve(path: string, answers: ReadonlyMap<string, { readonly result: Json }>): Json | undefined {
  const [key = "", ...steps] = [...path.matchAll(/\[([^\]]*)\]/g)].map(([, step = ""]) => step);
  return steps.reduce((value: Json | undefined, step) => objectOf(value)[step], answers.get(key)?.result);
}
