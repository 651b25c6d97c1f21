/** The methods of Java's strings, lists and maps and of Spin's JSON nodes that models call in expressions. */
import { type ElValue, elValueOfJson, isList, JsonNode } from "./variables.ts";

/** Undefined when the class has no such method here. */
export function callMethod(base: Exclude<ElValue, null>, name: string, args: readonly ElValue[]): ElValue | undefined {
  const [first = null] = args;
  if (typeof base === "string") return stringMethod(base, name, first);
  if (base instanceof JsonNode) return jsonMethod(base, name, first);
  if (base instanceof Map) return mapMethod(base, name, first);
  if (isList(base)) return listMethod(base, name, first);
  if (name === "toString") return String(base);
  return name === "equals" ? base === first : undefined;
}

function stringMethod(text: string, name: string, arg: ElValue): ElValue | undefined {
  const other = typeof arg === "string" ? arg : "";
  switch (name) {
    case "equals":
      return text === arg;
    case "equalsIgnoreCase":
      return typeof arg === "string" && text.toLowerCase() === arg.toLowerCase();
    case "contains":
      return text.includes(other);
    case "startsWith":
      return text.startsWith(other);
    case "endsWith":
      return text.endsWith(other);
    case "isEmpty":
      return text === "";
    case "length":
      return BigInt(text.length);
    case "trim":
      return text.trim();
    case "toLowerCase":
      return text.toLowerCase();
    case "toUpperCase":
      return text.toUpperCase();
    case "toString":
      return text;
    default:
      return undefined;
  }
}

function listMethod(list: readonly ElValue[], name: string, arg: ElValue): ElValue | undefined {
  switch (name) {
    case "size":
      return BigInt(list.length);
    case "isEmpty":
      return list.length === 0;
    case "contains":
      return list.includes(arg);
    case "get":
      return list[Number(arg)] ?? null;
    default:
      return undefined;
  }
}

function mapMethod(map: ReadonlyMap<string, ElValue>, name: string, arg: ElValue): ElValue | undefined {
  switch (name) {
    case "size":
      return BigInt(map.size);
    case "isEmpty":
      return map.size === 0;
    case "containsKey":
      return map.has(String(arg));
    case "get":
      return map.get(String(arg)) ?? null;
    default:
      return undefined;
  }
}

function jsonMethod(node: JsonNode, name: string, arg: ElValue): ElValue | undefined {
  const value = node.value;
  const property = typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.entries(value).find(([key]) => key === arg)
    : undefined;
  switch (name) {
    case "hasProp":
      return property !== undefined;
    case "prop":
      return property === undefined ? undefined : new JsonNode(property[1]);
    case "elements":
      return Array.isArray(value) ? value.map((element) => new JsonNode(element)) : undefined;
    case "value":
    case "stringValue":
    case "numberValue":
    case "boolValue":
      return elValueOfJson(value);
    case "isNull":
      return value === null;
    default:
      return undefined;
  }
}
