/** What the label of a branch says: yes, no, an answer in words, or nothing. */
import { oneLine } from "./report.ts";

export interface Label {
  readonly meaning: "yes" | "no" | "words" | "nothing";
  /** As drawn, in one line. */
  readonly text: string;
}

const YES: ReadonlySet<string> = new Set(["да", "yes", "y", "true", "ok", "ок", "+", "✓", "✔", "✅", "☑"]);
const NO: ReadonlySet<string> = new Set(["нет", "no", "n", "false", "-", "−", "–", "✗", "✘", "❌", "☒"]);

/** «Да», «да.», «ДА (срочно)», «Yes, urgent» and ✔ are yes; «нет документов» is neither yes nor no. */
export function readLabel(label: string | undefined): Label {
  const text = oneLine(label);
  const lower = text.toLowerCase().replaceAll("\ufe0f", "");
  if (lower === "") return { meaning: "nothing", text };
  const word = /^[\p{L}\d]+/u.exec(lower.replace(/^[^\p{L}\d]+/u, ""))?.[0] ?? "";
  const bare = word === "" ? lower.replace(/[\s.!,;:"'«»()[\]]/g, "") : word;
  const rest = word === "" ? "" : lower.slice(lower.indexOf(word) + word.length);
  // A word that goes on is a phrase of its own; after a comma or in brackets stands what the branch means besides.
  const standsAlone = !/^\s*[\p{L}\d]/u.test(rest);
  if (standsAlone && YES.has(bare)) return { meaning: "yes", text };
  if (standsAlone && NO.has(bare)) return { meaning: "no", text };
  return { meaning: "words", text };
}
