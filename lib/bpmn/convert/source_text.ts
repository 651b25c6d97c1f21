/**
 * What can be said of a source before it is parsed. Each fault names what was found and where: half a diagram must not pass
 * for a whole one, and no document may grow while it is read.
 */
import { Buffer } from "node:buffer";
import { XMLValidator } from "fast-xml-parser";
import { oneLine } from "./report.ts";
import type { Problem } from "./result.ts";

/** The source as the reader wants it, or why it is none. */
export type CheckedText = { readonly text: string } | { readonly problem: Problem };

export function checkText(source: string, maxBytes: number): CheckedText {
  const bytes = Buffer.byteLength(source);
  if (bytes > maxBytes) return fault(`The file has ${bytes} bytes; at most ${maxBytes} are read.`);
  // XML 1.0 §2.11: an XML reader sees line feeds only, and moddle's leaves that to its caller.
  const text = source.replace(/^\ufeff/, "").replace(/\r\n?/g, "\n");
  const start = text.trimStart();
  if (start === "") return fault("The file is empty.");
  if (!start.startsWith("<")) {
    return fault(`The file is not XML: it begins with «${oneLine(start.slice(0, 30))}».`, 1);
  }
  const doctype = /<!DOCTYPE/i.exec(text);
  if (doctype) {
    return fault(
      "The file has a document type declaration (<!DOCTYPE …>), which no BPMN file needs and which can blow up.",
      lineAt(text, doctype.index),
    );
  }
  const valid = XMLValidator.validate(text);
  if (valid !== true) return fault(`The file is not well-formed XML: ${valid.err.msg}`, valid.err.line);
  const root = /<(?![?!])([^\s/>]+)/.exec(text)?.[1] ?? "";
  if (root.slice(root.indexOf(":") + 1) !== "definitions") {
    return fault(
      `The file is not BPMN: its root is <${root}>, not <definitions>.`,
      lineAt(text, text.indexOf(`<${root}`)),
    );
  }
  return checkCharacters(text);
}

const CHARACTER_DATA_ONLY = /<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>/g;
const ENTITY = /&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-fA-F]+);)[^\s;<&]{0,30};?/;
const CONTROL_REFERENCE =
  /&#(?:x0*(?:[0-8bcef]|1[0-9a-f]|d[89a-f][0-9a-f]{2}|fff[ef])|0*(?:[0-8]|1[124-9]|2\d|3[01]));/i;
// deno-lint-ignore no-control-regex -- they are what is looked for
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

function checkCharacters(text: string): CheckedText {
  const blank = (part: string) => part.replace(/[^\n]/g, " ");
  const markup = text.includes("<!") ? text.replace(CHARACTER_DATA_ONLY, blank) : text;
  const entity = ENTITY.exec(markup);
  if (entity) {
    return fault(
      `${entity[0]} is no entity of XML; those are &amp; &lt; &gt; &quot; &apos; and character numbers.`,
      lineAt(text, entity.index),
    );
  }
  const control = CONTROL.exec(text) ?? CONTROL_REFERENCE.exec(markup);
  if (control) return fault("The file has a character that XML forbids.", lineAt(text, control.index));
  return { text: withWordsForBits(text) };
}

/** XML Schema's booleans may be written `1` and `0`; moddle knows the words only. */
function withWordsForBits(text: string): string {
  return text.replace(BITS, (_, name: string, bit: string) => `${name}="${bit === "1"}"`);
}

const BITS =
  /(\s(?:isExecutable|isClosed|isSequential|isInterrupting|cancelActivity|triggeredByEvent|parallelMultiple|isForCompensation|instantiate|isCollection|isUnlimited|waitForCompletion|isExpanded|isHorizontal|isMarkerVisible))\s*=\s*["']\s*([01])\s*["']/g;

/** Where the element with this id begins; `undefined` when the text has no such id. */
export function lineOfId(text: string, id: string): number | undefined {
  const index = [`id="${id}"`, `id='${id}'`].map((attribute) => text.search(new RegExp(`\\s${escaped(attribute)}`)))
    .find((found) => found >= 0);
  return index === undefined ? undefined : lineAt(text, index + 1);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

function lineAt(text: string, index: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at >= 0 && at < index; at = text.indexOf("\n", at + 1)) line++;
  return line;
}

function fault(reason: string, line?: number): CheckedText {
  return { problem: { reason, ...(line !== undefined && { line }) } };
}
