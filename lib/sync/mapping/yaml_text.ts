/** A YAML file that people wrote: its value, and where in the file each part of it stands. */
import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from "yaml";
import { errorText } from "../../telemetry/error_text.ts";

/** Counted from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface YamlFault extends Place {
  readonly reason: string;
}

export type YamlPath = readonly PropertyKey[];

export type ReadYaml =
  | {
    readonly kind: "read";
    /** What JSON could say, too; of an empty file `null`. */
    readonly value: unknown;
    /** Of the value that the path leads to, or of as much of it as there is. */
    placeOf(path: YamlPath): Place;
    /** Of the last key of the path. */
    placeOfKey(path: YamlPath): Place;
  }
  | { readonly kind: "refused"; readonly faults: readonly YamlFault[] };

/** What aliases may add up to: nine lines of aliases to aliases would be a thousand million values. */
const MAX_ALIASED = 100;

/** Deeper than any mapping, and far from where the parser's recursion ends. */
const MAX_DEPTH = 32;
/** The same for blocks: by spaces, or by dashes and colons in one line. */
const INDENTED = /^(?: {256}|[ \t]*(?:[-?:][ \t]+){32})/m;

/** YAML 1.2, so that `no` and `2030-01-31` are texts. A key that stands twice is a fault, and so is a tag that is unknown. */
export function readYaml(text: string): ReadYaml {
  const lines = new LineCounter();
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const deep = tooDeep(text);
  if (deep !== undefined) return refused([{ ...placeInText(text, deep), reason: "It is nested too deeply." }]);
  try {
    // The parser compares every key with every other.
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
    const faults = [
      ...[...document.errors, ...document.warnings].map(({ message, pos: [at] }) => ({
        at,
        reason: sentence(message),
      })),
      ...ownFaults(document),
    ];
    if (faults.length > 0) return refused(faults.map(({ at, reason }) => ({ ...placeAt(at), reason })));
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASED });
    return {
      kind: "read",
      value,
      placeOf: (path) => placeAt(offsetOf(document, path, "value")),
      placeOfKey: (path) => placeAt(offsetOf(document, path, "key")),
    };
  } catch (error) {
    // Aliases that would fill the memory.
    return refused([{ line: 1, column: 1, reason: sentence(errorText(error)) }]);
  }
}

/** Keys that stand twice, and aliases to something that they are a part of. */
function ownFaults(document: Document): { at: number; reason: string }[] {
  const faults: { at: number; reason: string }[] = [];
  visit(document, {
    Map(_, { items }) {
      const keys = new Set<string>();
      for (const { key } of items) {
        const name = keyOf(key);
        if (keys.has(name)) faults.push({ at: startOf(key) ?? 0, reason: `The key ${name} stands here twice.` });
        keys.add(name);
      }
    },
    Alias(_, alias, path) {
      const meant = alias.resolve(document);
      if (meant === undefined || !path.includes(meant)) return;
      faults.push({ at: startOf(alias) ?? 0, reason: `What ${alias.source} names has itself as a part.` });
    },
  });
  return faults;
}

function refused(faults: readonly YamlFault[]): ReadYaml {
  return { kind: "refused", faults };
}

function offsetOf(document: Document, path: YamlPath, part: "key" | "value"): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const [index, step] of path.entries()) {
    if (isAlias(node)) node = node.resolve(document);
    const found: { readonly key?: unknown; readonly value: unknown } | undefined = stepFrom(node, step);
    if (found === undefined) return offset;
    const isLast = index === path.length - 1;
    const at = isLast && part === "key" ? startOf(found.key) : startOf(found.value) ?? startOf(found.key);
    offset = at ?? offset;
    node = found.value;
  }
  return offset;
}

function stepFrom(node: unknown, step: PropertyKey): { readonly key?: unknown; readonly value: unknown } | undefined {
  if (isSeq(node)) return typeof step === "number" && step in node.items ? { value: node.items[step] } : undefined;
  if (!isMap(node)) return undefined;
  return node.items.find(({ key }) => keyOf(key) === String(step));
}

/** As the value has it: names are read without the white space around them. */
function keyOf(key: unknown): string {
  return (isScalar(key) ? String(key.value) : String(key)).trim();
}

function startOf(node: unknown): number | undefined {
  if (isPair(node)) return startOf(node.key);
  return isNode(node) ? rangeOf(node)?.[0] : undefined;
}

function rangeOf(node: Node): Node["range"] {
  // A block collection begins where its first key stands, which is on the line that people look for.
  const [first] = isCollection(node) && !node.flow ? node.items : [];
  const inner = isPair(first) ? first.key : first;
  return isNode(inner) && inner.range ? inner.range : node.range;
}

/** Where, if anywhere: the parser calls itself for each level, so this looks before it does. */
function tooDeep(text: string): number | undefined {
  const indented = INDENTED.exec(text);
  if (indented !== null) return indented.index;
  let depth = 0;
  let offset = 0;
  for (const token of new Lexer().lex(text)) {
    if (token === "]" || token === "}") depth = Math.max(depth - 1, 0);
    else if (token === "[" || token === "{") depth++;
    if (depth > MAX_DEPTH) return offset;
    if (!MARKS.has(token)) offset += token.length;
  }
  return undefined;
}

/** What the lexer adds between the parts of the text: before a document, a scalar, and after flow collections' ends. */
const MARKS: ReadonlySet<string> = new Set(["\u0002", "\u0018", "\u001f"]);

function placeInText(text: string, offset: number): Place {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

function sentence(message: string): string {
  const line = message.replace(/\s+/g, " ").trim();
  return /[.!?]$/.test(line) ? line : `${line}.`;
}
