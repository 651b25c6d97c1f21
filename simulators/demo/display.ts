/** Where the demo is seen: a panel on a terminal, a plain log elsewhere. */
import { writeLine } from "../../lib/telemetry/configure_logging.ts";
import { PlainLog } from "./plain_log.ts";
import type { DemoState } from "./state.ts";
import { Panel } from "./terminal.ts";
import { demoView, type Size } from "./view.ts";

const REDRAW_MS = 125;

/** What both have in common; it belongs to whoever opened it. */
export interface Display extends Disposable {
  /** Whether log lines on standard error may be coloured. */
  readonly colourLog: boolean;
  show(state: DemoState): void;
  /** Writes a log line to standard error, without tearing what is shown. */
  log(line: string): void;
}

/** Chooses by what standard output is, and by TERM and NO_COLOR. */
export function openDisplay(environment: Readonly<Record<string, string | undefined>>): Display {
  const dumb = environment["TERM"] === "dumb";
  const colour = !dumb && !environment["NO_COLOR"];
  const [outIsTerminal, errIsTerminal] = [Deno.stdout.isTerminal(), Deno.stderr.isTerminal()];
  const colourLog = colour && errIsTerminal;
  const logLine = (line: string) => writeLine(Deno.stderr, line);
  if (!outIsTerminal || dumb) {
    const plain = new PlainLog(printLine);
    return { colourLog, show: (state) => plain.show(state), log: logLine, [Symbol.dispose]() {} };
  }
  const panel = new Panel({ write: print, size: terminalSize }, colour);
  return {
    colourLog,
    show: (state) => panel.draw(demoView(state, terminalSize())),
    log: (line) => errIsTerminal ? panel.printAbove(() => logLine(line)) : logLine(line),
    [Symbol.dispose]: () => panel[Symbol.dispose](),
  };
}

/** Shows the state of the moment again and again, and when disposed the state in which it all ended. */
export function keepShowing(display: Display, stateNow: () => DemoState): Disposable {
  const timer = setInterval(() => display.show(stateNow()), REDRAW_MS);
  return {
    [Symbol.dispose]() {
      clearInterval(timer);
      display.show({ ...stateNow(), phase: "over" });
    },
  };
}

/** Writes a line to standard output. */
export function printLine(line: string): void {
  print(`${line}\n`);
}

/** Ends the process when nobody reads any more (`| head`), as SIGPIPE does elsewhere; Deno ignores that signal. */
function print(text: string): void {
  let rest = new TextEncoder().encode(text);
  try {
    while (rest.length > 0) rest = rest.subarray(Deno.stdout.writeSync(rest));
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) Deno.exit(128 + 13);
    throw error;
  }
}

/** A pseudo-terminal that nobody has sized says 0 × 0. */
function terminalSize(): Size {
  try {
    const { columns, rows } = Deno.consoleSize();
    if (columns > 0 && rows > 0) return { columns, rows };
  } catch {
    // There was a terminal when the display was opened; it may be gone by now.
  }
  return { columns: 80, rows: 24 };
}
