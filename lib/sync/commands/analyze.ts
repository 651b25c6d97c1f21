/** `exchanger-sync analyze`: the steps of a diagram as a table for Excel. */
import { z } from "zod";
import { analyse, analysisCsv } from "../analysis.ts";
import type { Choose, CommandContext } from "./context.ts";
import { loadDrawing, modelOf } from "./drawing_source.ts";
import { besideSource, putOut, STDOUT } from "./output_file.ts";
import { type Source, sourceOf } from "./source.ts";
import { commonOptions, subCommand } from "./sub_command.ts";
import { counted } from "./table.ts";

const analyzeOptions = z.object({
  ...commonOptions,
  output: z.string().optional(),
  assignees: z.string().optional(),
});

export function analyzeCommand(choose: Choose) {
  return subCommand({
    name: "analyze",
    summary: "Writes the steps of a diagram, who does them and how they are described, as a table for Excel (CSV).",
    examples: [
      { command: "exchanger-sync analyze order.bpmn", what: "writes order_analysis.csv beside it" },
      { command: "exchanger-sync analyze 6b547a8f-a78f-4375-b39e-59c4afd9388e -o order.csv", what: "of StormBPMN" },
      { command: "exchanger-sync analyze order.bpmn -o -", what: "on standard output" },
    ],
    writes: true,
  })
    .argument("<file|id>", "a BPMN file, or a diagram's id or address in StormBPMN")
    .option("-o, --output <file>", "where it goes; - for standard output (default: <name>_analysis.csv)")
    .option("--assignees <file>", "records of StormBPMN as JSON (default for a file: <name>_assignees.json beside it)")
    .action((named, raw) => {
      const options = analyzeOptions.parse(raw);
      const source = sourceOf(z.string().parse(named));
      choose((context) => analyze(source, options, context));
    });
}

async function analyze(
  source: Source,
  options: z.infer<typeof analyzeOptions>,
  context: CommandContext,
): Promise<number> {
  const drawing = await loadDrawing(source, "records", context, options.assignees);
  const elements = analyse(await modelOf(drawing), drawing);
  const { json, dryRun, output = besideSource(source, drawing, "_analysis.csv") } = options;
  if (!json || output !== STDOUT) await putOut(output, analysisCsv(elements), options, context);
  if (json) {
    context.stdout(JSON.stringify({ ok: true, source: drawing.label, dryRun, output, elements }));
  } else if (output !== STDOUT) {
    context.stdout(`${dryRun ? "Would write" : "Wrote"} ${output}: ${counted(elements.length, "element")}.`);
  }
  return 0;
}
