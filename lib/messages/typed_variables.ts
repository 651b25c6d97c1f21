/** Camunda's typed variable values as they travel in REST calls and in messages. */
import { z } from "zod";
import { json } from "./json.ts";
import { objectOr, textOr } from "./or_else.ts";

/** `{value, type, valueInfo}`; `Json` and serialised `Object` values are strings, dates `yyyy-MM-dd'T'HH:mm:ss.SSSZ`. */
export const typedValue = z.object({
  value: json,
  type: textOr("Null"),
  valueInfo: objectOr({}),
});
export type TypedValue = z.infer<typeof typedValue>;

export const typedVariables = z.record(z.string(), typedValue);
export type TypedVariables = Readonly<Record<string, TypedValue>>;
