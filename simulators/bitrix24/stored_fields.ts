/** Task fields as the portal keeps them, from what a request gives. */
import type { Json } from "../../lib/messages/json.ts";
import { textOf, textsOf } from "./php_values.ts";
import type { PortalField } from "./portal_fields.ts";
import type { TaskFields } from "./task_store.ts";

/** Attachments, which are the portal's business. */
export const FILES_FIELD = "UF_TASK_WEBDAV_FILES";
const LISTS: ReadonlySet<string> = new Set(["ACCOMPLICES", "AUDITORS", "UF_CRM_TASK"]);

/** Texts, and 1 or 0 for a yes-or-no field. Custom fields that the portal does not have are dropped silently. */
export function storedFields(known: readonly PortalField[], fields: TaskFields): TaskFields {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]): [string, Json][] => {
      if (name === FILES_FIELD) return [];
      if (LISTS.has(name)) return [[name, textsOf(value).filter((text) => text !== "")]];
      if (name === "TAGS") return [[name, tagsOf(value)]];
      if (!name.startsWith("UF_")) return [[name, typeof value === "number" ? String(value) : value]];
      const field = known.find((field) => field.name === name);
      if (field === undefined) return [];
      if (field.type === "boolean") return [[name, /^(y|1|true)$/i.test(textOf(value)) ? "1" : "0"]];
      return [[name, textOf(value)]];
    }),
  );
}

/** A text is taken apart at its commas, a list is not. */
function tagsOf(value: Json): string[] {
  const tags = typeof value === "object" ? textsOf(value) : textOf(value).split(",");
  return [...new Set(tags.map((tag) => tag.trim()).filter((tag) => tag !== ""))];
}
