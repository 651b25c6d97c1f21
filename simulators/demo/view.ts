/** The panel of the demo, from what there is to see and the room for it to lines. */
import { PROCESS_NAME } from "./contract.ts";
import type { DemoState, Happening } from "./state.ts";
import { columnsOf, cut, type Line, type Style, wrap } from "./text.ts";

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

const MOST_HAPPENINGS = 5;
const LEAST_BAR = 5;

/** No line is wider than the terminal and all of them fit; what matters least goes first where there is little room. */
export function demoView(state: DemoState, { columns, rows }: Size): Line[] {
  // Some terminals wrap after the last column, and the cursor waits on the line below.
  const width = Math.max(columns - 1, 1);
  const room = Math.max(rows - 1, 1);

  const title = titleOf(state, width);
  const process: Line = [{ text: processText(state), style: "dim" }];
  const bar = barOf(state, width);
  const stations = stationsOf(state, width);
  const addresses = addressesOf(state, width);
  const words = wordsOf(state);

  const spare = room - [title, process, bar, ...stations, ...addresses, ...words].length;
  const happenings = happeningsOf(state, Math.min(MOST_HAPPENINGS, Math.max(spare, 0)));
  const sections = [[title, process], [bar], stations, happenings, addresses, words].filter((lines) =>
    lines.length > 0
  );
  const airy = spare - happenings.length >= sections.length - 1;
  const lines = sections.flatMap((section, index) => airy && index > 0 ? [[], ...section] : section);
  const shown = lines.length <= room ? lines : [...lines.slice(0, room - 1), ...lines.slice(-1)];
  return shown.map((line) => cut(line, width));
}

/** What has become of the diagram. */
export function processText({ deployedVersion }: Pick<DemoState, "deployedVersion">): string {
  const deployed = deployedVersion === undefined
    ? "not deployed yet"
    : `deployed by sync as version ${deployedVersion}`;
  return `«${PROCESS_NAME}»: drawn in StormBPMN, ${deployed}`;
}

/** `12.3 s`, `2 min 05 s`. */
export function durationText(ms: number): string {
  if (ms < 60_000) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`;
}

/** Who finishes the tasks and how the demo ends, in few words. */
export function wordsOf({ options, completed, phase }: DemoState): Line[] {
  const all = completed === options.instances;
  const allCompleted: Line = [{ text: "All contracts are completed.", style: "green" }];
  if (phase === "over") return [all ? allCompleted : ["The demo has ended before its contracts."]];
  if (phase === "ending") return [["Finishing what is in hand."], ["Ctrl-C again ends at once."]];
  const end = options.exit ? "The demo ends with the last contract." : "Ctrl-C ends the demo.";
  if (all) return [allCompleted, [end]];
  return options.people === "me"
    ? [[{ text: "You finish the tasks: open Bitrix24.", style: "yellow" }], [end]]
    : [["Simulated people finish the tasks."], [end]];
}

function titleOf({ elapsedMs }: DemoState, width: number): Line {
  const name = { text: "Exchanger demo", style: "bold" } as const;
  const short: Line = [name, `  ${durationText(elapsedMs)}`];
  const about = { text: "  real programs between simulated systems", style: "dim" } as const;
  return columnsOf([...short, about]) <= width ? [...short, about] : short;
}

function barOf({ completed, options: { instances } }: DemoState, width: number): Line {
  const total = String(instances);
  const words = ` ${String(completed).padStart(total.length)} of ${total} contracts completed`;
  const length = width - columnsOf([words]);
  return length < LEAST_BAR ? [words.trim()] : [...gauge(completed / instances, length, "green"), words];
}

function stationsOf({ tasks, openTasks }: DemoState, width: number): Line[] {
  const row = (who: string, what: string, count: number, style: Style): Line => {
    const words = ` ${who.padEnd(8)}${what.padEnd(21)}${String(count).padStart(5)} `;
    const length = width - columnsOf([words]);
    if (length < LEAST_BAR) return [words.trimEnd()];
    const [filled = ""] = gauge(count / Math.max(tasks.fetched, 1), length, style);
    return [words, filled];
  };
  return [
    row("worker", "fetched from Camunda", tasks.fetched, "dim"),
    row("worker", "published to a queue", tasks.published, "dim"),
    row("creator", "created in Bitrix24", tasks.created, "dim"),
    row("people", "open in Bitrix24", openTasks, "yellow"),
    row("tracker", "found finished", tasks.answered, "dim"),
    row("worker", "completed in Camunda", tasks.completed, "green"),
  ];
}

/** Room for so many, filled from above. */
function happeningsOf({ happenings }: DemoState, count: number): Line[] {
  const newest = count === 0 ? [] : happenings.slice(-count);
  return Array.from({ length: count }, (_, index) => happeningLine(newest[index]));
}

function happeningLine(happening: Happening | undefined): Line {
  switch (happening?.tone) {
    case undefined:
      return [];
    case "plain":
      return [{ text: happening.text, style: "dim" }];
    case "good":
      return [{ text: happening.text, style: "green" }];
    case "odd":
      return [{ text: happening.text, style: "yellow" }];
  }
}

/** An address is never cut: a part of it leads nowhere. In the end nobody answers there. */
function addressesOf({ pages, phase }: DemoState, width: number): Line[] {
  if (phase === "over") return [];
  return ([["Bitrix24", pages.bitrix24], ["Camunda", pages.camunda]] as const).flatMap(([label, address]): Line[] => {
    const line = [label.padEnd(10), address];
    return columnsOf(line) <= width ? [line] : [[label], ...wrap(address, width).map((part) => [part])];
  });
}

/** Full only when all is done, empty only when nothing is. */
function gauge(share: number, columns: number, style: Style): Line {
  const filled = share <= 0 ? 0 : Math.max(Math.floor(Math.min(share, 1) * columns), 1);
  return [{ text: "█".repeat(filled), style }, { text: "░".repeat(columns - filled), style: "dim" }];
}
