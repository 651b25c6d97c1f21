/** Reads `filter[ID][0]=1&select[]=TITLE` into nested values, as PHP does: keys 0, 1, 2… in order are a list. */
import type { Json, JsonObject } from "../../lib/messages/json.ts";

type Branch = Map<string, string | Branch>;

export function parsePhpQuery(query: string): JsonObject {
  const root: Branch = new Map();
  for (const [name, value] of new URLSearchParams(query)) {
    const path = [name.replace(/\[.*$/s, ""), ...[...name.matchAll(/\[([^\]]*)\]/g)].map((match) => match[1] ?? "")];
    let branch = root;
    for (const [depth, step] of path.entries()) {
      const key = step === "" && depth > 0 ? String(branch.size) : step;
      if (depth === path.length - 1) {
        branch.set(key, value);
        break;
      }
      const next = branch.get(key);
      const inner: Branch = next instanceof Map ? next : new Map();
      branch.set(key, inner);
      branch = inner;
    }
  }
  return Object.fromEntries([...root].map(([key, value]) => [key, plain(value)]));
}

function plain(value: string | Branch): Json {
  if (typeof value === "string") return value;
  const keys = [...value.keys()];
  const values = [...value.values()].map(plain);
  return keys.every((key, index) => key === String(index))
    ? values
    : Object.fromEntries(keys.map((key, i) => [key, values[i] ?? null]));
}
