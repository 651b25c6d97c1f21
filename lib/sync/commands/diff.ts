/** `exchanger-sync diff`: what differs between what is drawn and what is deployed, or between two diagrams. */
import { z } from "zod";
import { diffWithDeployed } from "../deployed_diff.ts";
import { readDeployable } from "../deployment/deployable.ts";
import { diffModels } from "../diff/diff_models.ts";
import { diffText } from "../diff/diff_text.ts";
import type { Drawing } from "../drawing.ts";
import { convertChoices } from "../drawing_converter.ts";
import type { Mapping } from "../../bpmn/convert/mapping.ts";
import { type Choose, type CommandContext, CommandError } from "./context.ts";
import { aboutDrawing, loadDrawing } from "./drawing_source.ts";
import { mappingFlags, mappingHelp, mappingOf } from "./mapping_option.ts";
import { problemLines } from "./report_lines.ts";
import { loadSource, type Source, sourceOf } from "./source.ts";
import { commonOptions, subCommand } from "./sub_command.ts";

const diffOptions = z.object({
  ...commonOptions,
  converted: z.boolean().default(false),
  exitCode: z.boolean().default(false),
  mapping: z.string().optional(),
});
type DiffOptions = z.infer<typeof diffOptions>;

export function diffCommand(choose: Choose) {
  return subCommand({
    name: "diff",
    summary: "Compares a diagram with the process that is deployed of it, or two diagrams: elements, not text.",
    examples: [
      { command: "exchanger-sync diff 6b547a8f-a78f-4375-b39e-59c4afd9388e", what: "drawn against deployed" },
      { command: "exchanger-sync diff order.bpmn", what: "the same for a file" },
      { command: "exchanger-sync diff old.bpmn new.bpmn --exit-code", what: "two files; 1 when they differ" },
      { command: "exchanger-sync diff camunda_order.bpmn order.bpmn --converted", what: "both as Camunda gets them" },
    ],
  })
    .argument("<file|id>", "a BPMN file, or a diagram's id or address in StormBPMN")
    .argument("[file|id]", "what it is compared with (default: what is deployed in Camunda)")
    .option("--converted", "converts both before they are compared")
    .option("--exit-code", "ends with 1 when there are differences")
    .option(mappingFlags, mappingHelp)
    .action((first, second, raw) => {
      const options = diffOptions.parse(raw);
      const one = sourceOf(z.string().parse(first));
      const other = second === undefined ? undefined : sourceOf(z.string().parse(second));
      choose((context) =>
        other === undefined ? compareWithDeployed(one, options, context) : compareTwo(one, other, options, context)
      );
    });
}

async function compareWithDeployed(source: Source, options: DiffOptions, context: CommandContext): Promise<number> {
  const mapping = await mappingOf(options.mapping, context);
  // Before anything is asked of StormBPMN: it says whether Camunda is set.
  const { deployer, camunda } = context.openDeployer();
  try {
    const { label, xml } = await converted(source, mapping, context);
    const read = await readDeployable(xml, "converted.bpmn");
    if (read.kind === "refused") throw new CommandError(problemLines(label, read.problems));
    const diff = await diffWithDeployed(xml, read.file.processes.map(({ key }) => key), deployer, context.signal);
    if (options.json) {
      context.stdout(JSON.stringify({ ok: true, source: label, ...diff }));
    } else {
      for (const { key, deployed } of diff.processes) {
        context.stdout(
          deployed === undefined ? `${key}: not deployed` : `${key}: deployed is version ${deployed.version}`,
        );
      }
      if (diff.processes.some(({ deployed }) => deployed !== undefined)) context.stdout(textOf(diff));
    }
    return options.exitCode && !diff.same ? 1 : 0;
  } finally {
    camunda.close();
  }
}

async function compareTwo(one: Source, other: Source, options: DiffOptions, context: CommandContext): Promise<number> {
  const mapping = options.converted ? await mappingOf(options.mapping, context) : undefined;
  const load = (source: Source) =>
    options.converted ? converted(source, mapping, context) : loadDrawing(source, "drawing", context);
  const before = await load(one);
  const after = await load(other);
  const diff = await aboutDrawing(`${before.label}, ${after.label}`, () => diffModels(before.xml, after.xml));
  context.stdout(
    options.json
      ? JSON.stringify({ ok: true, before: before.label, after: after.label, ...diff })
      : `${before.label} → ${after.label}\n${textOf(diff)}`,
  );
  return options.exitCode && !diff.same ? 1 : 0;
}

/** As it would be deployed. */
async function converted(source: Source, mapping: Mapping | undefined, context: CommandContext): Promise<Drawing> {
  const choices = convertChoices(context.settings, { strict: false, mapping });
  const { drawing, converter } = await loadSource(source, { choices }, context);
  const result = await converter.convert(drawing, context.signal);
  if (result.kind === "refused") throw new CommandError(problemLines(drawing.label, result.problems));
  return { ...drawing, xml: result.xml };
}

function textOf(diff: Parameters<typeof diffText>[0]): string {
  return diffText({ ...diff, same: diff.added.length + diff.removed.length + diff.changed.length === 0 }).trimEnd();
}
