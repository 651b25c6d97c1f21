/** A panel at the end of a terminal that is redrawn in place; what else is printed appears above it. */
import { columnsOf, type Line, paint } from "./text.ts";
import type { Size } from "./view.ts";

export interface TerminalOutput {
  write(text: string): void;
  size(): Size;
}

const HIDE_CURSOR = "\x1b[?25l";
const SHOW_CURSOR = "\x1b[?25h";
/** Terminals that know it show the frame only when it is whole; others ignore it. */
const BEGIN_FRAME = "\x1b[?2026h";
const END_FRAME = "\x1b[?2026l";
const CLEAR_TO_END_OF_LINE = "\x1b[K";
const CLEAR_BELOW = "\x1b[J";

const ENDS_OF_PROCESS = ["error", "unhandledrejection", "unload"] as const;

export class Panel implements Disposable {
  #shown: readonly Line[] = [];
  #cursorHidden = false;
  readonly #restore = () => this.#showCursor();

  /** The cursor comes back when disposed, and also when the process ends without that. */
  constructor(private readonly output: TerminalOutput, private readonly colour: boolean) {
    for (const end of ENDS_OF_PROCESS) globalThis.addEventListener(end, this.#restore);
  }

  /** Replaces what is shown; the lines must fit into the terminal. */
  draw(lines: readonly Line[]): void {
    const painted = lines.map((line) => paint(line, this.colour)).join(`${CLEAR_TO_END_OF_LINE}\n`);
    const top = this.#toTop();
    this.#cursorHidden = true;
    this.#shown = lines;
    this.output.write(`${BEGIN_FRAME}${HIDE_CURSOR}${top}${painted}${CLEAR_BELOW}${END_FRAME}\n`);
  }

  /** Takes the panel away while `print` writes whole lines, to wherever they go, and draws it again below them. */
  printAbove(print: () => void): void {
    const lines = this.#shown;
    this.output.write(`${this.#toTop()}${CLEAR_BELOW}`);
    this.#shown = [];
    print();
    if (lines.length > 0) this.draw(lines);
  }

  /** What was drawn last stays. */
  [Symbol.dispose](): void {
    for (const end of ENDS_OF_PROCESS) globalThis.removeEventListener(end, this.#restore);
    this.#showCursor();
  }

  /** A terminal that has become narrower may have broken the lines, so that they take more rows than they did. */
  #toTop(): string {
    const { columns } = this.output.size();
    const rows = this.#shown.reduce((sum, line) => sum + Math.max(Math.ceil(columnsOf(line) / columns), 1), 0);
    return rows === 0 ? "\r" : `\r\x1b[${rows}A`;
  }

  /** On the panel's last line, so that the line below begins with what is printed next. */
  #showCursor(): void {
    if (!this.#cursorHidden) return;
    this.#cursorHidden = false;
    this.output.write(`\x1b[A${SHOW_CURSOR}\n`);
  }
}
