/** Tables that Excel opens right, in Russian locales too, and in which no cell is run as a formula. */

/** Excel reads UTF-8 only after this mark. */
const BYTE_ORDER_MARK = "\uFEFF";

/** What a spreadsheet takes for the beginning of a formula, past white space before it (OWASP, CSV injection). */
const FORMULA = /^[\t\r\n ]*[=+\-@＝＋－＠]|^[\t\r]/;

/** Excel's limit for a cell; what is longer would spill into the rows below. */
const MAX_CHARACTERS = 32_767;

export type CsvCell = string | number | undefined;

/** With a byte order mark, `;` between cells and CRLF after each row. Numbers stay numbers, texts are defused. */
export function csv(rows: readonly (readonly CsvCell[])[]): string {
  return BYTE_ORDER_MARK + rows.map((row) => `${row.map(cellText).join(";")}\r\n`).join("");
}

function cellText(cell: CsvCell): string {
  if (cell === undefined) return "";
  if (typeof cell === "number") return String(cell);
  const text = shortened(FORMULA.test(cell) ? `'${cell}` : cell);
  return /[;"\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function shortened(text: string): string {
  return text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS - 1)}…` : text;
}
