/**
 * What settings can be, as zod schemas from the text in the environment to a value. Problems are written to follow the
 * setting's name ("CAMUNDA_MAX_TASKS must be …") and never repeat the text, which may be a secret.
 */
import { z } from "zod";

export type TextSchema<T> = z.ZodType<T, string>;

export interface NumberRange {
  readonly min?: number;
  readonly max?: number;
}

/** Any text, as it stands. An empty one never gets here: it counts as absent. */
export const text: TextSchema<string> = z.string();

/** A whole number, limits included. */
export function integer(range: NumberRange = {}): TextSchema<number> {
  return textSchema(`must be a whole number${inWords(range)}`, (input) => {
    if (!/^[+-]?\d+$/.test(input)) return undefined;
    const value = Number(input);
    return Number.isSafeInteger(value) && inRange(value, range) ? value : undefined;
  });
}

/** `true`/`false`, `1`/`0`, `yes`/`no`, `on`/`off`, in any case. */
export const boolean: TextSchema<boolean> = textSchema("must be true or false", (input) => {
  switch (input.toLowerCase()) {
    case "true":
    case "1":
    case "yes":
    case "on":
      return true;
    case "false":
    case "0":
    case "no":
    case "off":
      return false;
    default:
      return undefined;
  }
});

/** Milliseconds, read as milliseconds; the limits are milliseconds too. */
export function durationMs(range: NumberRange = {}): TextSchema<number> {
  return textSchema(`must be a whole number of milliseconds${inWords({ min: 0, ...range })}`, (input) => {
    const value = /^\d+$/.test(input) ? Number(input) : NaN;
    return Number.isSafeInteger(value) && inRange(value, range) ? value : undefined;
  });
}

/** Seconds, fractions allowed, read as milliseconds so that code knows one unit; the limits are seconds. */
export function secondsAsMs(range: NumberRange = {}): TextSchema<number> {
  return textSchema(`must be a number of seconds${inWords({ min: 0, ...range })}`, (input) => {
    const value = /^\d+(\.\d+)?$/.test(input) ? Number(input) : NaN;
    return Number.isFinite(value) && inRange(value, range) ? Math.round(value * 1000) : undefined;
  });
}

/** An absolute URL, kept as written except for blanks around it. Protocols are written as in `URL.protocol`: `https:`. */
export function url(options: { readonly protocols: readonly string[] }): TextSchema<string> {
  const schemes = options.protocols.map((protocol) => `${protocol}//`);
  return textSchema(`must be a URL that begins with ${schemes.join(" or ")}`, (input) => {
    const parsed = URL.parse(input);
    return parsed?.host && options.protocols.includes(parsed.protocol) ? input : undefined;
  });
}

/** One of these words, whatever its case; reads as it is written in `values`. */
export function choice<const Value extends string>(values: readonly Value[]): TextSchema<Value> {
  return textSchema(
    `must be one of ${values.join(", ")}`,
    (input) => values.find((value) => value.toLowerCase() === input.toLowerCase()),
  );
}

/** Words separated by commas; blanks around them and empty ones do not count. */
export const list: TextSchema<readonly string[]> = textSchema("must be words separated by commas", wordsIn);

/** At least one of these words, separated by commas, whatever their case; they read as they are written in `values`. */
export function choices<const Value extends string>(values: readonly Value[]): TextSchema<readonly Value[]> {
  const one = choice(values);
  return textSchema(`must be words of ${values.join(", ")}, separated by commas`, (input) => {
    const words = wordsIn(input);
    const chosen = words.flatMap((word) => one.safeParse(word).data ?? []);
    return words.length > 0 && chosen.length === words.length ? chosen : undefined;
  });
}

/** A schema that reads trimmed text or states what was expected. */
export function textSchema<T>(expected: string, read: (input: string) => T | undefined): TextSchema<T> {
  return z.string().transform((input, context) => {
    const value = read(input.trim());
    if (value !== undefined) return value;
    context.addIssue(expected);
    return z.NEVER;
  });
}

function wordsIn(input: string): string[] {
  return input.split(",").map((word) => word.trim()).filter((word) => word !== "");
}

function inRange(value: number, { min = -Infinity, max = Infinity }: NumberRange): boolean {
  return value >= min && value <= max;
}

function inWords({ min, max }: NumberRange): string {
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}`;
  if (min !== undefined) return `, ${min} or more`;
  return max === undefined ? "" : `, ${max} or less`;
}
