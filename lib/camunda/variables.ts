/** Between Camunda's typed variables and plain values. */
import { Buffer } from "node:buffer";
import { type Json, json } from "../messages/json.ts";
import type { TypedValue } from "../messages/typed_variables.ts";
import { parseExactJson } from "./exact_json.ts";

export interface EncodeOptions {
  /** `CAMUNDA_JSON_VARIABLES`: what the engine can store lists and objects as. `Json` needs Spin. */
  readonly jsonVariables: "Json" | "String";
}

/** `TEXT_ varchar(4000)` in the engine's tables; longer text is answered 500 with code 10002. */
const LONGEST_STRING = 4_000;

/** The variable that makes an expression see `value`. The name is used for the file that a text may have to become. */
export function encodeVariable(
  name: string,
  value: Json | Date | bigint | undefined,
  options: EncodeOptions,
): TypedValue {
  switch (typeof value) {
    case "string":
      return encodeText(name, value, options);
    case "boolean":
      return { type: "Boolean", value, valueInfo: {} };
    case "number":
      return encodeNumber(value);
    case "bigint":
      // As text: the engine parses the digits, a JSON number would lose some.
      return BigInt.asIntN(64, value) === value
        ? { type: "Long", value: `${value}`, valueInfo: {} }
        : encodeText(name, `${value}`, options);
    case "undefined":
      return { type: "Null", value: null, valueInfo: {} };
    case "object":
      if (value === null) return { type: "Null", value: null, valueInfo: {} };
      if (value instanceof Date) return { type: "Date", value: formatCamundaDate(value), valueInfo: {} };
      if (options.jsonVariables === "Json") return { type: "Json", value: JSON.stringify(value), valueInfo: {} };
      return encodeText(name, JSON.stringify(value), options);
  }
}

/** A typed variable of somebody else, in a form that this engine can store: without Spin `Json` is text. */
export function storableVariable(name: string, typed: TypedValue, options: EncodeOptions): TypedValue {
  const isText = typed.type === "Json" && options.jsonVariables === "String" && typeof typed.value === "string";
  return isText ? encodeText(name, String(typed.value), options) : typed;
}

/**
 * The bare value, as messages carry it: JSON is parsed, what is longer than a number can hold stays text, and what has no
 * bare form (files, serialised Java) is `null`.
 */
export function decodeVariable({ type, value, valueInfo }: TypedValue): Json {
  switch (type) {
    case "Json":
      return parsedOr(value);
    case "Object":
      switch (valueInfo["serializationDataFormat"]) {
        case "application/x-java-serialized-object":
          return null;
        case "application/json":
          return parsedOr(value);
        default:
          return value;
      }
    case "File":
      return null;
    default:
      return value;
  }
}

/**
 * `yyyy-MM-dd'T'HH:mm:ss.SSSZ`, the offset without a colon; the engine refuses `…Z`.
 * @throws {RangeError} outside the years 1 to 9999.
 */
export function formatCamundaDate(date: Date): string {
  const year = date.getUTCFullYear();
  if (!(year >= 1 && year <= 9999)) throw new RangeError("Camunda's dates are in the years 1 to 9999");
  return date.toISOString().replace("Z", "+0000");
}

function encodeNumber(value: number): TypedValue {
  if (Number.isSafeInteger(value)) return { type: "Long", value, valueInfo: {} };
  // Beyond 2^53 the digits are not known, only the magnitude; and JSON has neither NaN nor infinity.
  return Number.isFinite(value)
    ? { type: "Double", value, valueInfo: {} }
    : { type: "Null", value: null, valueInfo: {} };
}

function encodeText(name: string, text: string, options: EncodeOptions): TypedValue {
  if (text.length <= LONGEST_STRING) return { type: "String", value: text, valueInfo: {} };
  if (options.jsonVariables === "Json") {
    // Spin stores it as bytes without a limit, and expressions see a java.lang.String again.
    const valueInfo = { objectTypeName: "java.lang.String", serializationDataFormat: "application/json" };
    return { type: "Object", value: JSON.stringify(text), valueInfo };
  }
  // Expressions cannot read it, but nothing of it is lost, and people can open it.
  const valueInfo = { filename: `${name}.txt`, mimeType: "text/plain", encoding: "UTF-8" };
  return { type: "File", value: Buffer.from(text).toString("base64"), valueInfo };
}

function parsedOr(value: Json): Json {
  if (typeof value !== "string") return value;
  try {
    return json.parse(parseExactJson(value));
  } catch {
    return value; // Spin does not check what it stores
  }
}
