/** Which keys a schema knows at a place, for "did you mean". */
import { z } from "zod";

/** Of all alternatives there; none where any key will do. */
export function keysAt(schema: unknown, path: readonly PropertyKey[]): string[] {
  if (schema instanceof z.ZodOptional) return keysAt(schema.unwrap(), path);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => keysAt(option, path));
  const [step, ...rest] = path;
  if (schema instanceof z.ZodRecord) return step === undefined ? [] : keysAt(schema.valueType, rest);
  if (!(schema instanceof z.ZodObject)) return [];
  const shape = new Map<string, unknown>(Object.entries(schema.shape));
  return step === undefined ? [...shape.keys()] : keysAt(shape.get(String(step)), rest);
}
