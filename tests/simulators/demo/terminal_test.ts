import assert from "node:assert/strict";
import { Panel } from "../../../simulators/demo/terminal.ts";
import type { Line } from "../../../simulators/demo/text.ts";

/** As much of a terminal as the panel needs: rows that scroll, and the sequences it uses; any other is a fault. */
class Screen {
  rows: string[] = [""];
  cursorIsVisible = true;
  #row = 0;
  #column = 0;

  constructor(readonly columns: number) {}

  size() {
    return { columns: this.columns, rows: 24 };
  }

  write(text: string): void {
    for (const [part = "", control] of text.matchAll(/\p{Cc}\[([?\d]*[A-Za-z])|[^]/gu)) {
      if (control === undefined) this.#put(part);
      else this.#obey(control);
    }
  }

  /** What can be read, without empty rows at the end. */
  get text(): string {
    return this.rows.join("\n").trimEnd();
  }

  #put(character: string): void {
    if (character === "\r") this.#column = 0;
    else if (character === "\n") this.#moveTo(this.#row + 1, 0);
    else {
      if (this.#column === this.columns) this.#moveTo(this.#row + 1, 0);
      const row = this.rows[this.#row] ?? "";
      const before = row.slice(0, this.#column).padEnd(this.#column);
      this.rows[this.#row] = before + character + row.slice(this.#column + 1);
      this.#column++;
    }
  }

  #obey(control: string): void {
    const up = /^(\d*)A$/.exec(control)?.[1];
    if (up !== undefined) this.#moveTo(Math.max(this.#row - Number(up || 1), 0), this.#column);
    else if (control === "K") this.rows[this.#row] = (this.rows[this.#row] ?? "").slice(0, this.#column);
    else if (control === "J") {
      this.#obey("K");
      this.rows.length = this.#row + 1;
    } else if (control === "?25l") this.cursorIsVisible = false;
    else if (control === "?25h") this.cursorIsVisible = true;
    else if (!/^(\?2026[hl]|\d+m)$/.test(control)) throw new Error(`The screen does not know ${control}`);
  }

  #moveTo(row: number, column: number): void {
    [this.#row, this.#column] = [row, column];
    while (this.rows.length <= row) this.rows.push("");
  }
}

const lines = (...texts: string[]): Line[] => texts.map((text) => [text]);

Deno.test("the panel is redrawn in place, longer, shorter and with fewer lines", () => {
  const screen = new Screen(40);
  screen.write("$ deno task demo\n");
  using panel = new Panel(screen, false);
  panel.draw(lines("0 of 20", "starting up"));
  panel.draw(lines("10 of 20", "up", "and running"));
  assert.equal(screen.text, "$ deno task demo\n10 of 20\nup\nand running");
  panel.draw(lines("20 of 20"));
  assert.equal(screen.text, "$ deno task demo\n20 of 20");
});

Deno.test("a log line appears whole above the panel, also one that is wider than the terminal", () => {
  const screen = new Screen(10);
  using panel = new Panel(screen, false);
  panel.draw(lines("1 of 20", "Ctrl-C"));
  panel.printAbove(() => screen.write("warn: Bitrix24\n"));
  panel.draw(lines("2 of 20", "Ctrl-C"));
  assert.equal(screen.text, "warn: Bitr\nix24\n2 of 20\nCtrl-C");
});

Deno.test("a log line before the first frame needs no panel", () => {
  const screen = new Screen(40);
  using panel = new Panel(screen, false);
  panel.printAbove(() => screen.write("warn\n"));
  assert.equal(screen.text, "warn");
  assert.ok(screen.cursorIsVisible);
});

Deno.test("the cursor is hidden while the panel lives and comes back with its end, the last frame stays", () => {
  const screen = new Screen(40);
  {
    using panel = new Panel(screen, false);
    panel.draw(lines("20 of 20"));
    assert.ok(!screen.cursorIsVisible);
  }
  assert.ok(screen.cursorIsVisible);
  screen.write("demo: 20 started\n");
  assert.equal(screen.text, "20 of 20\ndemo: 20 started");
});

Deno.test("an error that nobody catches brings the cursor back too", () => {
  const screen = new Screen(40);
  using panel = new Panel(screen, false);
  panel.draw(lines("1 of 20"));
  globalThis.dispatchEvent(new Event("unload"));
  assert.ok(screen.cursorIsVisible);
});

Deno.test("lines that a narrower terminal has broken are replaced whole", () => {
  const screen = new Screen(10);
  let columns = 20;
  using panel = new Panel({ write: (text) => screen.write(text), size: () => ({ columns, rows: 24 }) }, false);
  // The screen breaks the line as a terminal does that was made narrower after it was drawn.
  panel.draw(lines("fifteen letters", "short"));
  columns = 10;
  panel.draw(lines("narrow", "short"));
  assert.equal(screen.text, "narrow\nshort");
});

Deno.test("a frame is written at once, with colours only where they are wanted", () => {
  const written: string[] = [];
  const output = { write: (text: string) => void written.push(text), size: () => ({ columns: 40, rows: 24 }) };
  const line: Line = ["8 of ", { text: "20", style: "green" }];
  {
    using plain = new Panel(output, false);
    plain.draw([line]);
    assert.equal(written.length, 1);
    assert.ok(written[0]?.includes("8 of 20"));
  }
  written.length = 0;
  using coloured = new Panel(output, true);
  coloured.draw([line]);
  assert.ok(written[0]?.includes("8 of \x1b[32m20\x1b[0m"));
});

Deno.test("a control character in a text does not steer the terminal", () => {
  const screen = new Screen(40);
  using panel = new Panel(screen, false);
  panel.draw(lines("contract\x1b[2J\n7"));
  assert.equal(screen.text, "contract [2J 7");
});
