/** Changes to the model that keep it whole: both ends of a flow, lanes, and whoever refers to what is changed. */
import {
  type FlowElement,
  type FlowNode,
  is,
  type Lane,
  type ModelElement,
  type ModelType,
  type ModelTypes,
  type Scope,
  type SequenceFlow,
} from "../model.ts";
import { allElements, copyAs, create } from "../moddle.ts";
import { type Conversion, freshId, scopeOf } from "./conversion.ts";

/** Makes it an element of another type with the same id, name, flows and extensions, in the same place. */
export function retype<T extends ModelType>(
  { references, report }: Conversion,
  old: FlowElement,
  type: T,
): ModelTypes[T] {
  const { element, without } = copyAs(old, type);
  const scope = scopeOf(old);
  if (scope !== undefined && is(element, "bpmn:FlowElement")) {
    scope.flowElements.splice(scope.flowElements.indexOf(old), 1, element);
    element.$parent = scope;
  }
  references.replace(old, element);
  const gone = without.filter((name) => old.get(name) !== undefined && !CARRIED_NOWHERE.has(name));
  if (gone.length > 0) report.lost(old, `As ${type} it cannot have ${gone.join(", ")}.`);
  return element;
}

/** Of the kind of element itself: whoever changes the kind reports that. */
const CARRIED_NOWHERE: ReadonlySet<string> = new Set([
  "triggeredByEvent",
  "flowElements",
  "laneSets",
  "artifacts",
  "eventDefinitions",
  "eventDefinitionRef",
  "parallelMultiple",
  "isInterrupting",
  "calledElement",
  "instantiate",
  "messageRef",
  "script",
  "scriptFormat",
  "completionCondition",
  "ordering",
  "cancelRemainingInstances",
  "activationCondition",
  "implementation",
]);

/** Takes away the element, what is inside it, and every mention of them. */
export function remove({ references }: Conversion, element: ModelElement): void {
  const parent = element.$parent;
  for (const inside of allElements(element)) references.drop(inside);
  if (parent === undefined) return;
  for (const list of LISTS) {
    const value = parent.get(list);
    if (Array.isArray(value) && value.includes(element)) value.splice(value.indexOf(element), 1);
  }
}

const LISTS = [
  "flowElements",
  "artifacts",
  "rootElements",
  "planeElement",
  "diagrams",
  "messageFlows",
  "participants",
  "eventDefinitions",
] as const;

/** A new node right before another one of its scope in the file, in the lanes of that one. */
export function addNode<T extends "bpmn:EndEvent" | "bpmn:ServiceTask" | "bpmn:StartEvent">(
  conversion: Conversion,
  type: T,
  neighbour: FlowNode,
  properties: Partial<ModelTypes[T]>,
): ModelTypes[T] {
  const node = create(type, properties);
  const scope = scopeOf(neighbour);
  if (scope !== undefined) {
    put(scope, node, scope.flowElements.indexOf(neighbour));
    for (const lane of lanesOf(conversion, neighbour)) lane.flowNodeRef.push(node);
  }
  return node;
}

/** A new sequence flow between two nodes of one scope. */
export function addFlow(conversion: Conversion, wantedId: string, source: FlowNode, target: FlowNode): SequenceFlow {
  const flow = create("bpmn:SequenceFlow", { id: freshId(conversion, wantedId), sourceRef: source, targetRef: target });
  source.outgoing.push(flow);
  target.incoming.push(flow);
  const scope = scopeOf(source);
  if (scope !== undefined) put(scope, flow, scope.flowElements.indexOf(source) + 1);
  return flow;
}

/** The flow ends at another node from here on. */
export function redirect(flow: SequenceFlow, target: FlowNode): void {
  flow.targetRef.incoming.splice(flow.targetRef.incoming.indexOf(flow), 1);
  flow.targetRef = target;
  target.incoming.push(flow);
}

/** A new element beside the processes, such as a message; right before the first process. */
export function addRoot<T extends "bpmn:Error" | "bpmn:Escalation" | "bpmn:Message" | "bpmn:Signal">(
  { definitions }: Conversion,
  type: T,
  properties: Partial<ModelTypes[T]>,
): ModelTypes[T] {
  const element = create(type, properties);
  const index = definitions.rootElements.findIndex((root) => is(root, "bpmn:Process"));
  definitions.rootElements.splice(Math.max(index, 0), 0, element);
  element.$parent = definitions;
  return element;
}

function lanesOf({ references }: Conversion, node: FlowNode): Lane[] {
  return references.to(node).flatMap(({ owner, property }) =>
    property === "flowNodeRef" && is(owner, "bpmn:Lane") ? [owner] : []
  );
}

function put(scope: Scope, element: FlowElement, index: number): void {
  scope.flowElements.splice(index, 0, element);
  element.$parent = scope;
}
