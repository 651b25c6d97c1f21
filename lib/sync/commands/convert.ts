/** `exchanger-sync convert`: a diagram as Camunda can execute it, in a file. */
import { z } from "zod";
import type { ConvertResult } from "../../bpmn/convert/result.ts";
import { convertedPath, stemOf } from "../diagram_files.ts";
import type { Drawing } from "../drawing.ts";
import { convertChoices } from "../drawing_converter.ts";
import { writeOutput } from "../text_file.ts";
import type { Choose, CommandContext } from "./context.ts";
import { mappingFlags, mappingHelp, mappingOf } from "./mapping_option.ts";
import { STDOUT } from "./output_file.ts";
import { entryLine, problemLines, reportSummary, sortedEntries } from "./report_lines.ts";
import { loadSource, type Source, sourceOf } from "./source.ts";
import { commonOptions, subCommand } from "./sub_command.ts";

const convertOptions = z.object({
  ...commonOptions,
  output: z.string().optional(),
  assignees: z.string().optional(),
  report: z.string().optional(),
  strict: z.boolean().optional(),
  mapping: z.string().optional(),
});
type ConvertCommandOptions = z.infer<typeof convertOptions>;

export function convertCommand(choose: Choose) {
  return subCommand({
    name: "convert",
    summary: "Converts a diagram to BPMN that Camunda executes, and says what became of what is drawn.",
    examples: [
      { command: "exchanger-sync convert order.bpmn", what: "writes camunda_order.bpmn beside it" },
      { command: "exchanger-sync convert order.bpmn -o - --json", what: "what would be written and reported" },
      { command: "exchanger-sync convert order.bpmn --strict --report order.json", what: "refuses what would be lost" },
      { command: "exchanger-sync convert 6b547a8f-a78f-4375-b39e-59c4afd9388e", what: "straight from StormBPMN" },
    ],
    writes: true,
  })
    .argument("<file|id>", "a BPMN file, or a diagram's id or address in StormBPMN")
    .option("-o, --output <file>", "where it goes; - for standard output (default: camunda_<name>.bpmn)")
    .option("--assignees <file>", "records of StormBPMN as JSON (default for a file: <name>_assignees.json beside it)")
    .option("--report <file>", "writes the report as JSON")
    .option("--strict", "refuses a diagram of which something would be lost")
    .option(mappingFlags, mappingHelp)
    .action((named, raw) => {
      const options = convertOptions.parse(raw);
      const source = sourceOf(z.string().parse(named));
      choose((context) => convertSource(source, options, context));
    });
}

async function convertSource(
  source: Source,
  options: ConvertCommandOptions,
  context: CommandContext,
): Promise<number> {
  const { settings, signal } = context;
  const choices = convertChoices(settings, { ...options, mapping: await mappingOf(options.mapping, context) });
  const { drawing, converter } = await loadSource(source, { ...options, choices }, context);
  const result = await converter.convert(drawing, signal);
  const output = options.output ?? defaultOutput(source, drawing);
  if (options.report !== undefined && !options.dryRun) {
    await writeOutput(options.report, `${JSON.stringify(reportOf(drawing, result), undefined, 2)}\n`, signal);
  }
  if (result.kind === "refused") {
    if (options.json) context.stdout(JSON.stringify(reportOf(drawing, result)));
    context.stderr(problemLines(drawing.label, result.problems));
    return 1;
  }
  const isFile = output !== STDOUT;
  if (isFile && !options.dryRun) await writeOutput(output, result.xml, signal);
  if (options.json) {
    const xml = isFile ? {} : { xml: result.xml };
    context.stdout(JSON.stringify({ ...reportOf(drawing, result), dryRun: options.dryRun, output, ...xml }));
    return 0;
  }
  const lines = sortedEntries(result.report).map(entryLine);
  const written = options.dryRun ? `Would write ${output}` : `Wrote ${output}`;
  // With the file on standard output, the report must not get between.
  const tell = isFile ? context.stdout : context.stderr;
  for (const line of [...lines, `${isFile ? written : drawing.label}: ${reportSummary(result.report)}.`]) tell(line);
  if (!isFile && !options.dryRun) context.stdout(result.xml.trimEnd());
  return 0;
}

/** What `--json` and `--report` say. */
function reportOf({ label, facts }: Drawing, result: ConvertResult) {
  const source = { source: label, ...(facts && { diagram: facts }) };
  return result.kind === "refused"
    ? { ok: false, ...source, problems: result.problems }
    : { ok: true, ...source, report: result.report };
}

function defaultOutput(source: Source, { name }: Drawing): string {
  return source.kind === "file" ? convertedPath(source.path) : `camunda_${stemOf({ name, id: source.id })}.bpmn`;
}
