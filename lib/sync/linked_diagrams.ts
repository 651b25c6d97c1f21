/** Call activities name a process by its key; analysts link them with a diagram. This finds the key behind the link. */
import { z } from "zod";
import { BpmnParseError } from "../bpmn/bpmn_parse_error.ts";
import { parseXml, type XmlElement } from "../bpmn/xml_tree.ts";
import type { Mapping } from "../bpmn/convert/mapping.ts";
import type { Diagram, DiagramLink } from "../stormbpmn/diagram.ts";
import { STORM_NAMESPACE } from "../stormbpmn/drawn_records.ts";
import type { StormClient } from "../stormbpmn/storm_client.ts";
import { StormError } from "../stormbpmn/storm_error.ts";
import { kept } from "./kept.ts";

const LARGEST_BYTES = 64 * 1024 * 1024;

/** StormBPMN dumps the linked diagram as JSON into an attribute. */
const linkedDiagram = z.looseObject({ id: z.string().min(1) });

/** Key of the process that is started when a diagram is called: that of its first pool, or its first process with content. */
export function processKeyOf(xml: string): string | undefined {
  const root = parsed(xml);
  if (root === undefined) return undefined;
  const processes = root.children.filter(({ name }) => name === "process");
  const pools = root.children.filter(({ name }) => name === "collaboration")
    .flatMap(({ children }) => children.filter(({ name }) => name === "participant"))
    .flatMap(({ attributes }) => attributes.get("processRef")?.replace(/^.*:/, "") ?? []);
  const ids = processes.filter(({ children }) => children.some(({ name }) => name !== "extensionElements"))
    .flatMap(({ attributes }) => attributes.get("id") ?? []);
  return pools.find((id) => ids.includes(id)) ?? ids[0];
}

/** Ids of the diagrams that call activities of a drawing lead to, by what the drawing itself says. */
export function drawnLinks(xml: string): string[] {
  if (!xml.includes("StormUrl")) return [];
  const root = parsed(xml);
  return root === undefined ? [] : [...new Set(linksIn(root))];
}

/** The keys of the processes that diagrams were made of, each asked for once. */
export class LinkedDiagrams {
  /** Pulled to learn their key, and not taken since. */
  readonly #ahead = new Map<string, Diagram>();
  readonly #keys: Map<string, string | undefined>;

  /** @param known keys by diagram id, for which nothing has to be pulled */
  constructor(private readonly storm: Pick<StormClient, "diagram">, known: Iterable<readonly [string, string]> = []) {
    this.#keys = new Map(known);
  }

  /** As the client's, without a request for what was pulled to learn its key. */
  async diagram(id: string, signal: AbortSignal): Promise<Diagram> {
    const pulled = this.#ahead.get(id);
    this.#ahead.delete(id);
    const diagram = pulled ?? await this.storm.diagram(id, signal);
    this.#keys.set(id, kept(processKeyOf(diagram.xml)));
    return diagram;
  }

  /**
   * For the conversion's `calledProcesses`. A diagram that is gone or that we may not see has no key: the conversion tells of
   * the call that then leads nowhere.
   * @throws {StormError} StormBPMN cannot be asked
   */
  async keysFor(
    xml: string,
    links: readonly DiagramLink[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, string>> {
    const ids = new Set([...drawnLinks(xml), ...links.map(({ toDiagramId }) => toDiagramId)]);
    const found = new Map<string, string>();
    for (const id of ids) {
      const key = this.#keys.has(id) ? this.#keys.get(id) : await this.#learn(id, signal);
      if (key !== undefined) found.set(id, key);
    }
    return found;
  }

  async #learn(id: string, signal: AbortSignal): Promise<string | undefined> {
    try {
      const diagram = await this.diagram(id, signal);
      this.#ahead.set(id, diagram);
    } catch (error) {
      if (!(error instanceof StormError) || error.isAboutService) throw error;
      this.#keys.set(id, undefined);
    }
    return this.#keys.get(id);
  }
}

/** Links that StormBPMN keeps beside the drawing count as if the mapping file said them, unless it says something else. */
export function withLinks(
  mapping: Mapping,
  links: readonly DiagramLink[],
  keys: ReadonlyMap<string, string>,
  xml: string,
): Mapping {
  const drawn = new Set(drawnLinks(xml));
  const elements = { ...mapping.elements };
  for (const { fromItemId, toDiagramId } of links) {
    const calledElement = keys.get(toDiagramId);
    if (calledElement === undefined || drawn.has(toDiagramId)) continue;
    elements[fromItemId] = { calledElement, ...elements[fromItemId] };
  }
  return Object.keys(elements).length === 0 ? mapping : { ...mapping, elements };
}

function linksIn({ attributes, children }: XmlElement): string[] {
  return [...linkIn(attributes.get(`{${STORM_NAMESPACE}}StormUrl`) ?? ""), ...children.flatMap(linksIn)];
}

function linkIn(attribute: string): string[] {
  try {
    const link = linkedDiagram.safeParse(JSON.parse(attribute));
    return link.success ? [link.data.id] : [];
  } catch {
    return []; // a link of another kind, or none
  }
}

/** What is wrong with a drawing is said by whoever converts it. */
function parsed(xml: string): XmlElement | undefined {
  try {
    return parseXml(xml, { maxBytes: LARGEST_BYTES });
  } catch (error) {
    if (error instanceof BpmnParseError) return undefined;
    throw error;
  }
}
