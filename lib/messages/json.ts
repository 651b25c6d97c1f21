/** JSON as a type, and bytes to JSON with an error that a person can act on. */
import { z } from "zod";

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** Any JSON value that `JSON.parse` can return. */
export const json: z.ZodType<Json> = z.json();
export const jsonObject: z.ZodType<JsonObject> = z.record(z.string(), z.json());

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
  const rawBody = lossyUtf8.decode(body);
  if (nestingOf(body) > deepestNesting) {
    throw new MalformedMessageError(`The body is nested more than ${deepestNesting} levels deep`, rawBody);
  }
  let value: unknown;
  try {
    value = JSON.parse(strictUtf8.decode(body));
  } catch (error) {
    const why = error instanceof SyntaxError ? `not JSON: ${error.message}` : "not UTF-8 text";
    throw new MalformedMessageError(`The body is ${why}`, rawBody);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join(".") || "body"}: ${issue.message}`);
  throw new MalformedMessageError(`The body does not have the expected shape: ${faults.join("; ")}`, rawBody);
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
