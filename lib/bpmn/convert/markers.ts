/** Settings that analysts write into the description of an element in StormBPMN: `[[topic: op_create_task]]`. */
import { htmlText } from "../checklists/html_lines.ts";
import { type ElementSettings, elementSettingsSchema } from "./mapping.ts";

const MARKER = /\[\[\s*([A-Za-z]+(?:\.[^\s:=]+)?)\s*[:=]\s*(.*?)\s*\]\]/g;

/**
 * What the markers in a description say; names are those of the mapping file, and `property.<name>` any other property.
 * `unknown` are markers that are not understood, as they were written.
 */
export function markersIn(description: string): { settings: ElementSettings; unknown: string[] } {
  let settings: ElementSettings = {};
  const unknown: string[] = [];
  if (!description.includes("[[")) return { settings, unknown };
  for (const [marker, key = "", value = ""] of htmlText(description).matchAll(MARKER)) {
    const parsed = elementSettingsSchema.safeParse(settingOf(key, value, settings));
    if (parsed.success) settings = { ...settings, ...parsed.data };
    else unknown.push(marker);
  }
  return { settings, unknown };
}

function settingOf(key: string, value: string, before: ElementSettings): Record<string, unknown> {
  const property = /^property\.(.+)$/.exec(key)?.[1];
  if (property !== undefined) return { properties: { ...before.properties, [property]: value } };
  const assignee = typeof before.assignee === "object" ? before.assignee : {};
  if (key === "assignee") return { assignee: { ...assignee, id: value } };
  if (key === "assigneeName") return { assignee: { ...assignee, name: value } };
  return { [key]: value };
}
