/** Parameters the way PHP reads them from a query string: `filter[ID][0]=1&select[]=TITLE`. A batch command is one. */
import type { Json, JsonObject } from "../messages/json.ts";

/**
 * `filter%5BID%5D%5B0%5D=1`. Booleans become 1 and 0; `null` an empty text, since PHP would drop it. An empty list or map
 * leaves no trace, which PHP cannot tell from an absent one.
 */
export function encodePhpQuery(params: JsonObject): string {
  return [...pairs(params)].map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join(
    "&",
  );
}

/** The values of the `name=value` pairs that the parameters make, not encoded. */
export function phpValues(params: JsonObject): string[] {
  return [...pairs(params)].map(([, value]) => value);
}

function* pairs(params: JsonObject | readonly Json[], prefix = ""): Iterable<[string, string]> {
  for (const [key, value] of Object.entries(params)) {
    const name = prefix === "" ? key : `${prefix}[${key}]`;
    if (typeof value === "object" && value !== null) yield* pairs(value, name);
    else if (typeof value === "boolean") yield [name, value ? "1" : "0"];
    else yield [name, value === null ? "" : String(value)];
  }
}
