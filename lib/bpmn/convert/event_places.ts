/** Where an event stands, and which kinds of events Camunda 7.24 knows there (its BpmnParse refuses or ignores others). */
import { type Event, type EventDefinition, is, type ModelType } from "../model.ts";
import { scopeOf } from "./conversion.ts";

export type Place =
  | "process start"
  | "sub-process start"
  | "event sub-process start"
  | "boundary"
  | "catch"
  | "catch after gateway"
  | "throw"
  | "end";

export function placeOf(event: Event): Place {
  if (is(event, "bpmn:StartEvent")) {
    const scope = scopeOf(event);
    if (!is(scope, "bpmn:SubProcess")) return "process start";
    return scope.triggeredByEvent ? "event sub-process start" : "sub-process start";
  }
  if (is(event, "bpmn:BoundaryEvent")) return "boundary";
  if (is(event, "bpmn:EndEvent")) return "end";
  if (is(event, "bpmn:IntermediateThrowEvent")) return "throw";
  return followsEventGateway(event) ? "catch after gateway" : "catch";
}

/** The first of several events after an event-based gateway is the only one that happens. */
export function followsEventGateway({ incoming }: Event): boolean {
  return incoming.some(({ sourceRef }) => is(sourceRef, "bpmn:EventBasedGateway"));
}

/** What the engine waits for wherever it waits. */
const WAITED_FOR: readonly ModelType[] = [
  "bpmn:MessageEventDefinition",
  "bpmn:TimerEventDefinition",
  "bpmn:SignalEventDefinition",
  "bpmn:ConditionalEventDefinition",
];

/** What comes out of the activities that an event watches. */
const CAUGHT: readonly ModelType[] = [
  "bpmn:ErrorEventDefinition",
  "bpmn:EscalationEventDefinition",
  "bpmn:CompensateEventDefinition",
];

const KNOWN: Readonly<Record<Place, readonly ModelType[]>> = {
  "process start": WAITED_FOR,
  "sub-process start": [],
  "event sub-process start": [...WAITED_FOR, ...CAUGHT],
  "boundary": [...WAITED_FOR, ...CAUGHT, "bpmn:CancelEventDefinition"],
  "catch": [...WAITED_FOR, "bpmn:LinkEventDefinition"],
  "catch after gateway": WAITED_FOR,
  "throw": [
    "bpmn:MessageEventDefinition",
    "bpmn:SignalEventDefinition",
    "bpmn:EscalationEventDefinition",
    "bpmn:CompensateEventDefinition",
    "bpmn:LinkEventDefinition",
  ],
  "end": [
    "bpmn:MessageEventDefinition",
    "bpmn:SignalEventDefinition",
    "bpmn:ErrorEventDefinition",
    "bpmn:EscalationEventDefinition",
    "bpmn:CompensateEventDefinition",
    "bpmn:TerminateEventDefinition",
    "bpmn:CancelEventDefinition",
  ],
};

export function fits(definition: EventDefinition, event: Event, place: Place): boolean {
  if (!KNOWN[place].some((type) => is(definition, type))) return false;
  const scope = scopeOf(event);
  const host = is(event, "bpmn:BoundaryEvent") ? event.attachedToRef : undefined;
  if (is(definition, "bpmn:CancelEventDefinition")) {
    return is(place === "boundary" ? host : scope, "bpmn:Transaction");
  }
  if (is(definition, "bpmn:EscalationEventDefinition") && place === "boundary") {
    return is(host, "bpmn:SubProcess") || is(host, "bpmn:CallActivity"); // tasks are external and escalate nothing
  }
  if (is(definition, "bpmn:CompensateEventDefinition") && place === "event sub-process start") {
    return is(scope?.$parent, "bpmn:SubProcess"); // what a process did is compensated by nobody
  }
  return true;
}
