/** The table of constructs: as the engine shows it, and as docs/sync.md has it. */
import type { Construct, Outcome } from "./construct.ts";

export interface Row {
  readonly construct: Construct;
  readonly outcome: Outcome;
  /** What the report, or the refusal, says about the subjects. */
  readonly reasons: readonly string[];
}

const PAGE = new URL("../../../../../docs/sync.md", import.meta.url);
const BEGIN = "<!-- constructs: begin -->";
const END = "<!-- constructs: end -->";

const HEAD = [
  "| construct | deployed | runs | outcome | the report says |",
  "|---|---|---|---|---|",
];

/** In Markdown. A row exists only for what was deployed and ran as foretold, or was refused. */
export function tableOf(rows: readonly Row[]): string {
  return [...HEAD, ...rows.map(lineOf)].join("\n");
}

function lineOf({ construct: { name, runs }, outcome, reasons }: Row): string {
  const isDeployed = outcome !== "refused";
  const ways = runs.flatMap((run) => run.name ?? []);
  const ran = ways.length > 0 ? ways.join(" · ") : "yes";
  const cells = [name, isDeployed ? "yes" : "no", isDeployed ? ran : "–", outcome, [...new Set(reasons)].join(" ")];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

/** The table on the page. */
export async function tableOnPage(): Promise<string> {
  return (await partsOfPage()).table;
}

/** Puts the table in the place of the one on the page. */
export async function writeOnPage(table: string): Promise<void> {
  const { before, after } = await partsOfPage();
  await Deno.writeTextFile(PAGE, `${before}${BEGIN}\n${table}\n${END}${after}`);
}

async function partsOfPage(): Promise<{ before: string; table: string; after: string }> {
  const page = await Deno.readTextFile(PAGE);
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`docs/sync.md lacks the lines ${BEGIN} and ${END}`);
  return {
    before: page.slice(0, begin),
    table: page.slice(begin + BEGIN.length, end).trim(),
    after: page.slice(end + END.length),
  };
}
