/** `exchanger-sync lint`: what a conversion would lose or refuse, by element. */
import { z } from "zod";
import type { Problem, ReportEntry } from "../../bpmn/convert/result.ts";
import { convertChoices } from "../drawing_converter.ts";
import type { Choose, CommandContext } from "./context.ts";
import { kept } from "../kept.ts";
import { mappingFlags, mappingHelp, mappingOf } from "./mapping_option.ts";
import { countsOf, entryLine, problemLines, sortedEntries } from "./report_lines.ts";
import { loadSource, sourceOf } from "./source.ts";
import { commonOptions, subCommand } from "./sub_command.ts";
import { counted } from "./table.ts";
import { tryEach } from "./try_each.ts";

const lintOptions = z.object({
  ...commonOptions,
  assignees: z.string().optional(),
  strict: z.boolean().optional(),
  mapping: z.string().optional(),
  all: z.boolean().default(false),
});
type LintOptions = z.infer<typeof lintOptions>;
const sources = z.array(z.string());

/** One source, looked at. */
type Linted =
  & { readonly source: string }
  & (
    | { readonly kind: "converted"; readonly report: readonly ReportEntry[] }
    | { readonly kind: "refused"; readonly problems: readonly Problem[] }
    | { readonly kind: "failed"; readonly reason: string }
  );

export function lintCommand(choose: Choose) {
  return subCommand({
    name: "lint",
    summary: "Says what a conversion would lose or refuse, element by element. Changes nothing.",
    examples: [
      { command: "exchanger-sync lint order.bpmn", what: "exit code 1 when it would be refused" },
      { command: "exchanger-sync lint --strict bpmn/*.bpmn", what: "also when something would be lost" },
      { command: "exchanger-sync lint 6b547a8f-a78f-4375-b39e-59c4afd9388e --json", what: "a diagram of StormBPMN" },
    ],
  })
    .argument("<file|id...>", "BPMN files, or diagrams' ids or addresses in StormBPMN")
    .option("--assignees <file>", "records of StormBPMN as JSON, for one file")
    .option("--strict", "what would be lost counts as refused")
    .option("--all", "also what is mapped to something else, or left out without an effect")
    .option(mappingFlags, mappingHelp)
    .action((named, raw) => {
      const options = lintOptions.parse(raw);
      const all = sources.parse(named);
      choose((context) => lint(all, options, context));
    });
}

async function lint(named: readonly string[], options: LintOptions, context: CommandContext): Promise<number> {
  // Losses are to be told as such, with what else there is: strict counts them only afterwards.
  const isStrict = options.strict ?? context.settings.SYNC_STRICT;
  const mapping = await mappingOf(options.mapping, context);
  const choices = convertChoices(context.settings, { strict: false, mapping });
  const { rows: all, stoppedBy } = await tryEach<string, Linted>(
    named,
    async (text) => {
      const { drawing, converter } = await loadSource(sourceOf(text), { ...options, choices }, context);
      const result = await converter.convert(drawing, context.signal);
      if (result.kind === "refused") return { source: drawing.label, ...result };
      // Of hundreds of diagrams only what will be told is kept.
      return { source: drawing.label, kind: "converted", report: kept(shownOf(result.report, options)) };
    },
    (source, reason) => ({ source, kind: "failed", reason }),
    context.signal,
  );
  const isGood = (one: Linted) =>
    one.kind === "converted" && (!isStrict || one.report.every(({ kind }) => kind !== "lost"));
  const ok = stoppedBy === undefined && all.every(isGood);
  if (options.json) {
    context.stdout(
      JSON.stringify({ ok, sources: all.map((one) => jsonOf(one, isGood(one))), stoppedBy: stoppedBy?.text }),
    );
  } else {
    for (const one of all) tell(one, context);
    const bad = all.filter((one) => !isGood(one)).length;
    if (all.length > 1) {
      context.stdout(`${counted(all.length, "diagram")}, ${bad === 0 ? "all good" : `${bad} not good`}.`);
    }
  }
  if (stoppedBy !== undefined) context.stderr(stoppedBy.text);
  return stoppedBy?.exitCode ?? (ok ? 0 : 1);
}

function tell(one: Linted, context: CommandContext): void {
  switch (one.kind) {
    case "failed":
      return context.stderr(one.reason.startsWith(one.source) ? one.reason : `${one.source}: ${one.reason}`);
    case "refused":
      return context.stderr(problemLines(one.source, one.problems));
    case "converted": {
      const shown = sortedEntries(one.report);
      const { lost } = countsOf(one.report);
      const summary = lost === 0 ? "nothing would be lost" : `${counted(lost, "element")} would be lost`;
      context.stdout([`${one.source}: ${summary}`, ...shown.map(entryLine)].join("\n"));
    }
  }
}

function jsonOf(one: Linted, ok: boolean) {
  const { source } = one;
  switch (one.kind) {
    case "failed":
      return { source, ok, problems: [{ reason: one.reason }] };
    case "refused":
      return { source, ok, problems: one.problems };
    case "converted":
      return { source, ok, report: one.report };
  }
}

function shownOf(report: readonly ReportEntry[], { all }: LintOptions): ReportEntry[] {
  return report.filter(({ kind }) => all || kind === "lost");
}
