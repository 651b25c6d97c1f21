/**
 * Which BPMN error codes a process catches for its activities. An error that nobody catches ends its execution without an
 * incident, so the worker asks here before it throws one.
 */
import { BPMN, childrenOf, idOf } from "./element.ts";
import type { XmlElement } from "./xml_tree.ts";

/** Stands for every code: an error event without an error, or with an error that has no code. */
export const ANY_ERROR = "*";

/** Error codes by the id of the `error` element; without a code the engine's event catches everything. */
export type ErrorCodes = ReadonlyMap<string, string>;

export function errorCodesOf(definitions: XmlElement): ErrorCodes {
  return new Map(
    childrenOf(definitions, BPMN, "error").flatMap((error): [string, string][] => {
      const id = idOf(error);
      return id === undefined ? [] : [[id, error.attributes.get("errorCode") ?? ANY_ERROR]];
    }),
  );
}

/** Codes of the boundary events of each activity in this scope, by the activity's id. */
export function boundaryCatches(scope: XmlElement, codes: ErrorCodes): ReadonlyMap<string, readonly string[]> {
  const byActivity = Map.groupBy(
    childrenOf(scope, BPMN, "boundaryEvent"),
    (event) => event.attributes.get("attachedToRef") ?? "",
  );
  return new Map([...byActivity].map(([id, events]) => [id, events.flatMap((event) => caughtBy(event, codes))]));
}

/**
 * Codes that the event sub-processes of this scope start on, except those of `inside`: an event sub-process does not
 * catch what is thrown within itself (the engine's ErrorDeclarationForProcessInstanceFinder skips it).
 */
export function eventSubProcessCatches(scope: XmlElement, codes: ErrorCodes, inside?: XmlElement): string[] {
  return childrenOf(scope, BPMN, "subProcess")
    .filter((child) => isEventSubProcess(child) && child !== inside)
    .flatMap((child) => childrenOf(child, BPMN, "startEvent"))
    .flatMap((event) => caughtBy(event, codes));
}

export function isEventSubProcess(element: XmlElement): boolean {
  return element.attributes.get("triggeredByEvent") === "true";
}

function caughtBy(event: XmlElement, codes: ErrorCodes): string[] {
  return childrenOf(event, BPMN, "errorEventDefinition").map((definition) => {
    const reference = definition.attributes.get("errorRef");
    // The engine takes a reference to no `error` element for the code itself (BpmnParse.parseErrorStartEventDefinition).
    return reference === undefined ? ANY_ERROR : codes.get(reference) ?? reference;
  });
}
