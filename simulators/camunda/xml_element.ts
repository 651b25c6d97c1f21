/** XML as a small tree of elements without namespace prefixes: all that reading BPMN needs. */
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { processError } from "./engine_error.ts";

/** As Java's XML reader counts: from 1, and the column is that of the next character. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

export class XmlElement {
  constructor(
    readonly name: string,
    readonly attributes: Readonly<Record<string, string>>,
    readonly children: readonly XmlElement[],
    readonly text: string,
    /** Where its start tag ends. */
    readonly position: TextPosition,
  ) {}

  all(name: string): XmlElement[] {
    return this.children.filter((child) => child.name === name);
  }

  first(name: string): XmlElement | undefined {
    return this.children.find((child) => child.name === name);
  }

  /** The extension elements of this name, wherever in `extensionElements` they sit directly. */
  extension(name: string): XmlElement | undefined {
    return this.first("extensionElements")?.first(name);
  }
}

/** @throws {EngineError} as Camunda answers a resource that is not well-formed: 500, not 400. */
export function parseXml(resource: string, xml: string): XmlElement {
  const verdict = XMLValidator.validate(xml);
  if (verdict !== true) throw processError(`ENGINE-09003 Could not parse '${resource}'. ${verdict.err.msg}`);
  const nodes: unknown = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: "",
    parseTagValue: false,
    removeNSPrefix: true,
    trimValues: false,
    htmlEntities: true, // numeric references such as &#1040; are only decoded with it
    captureMetaData: true,
  }).parse(xml);
  const root = elementsOf(nodes, new TextPositions(xml)).find((element) => element.name !== "?xml");
  if (root === undefined) throw processError(`ENGINE-09003 Could not parse '${resource}'. Premature end of file.`);
  return root;
}

/** The parser's ordered form is a list of `{tag: children, ":@": attributes}` and `{"#text": text}`. */
function elementsOf(nodes: unknown, positions: TextPositions): XmlElement[] {
  if (!Array.isArray(nodes)) return [];
  const elements: XmlElement[] = [];
  for (const node of nodes) {
    if (!isRecord(node)) continue;
    const attributes = isRecord(node[":@"]) ? node[":@"] : {};
    for (const [name, content] of Object.entries(node)) {
      if (name === ":@" || name === "#text") continue;
      const texts = Object.entries(attributes).map(([key, value]): [string, string] => [key, String(value)]);
      const position = positions.afterStartTag(startOf(node));
      const children = elementsOf(content, positions);
      elements.push(new XmlElement(name, Object.fromEntries(texts), children, textOf(content), position));
    }
  }
  return elements;
}

/** Where the parser found it, which it keeps under a symbol. */
function startOf(node: object): number {
  const [symbol] = Object.getOwnPropertySymbols(node);
  const found: unknown = symbol === undefined ? undefined : Reflect.get(node, symbol);
  return isRecord(found) && typeof found["startIndex"] === "number" ? found["startIndex"] : 0;
}

class TextPositions {
  readonly #lineStarts: number[] = [0];

  constructor(private readonly xml: string) {
    for (let at = xml.indexOf("\n"); at >= 0; at = xml.indexOf("\n", at + 1)) this.#lineStarts.push(at + 1);
  }

  afterStartTag(start: number): TextPosition {
    const tag = /(?:[^"'>]|"[^"]*"|'[^']*')*>/uy;
    tag.lastIndex = start;
    const end = start + (tag.exec(this.xml)?.[0].length ?? 0);
    let [low, high] = [0, this.#lineStarts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#lineStarts[middle] ?? 0) <= end) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: end - (this.#lineStarts[low] ?? 0) + 1 };
  }
}

function textOf(nodes: unknown): string {
  if (!Array.isArray(nodes)) return "";
  return nodes.map((node) => isRecord(node) && typeof node["#text"] === "string" ? node["#text"] : "").join("");
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
