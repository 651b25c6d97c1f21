/** How the add-on says no. */
import type { JsonObject } from "../../lib/messages/json.ts";
import { textOf } from "./php_values.ts";

/** Answered as `{success: false, error}` with status 200. */
export class AddonRefusal extends Error {}

/** @throws {AddonRefusal} when the parameter is not given */
export function required(params: JsonObject, name: string): string {
  const value = textOf(params[name]);
  if (value === "") throw new AddonRefusal(`Missing required parameter: ${name}`);
  return value;
}
