/** Which elements a file has, and what can be said of each: the material of a comparison. */
import {
  type BaseElement,
  type Definitions,
  is,
  isAny,
  type Lane,
  type LaneSet,
  type ModelElement,
  type Scope,
} from "../../bpmn/model.ts";
import { mentionsBy } from "../../bpmn/moddle.ts";
import { calledIn, oneLine } from "../../bpmn/convert/report.ts";
import { canonical, expanded, isDeclaration, meant, type Namespaces, ownValues } from "./canonical.ts";
import { extensionFacts } from "./extension_facts.ts";
import type { Aspect, DiffedElement } from "./model_diff.ts";
import { valueFacts } from "./value_facts.ts";

/** One thing that an element says. */
export interface Fact {
  readonly aspect: Aspect;
  readonly detail?: string;
  /** Equal when nothing differs. */
  readonly compared: string;
  /** For people. */
  readonly shown: string;
}

export interface ElementFacts {
  readonly element: DiffedElement;
  /** By aspect and detail. */
  readonly facts: ReadonlyMap<string, Fact>;
}

/** By element id. */
export function factsOf(definitions: Definitions): Map<string, ElementFacts> {
  const namespaces = namespacesOf(definitions);
  const lanes = new Map<ModelElement, Lane>();
  const elements: BaseElement[] = [];
  for (const root of definitions.rootElements) {
    if (is(root, "bpmn:Process")) elements.push(root, ...insideOf(root, lanes));
    else if (is(root, "bpmn:Collaboration")) {
      elements.push(...root.participants, ...root.messageFlows, ...root.artifacts);
    }
  }
  const found = new Map<string, ElementFacts>();
  for (const element of elements) {
    const id = element.id ?? unnamedKey(element);
    const facts = new Map<string, Fact>();
    for (const fact of factsAbout(element, lanes, namespaces)) {
      facts.set(`${fact.aspect} ${expanded(fact.detail ?? "", namespaces)}`, fact);
    }
    found.set(id, { element: diffed(element, id), facts });
  }
  return found;
}

function namespacesOf(definitions: Definitions): Namespaces {
  return new Map(
    Object.entries(definitions.$attrs ?? {}).flatMap(([name, uri]) =>
      name.startsWith("xmlns:") && typeof uri === "string" ? [[name.slice("xmlns:".length), uri]] : []
    ),
  );
}

/** Everything in a process or sub-process that has a meaning of its own; notes on the way which lane each node lies in. */
function insideOf(scope: Scope, lanes: Map<ModelElement, Lane>): BaseElement[] {
  const own = scope.flowElements.filter(({ $type }) => $type !== "bpmn:DataObject"); // its references are what is drawn
  return [
    ...scope.laneSets.flatMap((set) => lanesIn(set, lanes)),
    ...own.flatMap((element) => is(element, "bpmn:SubProcess") ? [element, ...insideOf(element, lanes)] : [element]),
    ...scope.artifacts,
  ];
}

/** A node that outer lanes mention, too, lies in the innermost one. */
function lanesIn({ lanes }: LaneSet, byNode: Map<ModelElement, Lane>): Lane[] {
  return lanes.flatMap((lane) => {
    for (const node of lane.flowNodeRef) byNode.set(node, lane);
    return lane.childLaneSet === undefined ? [lane] : [lane, ...lanesIn(lane.childLaneSet, byNode)];
  });
}

/** Associations of some drawing tools have no id; what they connect tells them apart. */
function unnamedKey(element: BaseElement): string {
  const ends = mentionsBy(element).map(({ target, property }) => `${property} ${meant(target)}`);
  return `${kindOf(element)} ${ends.sort().join(" ")}`.trim();
}

function diffed(element: BaseElement, id: string): DiffedElement {
  const name = oneLine(element.get("name"));
  const process = processOf(element);
  return {
    id,
    kind: kindOf(element),
    ...(name !== "" && { name }),
    ...(process !== undefined && { process }),
  };
}

function processOf(element: BaseElement): string | undefined {
  for (let outer = element.$parent; outer !== undefined; outer = outer.$parent) {
    if (is(outer, "bpmn:Process")) return outer.id;
  }
  return undefined;
}

function kindOf({ $type }: ModelElement): string {
  return $type.slice($type.indexOf(":") + 1);
}

function* factsAbout(
  element: BaseElement,
  lanes: ReadonlyMap<ModelElement, Lane>,
  namespaces: Namespaces,
): Iterable<Fact> {
  yield text("kind", kindOf(element));
  for (const [name, value] of ownValues(element)) yield* valueFacts(name, value, namespaces);
  yield* extensionFacts(element, namespaces);
  for (const [name, value] of Object.entries(element.$attrs ?? {})) {
    if (isDeclaration(name) || value === undefined) continue;
    yield { aspect: "attribute", detail: name, compared: canonical(value, namespaces), shown: oneLine(String(value)) };
  }
  for (const { target, property } of mentionsBy(element)) {
    const aspect = REFERENCES[property];
    if (aspect !== undefined) yield { aspect, compared: meant(target), shown: calledIn(target) };
  }
  const lane = lanes.get(element);
  if (lane !== undefined) yield { aspect: "lane", compared: lane.id ?? "", shown: calledIn(lane) };
  const { $parent: outer } = element;
  const isInside = isAny(outer, ["bpmn:Process", "bpmn:SubProcess"]) || is(outer?.$parent, "bpmn:Lane");
  if (outer !== undefined && isInside) yield { aspect: "inside", compared: meant(outer), shown: calledIn(outer) };
}

/** What elements refer to; other references are the other side of these. */
const REFERENCES: Readonly<Record<string, Aspect>> = {
  attachedToRef: "attached to",
  dataObjectRef: "data",
  dataStoreRef: "data",
  default: "default flow",
  messageRef: "message",
  processRef: "process",
  sourceRef: "source",
  targetRef: "target",
};

function text(aspect: Aspect, shown: string): Fact {
  return { aspect, compared: shown, shown };
}
