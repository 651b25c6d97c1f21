/** One conversion under way: the model that the passes change, and what they share. */
import { type BaseElement, type Definitions, type FlowNode, is, isAny, type Process, type Scope } from "../model.ts";
import type { ConvertOptions } from "./options.ts";
import { References } from "./references.ts";
import type { Report } from "./report.ts";
import { elementSettingsOf, type SettingsLookup } from "./settings.ts";
import type { Source } from "./source_model.ts";

/** A node whose picture has to be made, or made larger. */
export interface Placement {
  readonly node: FlowNode;
  /** Where room is made: on the left or the right of this node, which is the node itself when it only grows. */
  readonly side: "before" | "after" | "in place";
  readonly anchor: FlowNode;
  readonly width: number;
  readonly height: number;
}

export interface Conversion {
  readonly definitions: Definitions;
  readonly options: ConvertOptions;
  readonly report: Report;
  readonly references: References;
  /** All ids of the file. */
  readonly ids: Set<string>;
  /** What markers, the mapping file and lanes say about elements. */
  readonly settings: SettingsLookup;
  /** For the picture, which is brought up to date at the end. */
  readonly placements: Placement[];
}

/** One step of the story in convert.ts. */
export type Pass = (conversion: Conversion) => void;

export function beginConversion(
  { definitions, byId, mentions }: Source,
  options: ConvertOptions,
  report: Report,
): Conversion {
  return {
    definitions,
    options,
    report,
    references: new References(mentions),
    ids: new Set(byId.keys()),
    settings: elementSettingsOf({ definitions, byId }, options, report),
    placements: [],
  };
}

export function processesOf({ definitions }: { readonly definitions: Definitions }): Process[] {
  return definitions.rootElements.filter((element) => is(element, "bpmn:Process"));
}

/** All processes and, inside them, all sub-processes, each before what is inside it. */
export function scopesOf(conversion: { readonly definitions: Definitions }): Scope[] {
  return processesOf(conversion).flatMap((process) => [...scopesIn(process)]);
}

function* scopesIn(scope: Scope): Iterable<Scope> {
  yield scope;
  for (const element of scope.flowElements) {
    if (is(element, "bpmn:SubProcess")) yield* scopesIn(element);
  }
}

export function nodesIn(scope: Pick<Scope, "flowElements">): FlowNode[] {
  return scope.flowElements.filter((element) => is(element, "bpmn:FlowNode"));
}

/** Nodes of all scopes, as they are now. */
export function allNodes(conversion: { readonly definitions: Definitions }): FlowNode[] {
  return scopesOf(conversion).flatMap(nodesIn);
}

/** The process or sub-process that an element lies in directly. */
export function scopeOf(element: BaseElement): Scope | undefined {
  const { $parent } = element;
  return isAny($parent, ["bpmn:Process", "bpmn:SubProcess"]) ? $parent : undefined;
}

/** The id of the process that an element lies in, however deep. */
export function processKeyOf(element: BaseElement): string {
  let scope = scopeOf(element);
  for (let outer = scope; outer !== undefined; outer = scopeOf(outer)) scope = outer;
  return scope?.id ?? "";
}

/** An id that the file does not have yet, from ids that it has: the same source gives the same id. */
export function freshId({ ids }: Conversion, wanted: string): string {
  let id = wanted;
  for (let count = 2; ids.has(id); count++) id = `${wanted}_${count}`;
  ids.add(id);
  return id;
}
