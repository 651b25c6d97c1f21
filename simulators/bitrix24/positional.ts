/**
 * The vendor's older methods, `task.item.*`, `task.commentitem.*` and `task.checklistitem.*`, read parameters by their place
 * in the request and not by name (`data-encoding.md`, "Order of Parameters"). Whatever comes first is the first one.
 */
import type { JsonObject } from "../../lib/messages/json.ts";
import type { Method } from "./portal_method.ts";

/** A method whose parameters, in this order, get these names, whatever the request calls them. */
export function positional(names: readonly string[], method: Method): Method {
  return (view, params, nowMs) => {
    const values = Object.values(params);
    const named: JsonObject = Object.fromEntries(
      names.flatMap((name, index) => {
        const value = values[index];
        return value === undefined ? [] : [[name, value] as const];
      }),
    );
    return method(view, named, nowMs);
  };
}
