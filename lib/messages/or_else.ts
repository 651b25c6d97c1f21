/**
 * Fields that may be null or absent, and what they count as then. Each is one step: `nullish().transform()` is three, with
 * objects between them, for every field of every variable.
 */
import { z } from "zod";
import { isJsonObject, type JsonObject } from "./json.ts";

export const textOr = (fallback: string) => orElse("string", isText, fallback);
export const numberOr = (fallback: number) => orElse("number", isNumber, fallback);
export const booleanOr = (fallback: boolean) => orElse("boolean", isBoolean, fallback);
/** What lies inside is not looked into, see `jsonObject`. */
export const objectOr = (fallback: JsonObject) => orElse("object", isJsonObject, fallback);

function orElse<T>(
  expected: "string" | "number" | "boolean" | "object",
  is: (value: unknown) => value is T,
  fallback: T,
): z.ZodType<T> {
  return z.transform((value: unknown, context): T => {
    if (value === null || value === undefined) return fallback;
    if (is(value)) return value;
    context.issues.push({ code: "invalid_type", expected, input: value });
    return z.NEVER;
  });
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isNumber(value: unknown): value is number {
  return Number.isFinite(value);
}

function isBoolean(value: unknown): value is boolean {
  return typeof value === "boolean";
}
