/** The checklists of a task as trees, out of the flat rows of `task.checklistitem.getlist`. */
import { z } from "zod";
import type { JsonObject } from "../../../lib/messages/json.ts";

const id = z.union([z.string(), z.number()]).nullish().transform((value) => String(value ?? "0"));

/** Newest first, all values as texts; a parent of 0 marks a checklist, the other rows are its items at any depth. */
export const checklistRows = z.array(z.looseObject({
  ID: id,
  PARENT_ID: id,
  TITLE: z.string().nullish().transform((title) => title ?? ""),
  SORT_INDEX: z.union([z.string(), z.number()]).nullish().transform((index) => Number(index ?? 0) || 0),
  IS_COMPLETE: z.union([z.string(), z.boolean()]).nullish().transform((value) => value === true || value === "Y"),
}));
type Row = z.infer<typeof checklistRows>[number];

/** `[{title, items: [{title, complete, items?: […]}]}]`, in the order that people see. */
export function checklistTrees(rows: readonly Row[]): JsonObject[] {
  const ids = new Set(rows.map(({ ID }) => ID));
  const byParent = Map.groupBy(
    rows.toSorted((a, b) => a.SORT_INDEX - b.SORT_INDEX || Number(a.ID) - Number(b.ID)),
    // A row whose parent is not shown stands for itself rather than being lost.
    ({ PARENT_ID }) => ids.has(PARENT_ID) ? PARENT_ID : "0",
  );
  const itemsOf = (parentId: string): JsonObject[] =>
    (byParent.get(parentId) ?? []).map(({ ID, TITLE: title, IS_COMPLETE: complete }) => {
      const items = itemsOf(ID);
      return { title, complete, ...(items.length > 0 ? { items } : {}) };
    });
  return (byParent.get("0") ?? []).map(({ ID, TITLE: title }) => ({ title, items: itemsOf(ID) }));
}
