/** JSON as a type, and bytes to JSON with an error that a person can act on. */
import { z } from "zod";

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/**
 * A value that came out of `JSON.parse` or is JSON by its type: what lies inside is not looked into again, since a message
 * holds three copies of all variables of a process.
 */
export const json: z.ZodType<Json> = z.custom<Json>((value) => value !== undefined, "is missing");
/** As {@link json}, and neither a list nor a single value. */
export const jsonObject: z.ZodType<JsonObject> = z.custom<JsonObject>(isJsonObject, "is not an object");

/** Whether JSON is neither a list nor a single value. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A message body that cannot be understood; `rawBody` is its text with replacement characters where it is not UTF-8. */
export class MalformedMessageError extends Error {
  override readonly name = "MalformedMessageError";
  constructor(message: string, readonly rawBody: string) {
    super(message);
  }
}

const strictUtf8 = new TextDecoder("utf-8", { fatal: true });
const lossyUtf8 = new TextDecoder();
const encoder = new TextEncoder();

/** Far more than any message has; reading and writing recurse, and a stack that overflows would stop a whole batch. */
const deepestNesting = 200;

/**
 * Parses a body into a message.
 * @throws {MalformedMessageError} not UTF-8, not JSON, nested more than 200 levels deep, not an object, or not of this
 *   shape (all faults named).
 */
export function decodeMessage<T>(schema: z.ZodType<T>, body: Uint8Array): T {
  return readAs(schema, parseBody(body), body);
}

/**
 * The body as it came, without a meaning.
 * @throws {MalformedMessageError} not UTF-8, not JSON, nested more than 200 levels deep, or not an object.
 */
export function decodeObject(body: Uint8Array): JsonObject {
  return decodeMessage(jsonObject, body);
}

/**
 * What a decoded `body` means.
 * @throws {MalformedMessageError} not of this shape; all faults are named.
 */
export function readAs<T>(schema: z.ZodType<T>, decoded: unknown, body: Uint8Array): T {
  const parsed = schema.safeParse(decoded);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join(".") || "body"}: ${issue.message}`);
  const message = `The body does not have the expected shape: ${faults.join("; ")}`;
  throw new MalformedMessageError(message, lossyUtf8.decode(body));
}

/** Such a key, or an escape that may hide one. As an object's own key it would do harm wherever keys are copied. */
const PROTOTYPE_KEY = /__proto__|\\u00[5-7]/i;

function parseBody(body: Uint8Array): unknown {
  if (nestingOf(body) > deepestNesting) {
    const message = `The body is nested more than ${deepestNesting} levels deep`;
    throw new MalformedMessageError(message, lossyUtf8.decode(body));
  }
  try {
    const text = strictUtf8.decode(body);
    if (!PROTOTYPE_KEY.test(text)) return JSON.parse(text);
    return JSON.parse(text, (key, value) => key === "__proto__" ? undefined : value);
  } catch (error) {
    const why = error instanceof SyntaxError ? `not JSON: ${error.message}` : "not UTF-8 text";
    throw new MalformedMessageError(`The body is ${why}`, lossyUtf8.decode(body));
  }
}

/** How deep lists and objects lie in each other. Works on bytes: those of JSON's signs stand for nothing else in UTF-8. */
function nestingOf(body: Uint8Array): number {
  let [depth, deepest] = [0, 0];
  let inText = false;
  for (let at = 0; at < body.length; at++) {
    switch (body[at]) {
      case 0x22: // "
        inText = !inText;
        break;
      case 0x5c: // \ takes the next sign with it
        at++;
        break;
      case 0x5b: // [
      case 0x7b: // {
        if (!inText && ++depth > deepest) deepest = depth;
        break;
      case 0x5d: // ]
      case 0x7d: // }
        if (!inText) depth--;
        break;
    }
  }
  return deepest;
}

/** JSON text in UTF-8, non-ASCII characters unescaped, as the predecessor wrote it. */
export function encodeMessage(message: object): Uint8Array<ArrayBuffer> {
  return encoder.encode(JSON.stringify(message));
}
