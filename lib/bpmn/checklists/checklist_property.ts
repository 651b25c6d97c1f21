/** Checklists as they stand in a diagram. */
import type { Checklist, ChecklistItem } from "./checklist.ts";

/**
 * The value of the `checklists` property, compact JSON `[{"name":"…","items":["…"]}]`; an item with items of its own is
 * `{"name":"…","items":[…]}` in its place, which the Bitrix24 adapter reads as deep as it goes.
 */
export function checklistProperty(checklists: readonly Checklist[]): string {
  return JSON.stringify(checklists.map(({ name, items }) => ({ name, items: items.map(itemJson) })));
}

type ItemJson = string | { readonly name: string; readonly items: readonly ItemJson[] };

function itemJson({ text, items }: ChecklistItem): ItemJson {
  return items.length === 0 ? text : { name: text, items: items.map(itemJson) };
}
