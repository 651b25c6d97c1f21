/** Messages: those that are sent become external tasks, those that are awaited need a name by which they can be correlated. */
import { type Event, is, type MessageEventDefinition } from "../model.ts";
import { create } from "../moddle.ts";
import { type Conversion, processKeyOf, scopeOf } from "./conversion.ts";
import { isImplemented, makeExternal, topicIn, topicOf } from "./implementation.ts";
import { hasName, namedRoot } from "./roots.ts";

export function settleSentMessage(event: Event, definition: MessageEventDefinition, conversion: Conversion): void {
  const { settings, report } = conversion;
  const decided = topicIn(settings.own(event.id ?? ""));
  if (isImplemented(definition) && (decided === undefined || decided === definition.topic)) return;
  const topic = decided ?? topicOf(settings.of(event.id ?? ""), conversion);
  makeExternal(definition, topic);
  report.mapped(
    event,
    `Nothing is said about how the message is sent: that is an external task with the topic ${topic}.`,
  );
}

/** Messages that are awaited already, so that no two events of a scope wait for the same one, which Camunda refuses. */
export type AwaitedMessages = Set<string>;

/** Whether the engine can wait for the message as it is. */
export function canBeAwaited(event: Event, { messageRef }: MessageEventDefinition, awaited: AwaitedMessages): boolean {
  if (!hasName(messageRef)) return false;
  const key = `${waitingScope(event)} ${messageRef.name}`;
  if (awaited.has(key)) return false;
  awaited.add(key);
  return true;
}

function waitingScope(event: Event): string {
  if (is(event, "bpmn:BoundaryEvent")) return event.attachedToRef?.id ?? "";
  const gateway = event.incoming.find(({ sourceRef }) => is(sourceRef, "bpmn:EventBasedGateway"))?.sourceRef;
  if (gateway !== undefined) return gateway.id ?? "";
  if (!is(event, "bpmn:StartEvent")) return event.id ?? "";
  const scope = scopeOf(event);
  return `start ${is(scope, "bpmn:SubProcess") ? scopeOf(scope)?.id : scope?.id}`;
}

/** An event that lacks what the engine needs happens when somebody correlates a message with a name of its own. */
export function awaitOwnMessage(event: Event, conversion: Conversion): string {
  // Start messages have to be unique among all processes of an engine.
  const name = `${processKeyOf(event)}.${event.id}`;
  const message = namedRoot(conversion, "bpmn:Message", name, event.id ?? "");
  const definition = create("bpmn:MessageEventDefinition", { messageRef: message });
  definition.$parent = event;
  event.eventDefinitions.splice(0, event.eventDefinitions.length, definition);
  return name;
}
