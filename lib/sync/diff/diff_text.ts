/** A comparison as people read it in a terminal. */
import type { DiffedElement, ElementChange, ModelDiff } from "./model_diff.ts";

/** Longer values are cut; the JSON form has them whole. */
const MAX_SHOWN = 160;

/** Several lines, ending with a line end: what was counted, then each element, with `+`, `-` or `~` before it. */
export function diffText({ same, added, removed, changed }: ModelDiff): string {
  if (same) return "No differences.\n";
  return [
    `${added.length} added, ${removed.length} removed, ${changed.length} changed`,
    ...added.map((element) => `  + ${called(element)}`),
    ...removed.map((element) => `  - ${called(element)}`),
    ...changed.flatMap((element) => [`  ~ ${called(element)}`, ...element.changes.map(changeLine)]),
    "",
  ].join("\n");
}

function called({ id, kind, name, process }: DiffedElement): string {
  const words = name === undefined ? `${kind} ${id}` : `${kind} «${cut(name)}» (${id})`;
  return process === undefined ? words : `${words} in ${process}`;
}

function changeLine({ aspect, detail, before, after }: ElementChange): string {
  const what = detail === undefined ? aspect : `${aspect} ${detail}`;
  if (before === undefined) return `      ${what}: now ${value(after)}`;
  if (after === undefined) return `      ${what}: no longer ${value(before)}`;
  return `      ${what}: ${value(before)} → ${value(after)}`;
}

function value(text: string | undefined): string {
  return text === undefined || text === "" ? "(empty)" : cut(text);
}

function cut(text: string): string {
  const characters = [...text];
  return characters.length <= MAX_SHOWN ? text : `${characters.slice(0, MAX_SHOWN - 1).join("")}…`;
}
