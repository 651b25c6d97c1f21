/**
 * The one place where bpmn-moddle is used: its main export has no types, so what comes out of it is typed here. All other
 * code sees lib/bpmn/model.ts.
 */
import { BpmnModdle } from "bpmn-moddle";
import camunda from "camunda-bpmn-moddle/resources/camunda.json" with { type: "json" };
import type { Definitions, ModelElement, ModelType, ModelTypes } from "./model.ts";

/** A type's description as moddle keeps it. */
interface Descriptor {
  readonly properties: readonly Property[];
  readonly propertiesByName: Readonly<Record<string, Property>>;
}

interface Property {
  readonly name: string;
  /** With its prefix: `camunda:topic`. */
  readonly ns: { readonly name: string };
  readonly type: string;
  readonly isMany?: boolean;
  readonly isAttr?: boolean;
  readonly isReference?: boolean;
  readonly isVirtual?: boolean;
  readonly isBody?: boolean;
}

interface Moddle {
  fromXML(xml: string): Promise<{
    readonly rootElement: Definitions;
    readonly elementsById: Readonly<Record<string, ModelElement>>;
    /** As the file names them, whether or not there is such an element. */
    readonly references: readonly { readonly element: ModelElement; readonly property: string; readonly id: string }[];
    readonly warnings: readonly ReadWarning[];
  }>;
  toXML(element: ModelElement, options: { readonly format: boolean }): Promise<{ readonly xml: string }>;
  create(type: string): ModelElement;
  getElementDescriptor(element: ModelElement): Descriptor;
}

/** What moddle noticed while reading. Without an element it is about what could not be read, and was left out. */
export interface ReadWarning {
  readonly message: string;
  readonly element?: ModelElement;
  readonly property?: string;
  readonly value?: string;
}

/** The descriptions of BPMN and of Camunda's extensions: a dictionary, read once, that no conversion changes. */
const moddle: Moddle = new BpmnModdle({ camunda });

const SIMPLE: ReadonlySet<string> = new Set(["String", "Boolean", "Integer", "Real"]);

/** Lists that are present on every element that can have them; moddle itself makes a list when it is first asked for. */
const LISTS: ReadonlySet<string> = new Set([
  "artifacts",
  "diagrams",
  "documentation",
  "eventDefinitionRef",
  "eventDefinitions",
  "flowElements",
  "flowNodeRef",
  "incoming",
  "laneSets",
  "lanes",
  "messageFlows",
  "outgoing",
  "participants",
  "planeElement",
  "rootElements",
  "values",
  "waypoint",
]);

/** What the properties of a type are for, by their names. */
interface Roles {
  readonly children: readonly string[];
  readonly references: readonly string[];
  readonly lists: readonly string[];
}

/** Of each type once: walking a diagram asks for every element, and a task has some forty properties. */
const roles = new WeakMap<Descriptor, Roles>();

export interface ReadModel {
  readonly definitions: Definitions;
  /** All of the file, as {@link allElements} gives them. */
  readonly elements: readonly ModelElement[];
  /** How deep the deepest lies, `definitions` itself 0. */
  readonly depth: number;
  /** Those of BPMN and of its pictures that have an id. */
  readonly byId: ReadonlyMap<string, ModelElement>;
  /** What refers to what, in document order. */
  readonly mentions: readonly Mention[];
  readonly warnings: readonly ReadWarning[];
}

/**
 * The model of a BPMN file. What moddle could not read is missing in it and named by a warning.
 * @throws {Error} not XML, or its root is not `definitions` of BPMN 2.0
 */
export async function readModel(xml: string): Promise<ReadModel> {
  const { rootElement, elementsById, references, warnings } = await moddle.fromXML(xml);
  const elements: ModelElement[] = [];
  let depth = 0;
  walk(rootElement, (element, at) => {
    completeLists(element);
    elements.push(element);
    depth = Math.max(depth, at);
  });
  const byId = new Map(Object.entries(elementsById));
  const mentions = references.flatMap(({ element, property, id }): Mention[] => {
    const target = byId.get(id);
    const { name } = propertyOf(element, property) ?? { name: property };
    return target === undefined ? [] : [{ owner: element, property: name, target }];
  });
  return { definitions: rootElement, elements, depth, byId, mentions, warnings };
}

/** The XML of a model, indented, in the order that the BPMN schema asks for. */
export async function writeModel(definitions: Definitions): Promise<string> {
  return (await moddle.toXML(definitions, { format: true })).xml;
}

/** A new element. Whoever puts it into a list or property sets its `$parent`, too, as {@link adopt} does. */
export function create<T extends ModelType>(type: T, properties: Partial<ModelTypes[T]> = {}): ModelTypes[T] {
  const element = newElement(type);
  completeLists(element);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined) continue;
    element.set(name, value);
    if (!propertyOf(element, name)?.isReference) adopt(element, value);
  }
  return element;
}

/** Makes elements children of another, in moddle's sense: `$parent` is set. */
export function adopt(parent: ModelElement, children: unknown): void {
  for (const child of Array.isArray(children) ? children : [children]) {
    if (isElement(child)) child.$parent = parent;
  }
}

function newElement<T extends ModelType>(type: T): ModelTypes[T];
function newElement(type: string): ModelElement {
  return moddle.create(type);
}

/** The element and everything inside it, from outside in, in document order. */
export function allElements(root: ModelElement): ModelElement[] {
  const found: ModelElement[] = [];
  walk(root, (element) => found.push(element));
  return found;
}

/**
 * Looks at the element and everything inside it, from outside in, in document order, however deep. The model of a large
 * diagram fits no cache of a processor: whoever looks for several things does it in one walk.
 */
export function walk(root: ModelElement, look: (element: ModelElement, depth: number) => void): void {
  const waiting: { readonly element: ModelElement; readonly depth: number }[] = [{ element: root, depth: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { element, depth } = next;
    look(element, depth);
    const children = childrenOf(element);
    for (let child = children.pop(); child !== undefined; child = children.pop()) {
      waiting.push({ element: child, depth: depth + 1 });
    }
  }
}

/** The elements directly inside it, in document order. */
export function childrenOf(element: ModelElement): ModelElement[] {
  if (!isDescribed(element)) {
    const foreign = element.get("$children");
    return Array.isArray(foreign) ? foreign.filter(isElement) : [];
  }
  const children: ModelElement[] = [];
  for (const name of rolesOf(element).children) {
    const value = heldAs(name, element);
    if (!Array.isArray(value)) {
      if (isElement(value)) children.push(value);
    } else {
      for (const child of value) if (isElement(child)) children.push(child);
    }
  }
  return children;
}

/** The value of a property. Moddle's own `get` is slower, and makes a list where there is none. */
function heldAs(name: string, element: ModelElement): unknown {
  return Reflect.get(element, name);
}

/** That an element refers to another: as its `sourceRef`, or as one of its `flowNodeRef`. */
export interface Mention {
  /** Another one, once that has been put in its place. */
  owner: ModelElement;
  readonly property: string;
  readonly target: ModelElement;
}

/** What an element refers to. */
export function mentionsBy(owner: ModelElement): Mention[] {
  const found: Mention[] = [];
  if (!isDescribed(owner)) return found;
  for (const property of rolesOf(owner).references) {
    const value = heldAs(property, owner);
    if (isElement(value)) found.push({ owner, property, target: value });
    else if (Array.isArray(value)) {
      for (const target of value) if (isElement(target)) found.push({ owner, property, target });
    }
  }
  return found;
}

/**
 * A new element of another type with everything the old one had. Camunda's attributes that the new type does not know stay
 * as plain attributes.
 * @returns the element, and the names of children that the new type cannot have
 */
export function copyAs<T extends ModelType>(old: ModelElement, type: T): { element: ModelTypes[T]; without: string[] } {
  const element = newElement(type);
  completeLists(element);
  const without: string[] = [];
  for (const { name, ns, isAttr, isReference } of descriptorOf(old).properties) {
    if (!Object.hasOwn(old, name)) continue;
    const value = old.get(name);
    if (propertyOf(element, ns.name) !== undefined) {
      element.set(ns.name, value);
      if (!isReference) adopt(element, value);
    } else if (isAttr && !isReference && ns.name.startsWith("camunda:")) {
      element.set(ns.name, String(value));
    } else if (!Array.isArray(value) || value.length > 0) {
      without.push(name);
    }
  }
  for (const [name, value] of Object.entries(old.$attrs ?? {})) element.set(name, value);
  return { element, without };
}

/** Whether the type of the element has this property, by its name with prefix. */
export function hasProperty(element: ModelElement, name: string): boolean {
  return isDescribed(element) && propertyOf(element, name) !== undefined;
}

function completeLists(element: ModelElement): void {
  if (!isDescribed(element)) return;
  for (const name of rolesOf(element).lists) element.get(name);
}

function rolesOf(element: ModelElement): Roles {
  const descriptor = descriptorOf(element);
  let known = roles.get(descriptor);
  if (known === undefined) {
    const { properties } = descriptor;
    known = {
      children: properties.filter(({ type, isAttr, isReference }) => !isAttr && !isReference && !SIMPLE.has(type))
        .map(({ name }) => name),
      references: properties.filter(({ isReference, isVirtual }) => isReference && !isVirtual).map(({ name }) => name),
      lists: properties.filter(({ name, isMany }) => isMany && LISTS.has(name)).map(({ name }) => name),
    };
    roles.set(descriptor, known);
  }
  return known;
}

function propertyOf(element: ModelElement, name: string): Property | undefined {
  return descriptorOf(element).propertiesByName[name];
}

function descriptorOf(element: ModelElement): Descriptor {
  return moddle.getElementDescriptor(element);
}

/** Elements outside the known namespaces have no description. */
function isDescribed(element: ModelElement): boolean {
  return element.$attrs !== undefined;
}

export function isElement(value: unknown): value is ModelElement {
  return typeof value === "object" && value !== null && "$type" in value;
}
