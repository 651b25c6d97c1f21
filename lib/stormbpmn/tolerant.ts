/** Fields of StormBPMN's answers: the vendor says that they will change, so whatever is not as expected counts as absent. */
import { z } from "zod";

export const tolerantText = z.string().optional().catch(undefined);
export const tolerantBoolean = z.boolean().optional().catch(undefined);
/** Also a number in quotes, as the vendor writes some. */
export const tolerantNumber = z.union([z.number(), z.string().regex(/^-?\d+(\.\d+)?$/).transform(Number)])
  .optional().catch(undefined);
/** A number counts as its digits. */
export const tolerantId = z.union([z.string().min(1), z.number().transform(String)]).optional().catch(undefined);

/** The elements of a list that have the shape; no list is an empty one. */
export function tolerantList<T>(element: z.ZodType<T>): z.ZodType<T[]> {
  return z.array(z.unknown()).catch([]).transform((values) => thoseOf(element, values));
}

/** As {@link tolerantList}, but it has to be a list. */
export function listOfTolerated<T>(element: z.ZodType<T>): z.ZodType<T[]> {
  return z.array(z.unknown()).transform((values) => thoseOf(element, values));
}

function thoseOf<T>(element: z.ZodType<T>, values: readonly unknown[]): T[] {
  return values.flatMap((value) => {
    const parsed = element.safeParse(value);
    return parsed.success ? [parsed.data] : [];
  });
}
