/** The REST methods this portal has. */
import type { JsonObject } from "../../lib/messages/json.ts";
import { addonMethods } from "./addon_methods.ts";
import { checklistMethods } from "./checklist_methods.ts";
import { commentMethods } from "./comment_methods.ts";
import { crmMethods } from "./crm_methods.ts";
import { directoryMethods } from "./directory_methods.ts";
import { fieldMethods } from "./field_methods.ts";
import { PortalError } from "./portal_error.ts";
import type { Method, MethodAnswer, MethodTable, PortalView } from "./portal_method.ts";
import { taskMethods } from "./task_methods.ts";

export type { MethodAnswer, PortalView } from "./portal_method.ts";

const standardMethods: MethodTable = {
  ...taskMethods,
  ...checklistMethods,
  ...commentMethods,
  ...fieldMethods,
  ...directoryMethods,
  ...crmMethods,
};

const SCOPES = ["task", "tasks", "user", "lists", "disk"];
const CRM_SCOPE = "crm";
const ADDON_SCOPE = "imena.camunda";

const platformMethods: MethodTable = {
  "scope": ({ addon, portal }) => ({
    result: [...SCOPES, ...portal.crm.inScope ? [CRM_SCOPE] : [], ...addon === undefined ? [] : [ADDON_SCOPE]],
  }),
  "methods": ({ addon }) => ({
    result: ["batch", ...Object.keys({ ...platformMethods, ...standardMethods, ...addon && addonMethods })],
  }),
};

const STANDARD = byLowerCase({ ...platformMethods, ...standardMethods });
const ADDON = byLowerCase(addonMethods);

/**
 * Runs a method. Case plays no part in its name.
 * @throws {PortalError}
 */
export function callMethod(view: PortalView, method: string, params: JsonObject, nowMs: number): MethodAnswer {
  const name = method.toLowerCase();
  const run = STANDARD.get(name) ?? (view.addon && ADDON.get(name));
  if (run === undefined) throw new PortalError("ERROR_METHOD_NOT_FOUND", "Method not found!", 404);
  return run(view, params, nowMs);
}

function byLowerCase(table: MethodTable): ReadonlyMap<string, Method> {
  return new Map(Object.entries(table).map(([name, method]) => [name.toLowerCase(), method]));
}
