/**
 * Events that Camunda can execute stay. One that lacks something gets it by rule (timers.ts, messages.ts, links.ts, roots.ts);
 * where that fails, a person does the waiting, or the event happens when a message with its own name is correlated. Whatever
 * of the drawing has no effect then is reported.
 */
import {
  type ConditionalEventDefinition,
  type ErrorEventDefinition,
  type EscalationEventDefinition,
  type Event,
  type EventDefinition,
  is,
  type MessageEventDefinition,
  type SignalEventDefinition,
} from "../model.ts";
import { allNodes, type Conversion } from "./conversion.ts";
import { retype } from "./edit.ts";
import { fits, type Place, placeOf } from "./event_places.ts";
import { formalExpression, isCondition } from "./expressions.ts";
import { makeExternal, topicOf } from "./implementation.ts";
import { type AwaitedMessages, awaitOwnMessage, canBeAwaited, settleSentMessage } from "./messages.ts";
import { calledIn, oneLine } from "./report.ts";
import { errorOf, escalationOf, hasName, namedRoot } from "./roots.ts";
import { settleLinks } from "./links.ts";
import { settleTimer } from "./timers.ts";

export function settleEvents(conversion: Conversion): void {
  const awaited: AwaitedMessages = new Set();
  for (const node of allNodes(conversion)) {
    if (is(node, "bpmn:Event")) settleEvent(node, conversion, awaited);
  }
  settleLinks(conversion);
}

function settleEvent(event: Event, conversion: Conversion, awaited: AwaitedMessages): void {
  const { report } = conversion;
  if (event.eventDefinitionRef.length > 0) {
    report.refuse(event, "it shares its event definition with others, which Camunda does not support; draw it here.");
    return;
  }
  if (is(event, "bpmn:BoundaryEvent") && event.attachedToRef === undefined) {
    report.refuse(event, "it is attached to no activity.");
    return;
  }
  const place = placeOf(event);
  const drawn = [...event.eventDefinitions];
  const definition = drawn.find((known) => fits(known, event, place));
  for (const other of drawn) {
    if (other !== definition && !(definition === undefined && other === drawn[0])) {
      report.lost(event, `Its ${kindOf(other)} has no effect: an event in Camunda has one cause.`);
    }
  }
  event.eventDefinitions.splice(0, event.eventDefinitions.length, ...definition === undefined ? [] : [definition]);
  event.set("parallelMultiple", undefined);
  if (definition === undefined) replaceUnknown(event, place, drawn[0], conversion);
  else if (!complete(event, definition, place, conversion, awaited)) {
    replaceIncomplete(event, place, definition, conversion);
  }
}

/** Whether the engine can execute the event now. */
function complete(
  event: Event,
  definition: EventDefinition,
  place: Place,
  conversion: Conversion,
  awaited: AwaitedMessages,
): boolean {
  const throws = place === "throw" || place === "end";
  if (is(definition, "bpmn:MessageEventDefinition")) {
    return completeMessage(event, definition, throws, conversion, awaited);
  }
  if (is(definition, "bpmn:TimerEventDefinition")) return settleTimer(event, definition, conversion);
  if (is(definition, "bpmn:SignalEventDefinition")) completeSignal(event, definition, conversion);
  else if (is(definition, "bpmn:ConditionalEventDefinition")) return completeCondition(event, definition, conversion);
  else if (is(definition, "bpmn:ErrorEventDefinition")) completeError(event, definition, throws, conversion);
  else if (is(definition, "bpmn:EscalationEventDefinition")) completeEscalation(event, definition, throws, conversion);
  if (is(event, "bpmn:StartEvent") && is(definition, "bpmn:ErrorEventDefinition")) {
    event.set("isInterrupting", undefined);
  }
  return true;
}

function completeMessage(
  event: Event,
  definition: MessageEventDefinition,
  throws: boolean,
  conversion: Conversion,
  awaited: AwaitedMessages,
): boolean {
  if (!throws) return canBeAwaited(event, definition, awaited);
  settleSentMessage(event, definition, conversion);
  return true;
}

/** Signals of one name reach each other, so the name of the event is the best guess for one without. */
function completeSignal(event: Event, definition: SignalEventDefinition, conversion: Conversion): void {
  if (hasName(definition.signalRef)) return;
  const name = oneLine(event.name) || (event.id ?? "");
  definition.signalRef = namedRoot(conversion, "bpmn:Signal", name, event.id ?? "");
  conversion.report.mapped(event, `No signal is named: it is the signal «${name}».`);
}

function completeCondition(event: Event, definition: ConditionalEventDefinition, { settings }: Conversion): boolean {
  const decided = settings.own(event.id ?? "").expression;
  if (decided !== undefined) {
    definition.condition = formalExpression(decided);
    definition.condition.$parent = definition;
  }
  return isCondition(definition.condition);
}

/** An error event that throws needs a code; one that catches takes any error without. */
function completeError(event: Event, definition: ErrorEventDefinition, throws: boolean, conversion: Conversion): void {
  const { errorRef: error } = definition;
  if (!throws || error?.errorCode?.trim()) return;
  const code = oneLine(error?.name) || oneLine(event.name) || (event.id ?? "");
  if (error === undefined) definition.errorRef = errorOf(conversion, code, event.id ?? "");
  else error.errorCode = code;
  conversion.report.mapped(event, `No error code is given: it is «${code}».`);
}

function completeEscalation(
  event: Event,
  definition: EscalationEventDefinition,
  throws: boolean,
  conversion: Conversion,
): void {
  const { escalationRef: escalation } = definition;
  if (!throws || escalation?.escalationCode?.trim()) return;
  const code = oneLine(escalation?.name) || oneLine(event.name) || (event.id ?? "");
  if (escalation === undefined) definition.escalationRef = escalationOf(conversion, code, event.id ?? "");
  else escalation.escalationCode = code;
  conversion.report.mapped(event, `No escalation code is given: it is «${code}».`);
}

/** No event definition, or one that Camunda does not know at this place. */
function replaceUnknown(
  event: Event,
  place: Place,
  drawn: EventDefinition | undefined,
  conversion: Conversion,
): void {
  const { report } = conversion;
  const kind = drawn === undefined ? "It has no cause" : `Camunda has no ${kindOf(drawn)} at this place`;
  switch (place) {
    case "process start":
    case "sub-process start":
    case "throw":
    case "end":
      if (drawn !== undefined) report.lost(event, `${kind}: it is a plain event.`);
      return;
    case "catch":
      if (drawn === undefined) report.mapped(event, `${kind}: it is passed at once.`);
      else report.lost(event, `${kind}: it is passed at once.`);
      retype(conversion, event, "bpmn:IntermediateThrowEvent").eventDefinitions.splice(0);
      return;
    case "boundary":
    case "catch after gateway":
    case "event sub-process start":
      report.lost(
        event,
        `${kind}: it happens when somebody correlates the message ${awaitOwnMessage(event, conversion)}.`,
      );
      return;
  }
}

/** The kind is known, but not when, or on what, the event happens. */
function replaceIncomplete(event: Event, place: Place, definition: EventDefinition, conversion: Conversion): void {
  const { report } = conversion;
  const kind = `It is not known what its ${kindOf(definition)} waits for`;
  switch (place) {
    case "process start":
      report.lost(event, `${kind}: the process is started by hand.`);
      event.eventDefinitions.splice(0);
      return;
    case "catch":
      waitByHand(event, definition, conversion);
      return;
    case "boundary":
    case "catch after gateway":
    case "event sub-process start":
      report.lost(
        event,
        `${kind}: it happens when somebody correlates the message ${awaitOwnMessage(event, conversion)}.`,
      );
      return;
    case "sub-process start":
    case "throw":
    case "end":
      throw new Error(`${calledIn(event)} throws or begins, and waits for nothing`);
  }
}

const WAITING: Readonly<Record<string, string>> = {
  "message event": "Дождаться сообщения",
  "timer event": "Дождаться срока",
  "conditional event": "Дождаться условия",
};

/** A wait in the middle of a process must not vanish, nor last for ever: a person says when it is over. */
function waitByHand(event: Event, definition: EventDefinition, conversion: Conversion): void {
  const { settings, report, placements } = conversion;
  const topic = topicOf(settings.of(event.id ?? ""), conversion);
  const kind = kindOf(definition);
  const reason =
    `It is not known what its ${kind} waits for: a person waits, in an external task with the topic ${topic}.`;
  if (is(definition, "bpmn:MessageEventDefinition")) report.mapped(event, reason);
  else report.lost(event, reason);
  const task = retype(conversion, event, "bpmn:ServiceTask");
  task.name = oneLine(event.name) || (WAITING[kind] ?? "Дождаться");
  makeExternal(task, topic);
  placements.push({ node: task, side: "in place", anchor: task, width: 100, height: 80 });
}

/** `message event`, `timer event`… */
function kindOf({ $type }: EventDefinition): string {
  return `${$type.slice("bpmn:".length).replace("EventDefinition", "").toLowerCase()} event`;
}
