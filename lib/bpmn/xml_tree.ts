/**
 * XML text as a tree of elements with resolved namespaces. Bounded in size and depth; entities other than XML's own five
 * are refused, so that no document can grow while it is read.
 */
import { Buffer } from "node:buffer";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { errorText } from "../telemetry/error_text.ts";
import { BpmnParseError } from "./bpmn_parse_error.ts";

export interface XmlElement {
  /** The namespace's URI; `""` without one. */
  readonly namespace: string;
  /** The name without its prefix. */
  readonly name: string;
  /** By name for attributes without a prefix, else by `{namespace}name`. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** Its own text and CDATA, without that of its children. */
  readonly text: string;
}

export interface XmlLimits {
  /** Larger documents are refused before they are parsed. */
  readonly maxBytes: number;
}

/** Far above any modelled diagram, far below the stack. */
const MAX_DEPTH = 200;

const TEXT = "#text";
const CDATA = "#cdata";
const ATTRIBUTES = ":@";

/**
 * The root element.
 * @throws {BpmnParseError}
 */
export function parseXml(xml: string, limits: XmlLimits): XmlElement {
  const bytes = Buffer.byteLength(xml);
  if (bytes > limits.maxBytes) {
    throw new BpmnParseError(`The XML has ${bytes} bytes; at most ${limits.maxBytes} are read`);
  }
  const root = rawNodes(xml).find((node) => tagOf(node) !== TEXT);
  if (root === undefined) throw new BpmnParseError("There is no XML element in the text");
  return element(root, new Map([["xml", "http://www.w3.org/XML/1998/namespace"]]));
}

/** What fast-xml-parser returns with `preserveOrder`: one key per node, and `:@` for the attributes. */
type RawNode = Readonly<Record<string, unknown>>;

function rawNodes(xml: string): RawNode[] {
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: "",
    parseTagValue: false,
    trimValues: false,
    processEntities: false,
    ignoreDeclaration: true,
    ignorePiTags: true,
    textNodeName: TEXT,
    cdataPropName: CDATA,
    maxNestedTags: MAX_DEPTH,
  });
  try {
    // The parser alone repairs what is not well-formed, and half a diagram would pass for a whole one.
    const valid = XMLValidator.validate(xml);
    if (valid !== true) throw new Error(`line ${valid.err.line}: ${valid.err.msg}`);
    return asNodes(parser.parse(xml));
  } catch (error) {
    throw new BpmnParseError(`The text is not well-formed XML: ${errorText(error)}`);
  }
}

type Prefixes = ReadonlyMap<string, string>;

function element(node: RawNode, outer: Prefixes): XmlElement {
  const raw = Object.entries(asRecord(node[ATTRIBUTES])).map(([name, value]) =>
    [name, decoded(String(value).replace(/[\t\r\n]/g, " "))] as const // white space as XML 1.0 §3.3.3 reads it
  );
  const prefixes = declaredIn(raw, outer);
  const tag = tagOf(node);
  const [prefix, name] = split(tag);
  const content = asNodes(node[tag]);
  return {
    namespace: prefixes.get(prefix) ?? "",
    name,
    attributes: new Map(raw.map(([qualified, value]) => {
      const [attributePrefix, local] = split(qualified);
      return [attributePrefix === "" ? local : `{${prefixes.get(attributePrefix) ?? ""}}${local}`, value];
    })),
    children: content.filter((child) => tagOf(child) !== TEXT && tagOf(child) !== CDATA)
      .map((child) => element(child, prefixes)),
    text: content.map(textOf).join(""),
  };
}

function declaredIn(attributes: readonly (readonly [string, string])[], outer: Prefixes): Prefixes {
  const declared = attributes.flatMap(([name, uri]): [string, string][] => {
    if (name === "xmlns") return [["", uri]];
    return name.startsWith("xmlns:") ? [[name.slice("xmlns:".length), uri]] : [];
  });
  return declared.length === 0 ? outer : new Map([...outer, ...declared]);
}

function textOf(node: RawNode): string {
  if (CDATA in node) return asNodes(node[CDATA]).map((part) => String(part[TEXT] ?? "")).join("");
  return TEXT in node ? decoded(String(node[TEXT])) : "";
}

const PREDEFINED: ReadonlyMap<string, string> = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
]);

/** Replaces XML's own entities, once: `&amp;lt;` is the text `&lt;`. */
function decoded(text: string): string {
  return text.replace(/&([^;\s&]{0,32};)?/g, (_, reference: string | undefined) => {
    const name = reference?.slice(0, -1) ?? "";
    const predefined = PREDEFINED.get(name);
    if (predefined !== undefined) return predefined;
    const number = /^#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}))$/.exec(name);
    const code = number?.[1] === undefined ? Number.parseInt(number?.[2] ?? "", 10) : Number.parseInt(number[1], 16);
    if (code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff)) return String.fromCodePoint(code);
    throw new BpmnParseError(
      "The XML refers to an entity other than &amp; &lt; &gt; &quot; &apos; and character numbers",
    );
  });
}

function split(qualified: string): [prefix: string, name: string] {
  const colon = qualified.indexOf(":");
  return colon < 0 ? ["", qualified] : [qualified.slice(0, colon), qualified.slice(colon + 1)];
}

function tagOf(node: RawNode): string {
  return Object.keys(node).find((key) => key !== ATTRIBUTES) ?? TEXT;
}

function asNodes(value: unknown): RawNode[] {
  return Array.isArray(value) ? value.map(asRecord) : [];
}

function asRecord(value: unknown): RawNode {
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}
