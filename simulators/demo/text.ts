/** Text for a terminal: measured in columns, cut to them, coloured. */

export type Style = "bold" | "dim" | "green" | "yellow";

/** Pieces side by side, each in one style. */
export type Line = readonly (string | { readonly text: string; readonly style: Style })[];

const SGR: Readonly<Record<Style, number>> = { bold: 1, dim: 2, green: 32, yellow: 33 };
const segmenter = new Intl.Segmenter();

/** What a person sees as one character takes one column, й of two code points too; nothing here is of double width. */
function charactersOf(text: string): string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/** The text without its styles. */
export function plainText(line: Line): string {
  return line.map((piece) => typeof piece === "string" ? piece : piece.text).join("");
}

/** How many columns of a terminal the line takes. */
export function columnsOf(line: Line): number {
  return charactersOf(plainText(line)).length;
}

/** The line, or as much of it as fits before an ellipsis. */
export function cut(line: Line, columns: number): Line {
  if (columnsOf(line) <= columns) return line;
  let left = columns - 1;
  const kept = line.map((piece) => {
    const characters = charactersOf(plainText([piece])).slice(0, left);
    left -= characters.length;
    const text = characters.join("");
    return typeof piece === "string" ? text : { ...piece, text };
  });
  return columns < 1 ? [] : [...kept, "…"];
}

/** Pieces of at most so many columns, for what must stay whole. */
export function wrap(text: string, columns: number): string[] {
  const characters = charactersOf(text);
  const count = Math.ceil(characters.length / columns);
  return Array.from({ length: count }, (_, index) => characters.slice(index * columns, (index + 1) * columns).join(""));
}

/** As bytes for the terminal; a control character in a text never reaches it. */
export function paint(line: Line, colour: boolean): string {
  return line.map((piece) => {
    const text = plainText([piece]).replace(/\p{Cc}+/gu, " ");
    return typeof piece === "string" || !colour || text === "" ? text : `\x1b[${SGR[piece.style]}m${text}\x1b[0m`;
  }).join("");
}
