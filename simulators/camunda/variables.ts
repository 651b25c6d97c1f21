/** Variable values: what REST takes in, what it gives out, and what expressions see (`ElValue`). */
import { Buffer } from "node:buffer";
import type { Json } from "../../lib/messages/json.ts";
import { formatDate, parseDate } from "./dates.ts";
import { EngineError, invalidRequest, processError } from "./engine_error.ts";

export interface TypedValue {
  readonly type: string;
  /** In serialised form: Object and Json as text, Bytes and File as base64, Date as epoch milliseconds. */
  readonly value: Json;
  readonly valueInfo: Readonly<Record<string, Json>>;
}

/** A variable as a client sends it. */
export interface VariableInput {
  readonly value?: Json | undefined;
  readonly type?: string | null | undefined;
  readonly valueInfo?: Readonly<Record<string, Json>> | null | undefined;
}

export interface RestVariable {
  readonly type: string;
  readonly value: Json;
  readonly valueInfo: Readonly<Record<string, Json>>;
}

const knownTypes: ReadonlyMap<string, string> = new Map(
  ["Null", "String", "Boolean", "Short", "Integer", "Long", "Double", "Date", "Json", "Xml", "Object", "File", "Bytes"]
    .map((type) => [type.toLowerCase(), type]),
);

const integerLimits: Readonly<Record<string, number>> = { Short: 2 ** 15, Integer: 2 ** 31, Long: 2 ** 63 };

/** @throws {EngineError} 400 when value and type do not fit, 10002 when a String does not fit its column (varchar 4000). */
export function typedValueFrom(input: VariableInput): TypedValue {
  const value = input.value ?? null;
  const { type: named } = input;
  const type = named === undefined || named === null ? inferredType(value) : knownTypes.get(named.toLowerCase());
  if (type === undefined) throw new EngineError(400, "RestException", `Unsupported value type '${input.type}'`, null);
  if (type === "Object" && typeof value === "object") {
    if (value === null) throw processError("Cannot find serializer for value 'ObjectValue [value=null]'.");
    // Without a type, an object or a list is stored as serialised Java: rarely what the client wanted.
    return javaSerialized(value, Array.isArray(value) ? "java.util.ArrayList" : "java.util.LinkedHashMap");
  }
  const valueInfo = type === "File"
    ? pick(input.valueInfo ?? {}, ["filename", "mimeType", "encoding"])
    : type === "Object"
    ? pick(input.valueInfo ?? {}, ["objectTypeName", "serializationDataFormat"])
    : {};
  if (value === null) return { type, value, valueInfo };
  const typed = { type, value: checkedValue(type, value), valueInfo };
  if (typeof typed.value === "string" && type === "String" && typed.value.length > 4000) {
    throw new EngineError(
      500,
      "ProcessEnginePersistenceException",
      "An exception occurred in the persistence layer. Please check the server logs for a detailed message and the entire exception stack trace.",
      10002,
    );
  }
  return typed;
}

function checkedValue(type: string, value: Exclude<Json, null>): Json {
  const mismatch = (javaType: string) =>
    invalidRequest(`Cannot convert value '${String(value)}' of type '${type}' to java type java.lang.${javaType}`);
  switch (type) {
    case "Boolean":
      if (typeof value !== "boolean") throw mismatch("Boolean");
      return value;
    case "Short":
    case "Integer":
    case "Long": {
      const number = typeof value === "string" && /^-?\d+$/u.test(value) ? Number(value) : value;
      if (typeof number !== "number" || !Number.isInteger(number)) throw mismatch(type);
      if (Math.abs(number) >= (integerLimits[type] ?? 0)) throw mismatch(type);
      return number;
    }
    case "Double": {
      const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
      if (typeof number !== "number" || Number.isNaN(number)) throw mismatch("Double");
      return number;
    }
    case "Date": {
      const time = typeof value === "string" ? parseDate(value) : undefined;
      if (time === undefined) {
        throw invalidRequest(`Cannot convert value '${String(value)}' of type 'Date' to java type java.util.Date`);
      }
      return time;
    }
    case "String":
      if (typeof value === "object") throw mismatch("String");
      return String(value);
    default:
      if (typeof value !== "string") {
        throw invalidRequest(
          `Must provide 'null' or String value for value of SerializableValue type '${type}'.`,
        );
      }
      return value;
  }
}

function inferredType(value: Json): string {
  if (value === null) return "Null";
  switch (typeof value) {
    case "string":
      return "String";
    case "boolean":
      return "Boolean";
    case "number":
      if (!Number.isInteger(value)) return "Double";
      return Math.abs(value) < 2 ** 31 ? "Integer" : "Long";
    default:
      return "Object";
  }
}

function pick(info: Readonly<Record<string, Json>>, names: readonly string[]): Record<string, Json> {
  return Object.fromEntries(Object.entries(info).filter(([name]) => names.includes(name)));
}

/**
 * A variable as the engine returns it.
 * @throws {EngineError} 500 when an Object of an unknown class shall be deserialised: one such variable spoils the whole answer.
 */
export function restVariable(name: string, typed: TypedValue, deserialize: boolean): RestVariable {
  const { type, value, valueInfo } = typed;
  switch (type) {
    case "Date":
      return { type, value: typeof value === "number" ? formatDate(value) : value, valueInfo };
    case "File":
      return { type, value: null, valueInfo };
    case "Json":
      return { type, value: deserialize && typeof value === "string" ? spinNode(name, value) : value, valueInfo };
    case "Object":
      return deserialize ? { type, value: deserializedObject(name, typed), valueInfo } : { type, value, valueInfo };
    default:
      return { type, value, valueInfo };
  }
}

/** With deserializeValues the engine renders Spin's node object, not the JSON: asking for it is always a mistake. */
function spinNode(name: string, text: string): Json {
  const parsed = parsedJson(name, text);
  const object = typeof parsed === "object" && parsed !== null && !Array.isArray(parsed);
  return {
    object,
    array: Array.isArray(parsed),
    boolean: typeof parsed === "boolean",
    number: typeof parsed === "number",
    string: typeof parsed === "string",
    null: parsed === null,
    value: parsed === null || typeof parsed !== "object",
    nodeType: object ? "OBJECT" : Array.isArray(parsed) ? "ARRAY" : "VALUE",
    dataFormatName: "application/json",
  };
}

/** The engine stores any text as Json and finds out when somebody wants to read it. */
function parsedJson(name: string, text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    throw processError(
      `Cannot deserialize object in variable '${name}': SPIN/JACKSON-JSON-01001 Unable to parse input into json node`,
    );
  }
}

function deserializedObject(name: string, { value, valueInfo }: TypedValue): Json {
  const className = String(valueInfo["objectTypeName"] ?? "");
  if (!/^java\.(util|lang)\./u.test(className)) {
    throw processError(
      `Cannot deserialize object in variable '${name}': SPIN/JACKSON-JSON-01007 Cannot construct java type from string '${className}'`,
    );
  }
  return typeof value === "string" ? JSON.parse(objectJson(value)) : null;
}

const javaMagic = "rO0AB"; // base64 of the first bytes of every Java serialisation

/** Opaque to clients, as the engine's is; the simulator finds its JSON behind the magic. */
function javaSerialized(value: Json, objectTypeName: string): TypedValue {
  return {
    type: "Object",
    value: javaMagic + Buffer.from(JSON.stringify(value)).toString("base64"),
    valueInfo: { objectTypeName, serializationDataFormat: "application/x-java-serialized-object" },
  };
}

function objectJson(serialized: string): string {
  if (!serialized.startsWith(javaMagic)) return serialized;
  return Buffer.from(serialized.slice(javaMagic.length), "base64").toString();
}

/** Spin's wrapper around a Json variable: expressions reach into it with `prop`, `elements`, `value`. */
export class JsonNode {
  constructor(readonly value: Json) {}
}

/** What expressions compute with: Short, Integer and Long are bigint, Double is number. */
export type ElValue = null | string | boolean | bigint | number | Date | JsonNode | readonly ElValue[] | ElMap;
export type ElMap = ReadonlyMap<string, ElValue>;

export function elValueOf({ type, value }: TypedValue): ElValue {
  if (value === null) return null;
  switch (type) {
    case "Short":
    case "Integer":
    case "Long":
      return BigInt(Number(value));
    case "Date":
      return new Date(Number(value));
    case "Json":
      return new JsonNode(JSON.parse(String(value)));
    case "Object":
      return elValueOfJson(JSON.parse(objectJson(String(value))));
    default:
      return typeof value === "object" ? elValueOfJson(value) : value;
  }
}

export function elValueOfJson(value: Json): ElValue {
  if (typeof value === "number") return Number.isInteger(value) ? BigInt(value) : value;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(elValueOfJson);
  return new Map(Object.entries(value).map(([key, entry]) => [key, elValueOfJson(entry)]));
}

/** The result of an expression as a variable; whole numbers become Long, as JUEL computes in Long. */
export function typedValueOfEl(value: ElValue): TypedValue {
  if (value === null) return { type: "Null", value: null, valueInfo: {} };
  if (typeof value === "bigint") return { type: "Long", value: Number(value), valueInfo: {} };
  if (typeof value === "number") return { type: "Double", value, valueInfo: {} };
  if (typeof value === "boolean") return { type: "Boolean", value, valueInfo: {} };
  if (typeof value === "string") return typedValueFrom({ value, type: "String" });
  if (value instanceof Date) return { type: "Date", value: value.getTime(), valueInfo: {} };
  if (value instanceof JsonNode) return { type: "Json", value: JSON.stringify(value.value), valueInfo: {} };
  return javaSerialized(jsonOfEl(value), javaClassOf(value));
}

function jsonOfEl(value: ElValue): Json {
  if (typeof value === "bigint") return Number(value);
  if (value instanceof Date) return value.getTime();
  if (value instanceof JsonNode) return value.value;
  if (value instanceof Map) {
    return Object.fromEntries(Array.from(value, ([key, entry]: [string, ElValue]) => [key, jsonOfEl(entry)]));
  }
  if (isList(value)) return value.map(jsonOfEl);
  return value === null || typeof value !== "object" ? value : null;
}

export function isList(value: ElValue): value is readonly ElValue[] {
  return Array.isArray(value);
}

/** The Java class behind a value, as error messages name it. */
export function javaClassOf(value: Exclude<ElValue, null>): string {
  if (typeof value === "string") return "java.lang.String";
  if (typeof value === "boolean") return "java.lang.Boolean";
  if (typeof value === "bigint") return "java.lang.Long";
  if (typeof value === "number") return "java.lang.Double";
  if (value instanceof Date) return "java.util.Date";
  if (value instanceof JsonNode) return "org.camunda.spin.impl.json.jackson.JacksonJsonNode";
  return isList(value) ? "java.util.ArrayList" : "java.util.TreeMap";
}
