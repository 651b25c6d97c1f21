/** What a REST method is: from the portal and a request's parameters to the envelope, without its `time`. */
import type { Json, JsonObject } from "../../lib/messages/json.ts";
import type { Addon } from "./addon_store.ts";
import type { Portal } from "./portal.ts";
import type { Visibility } from "./visibility.ts";

export interface MethodAnswer {
  readonly result: Json;
  readonly total?: number;
  readonly next?: number;
}

/** What methods work on: the portal, as far as the webhook's user sees it. */
export interface PortalView {
  readonly portal: Portal;
  readonly visibility: Visibility;
  /** `undefined` on a portal without the module. */
  readonly addon: Addon | undefined;
}

/** @throws {PortalError} */
export type Method = (view: PortalView, params: JsonObject, nowMs: number) => MethodAnswer;

/** By the names that requests use. */
export type MethodTable = Readonly<Record<string, Method>>;
