/** `imena.camunda.*`, all sixteen methods (version 2.6 of the add-on). */
import type { Json, JsonObject } from "../../lib/messages/json.ts";
import { AddonRefusal, required } from "./addon_answers.ts";
import { diagramMethods } from "./addon_diagrams.ts";
import type { Addon } from "./addon_store.ts";
import { taskMethods } from "./addon_tasks.ts";
import { templateMethods } from "./addon_templates.ts";
import { userFieldMethods } from "./addon_userfields.ts";
import { textOf } from "./php_values.ts";
import type { Portal } from "./portal.ts";
import { PortalError } from "./portal_error.ts";
import type { Method, MethodTable } from "./portal_method.ts";

/** A method of the add-on: from the request's parameters to the whole `result`. */
export type AddonMethod = (addon: Addon, params: JsonObject, portal: Portal, nowMs: number) => Json;

const sync: AddonMethod = (addon, params, _portal, nowMs) => {
  const processInstanceId = required(params, "processInstanceId");
  const processDefinitionKey = required(params, "processDefinitionKey");
  addon.recordSync({ processDefinitionKey, processInstanceId });
  const timestamp = new Date(nowMs).toISOString().slice(0, 19).replace("T", " ");
  return { success: true, message: "Webhook received", processInstanceId, processDefinitionKey, timestamp };
};

const supervisor: AddonMethod = (addon, params) => {
  const userId = Number(textOf(params["userId"]) || "0");
  if (!(userId > 0)) throw new AddonRefusal("Missing or invalid required parameter: userId");
  const supervisorId = addon.supervisorOf(userId);
  const found = supervisorId === undefined
    ? { userId, supervisorId: null, message: "Supervisor not found for this user" }
    : { userId, supervisorId };
  return { success: true, data: found };
};

const methods: Readonly<Record<string, AddonMethod>> = {
  "imena.camunda.sync": sync,
  "imena.camunda.user.supervisor.get": supervisor,
  ...diagramMethods,
  ...userFieldMethods,
  ...templateMethods,
  ...taskMethods,
};

export const addonMethods: MethodTable = Object.fromEntries(
  Object.entries(methods).map(([name, method]) => [name, answered(method)]),
);

/** What the add-on does not do, it says inside an answer with status 200. */
function answered(method: AddonMethod): Method {
  return ({ addon, portal }, params, nowMs) => {
    if (addon === undefined) throw new PortalError("ERROR_METHOD_NOT_FOUND", "Method not found!", 404);
    try {
      return { result: method(addon, params, portal, nowMs) };
    } catch (error) {
      if (error instanceof AddonRefusal) return { result: { success: false, error: error.message } };
      if (error instanceof PortalError) throw error;
      // The add-on catches what its own code throws, such as a resolver's.
      const message = error instanceof Error ? error.message : String(error);
      return { result: { success: false, error: `Internal server error: ${message}` } };
    }
  };
}
