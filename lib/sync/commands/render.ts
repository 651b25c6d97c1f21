/** `exchanger-sync render`: the picture of a diagram, so that a person can look at it. */
import { InvalidArgumentError } from "commander";
import { z } from "zod";
import type { Drawing } from "../drawing.ts";
import { convertChoices } from "../drawing_converter.ts";
import { renderSvg } from "../render/render_svg.ts";
import { type Choose, type CommandContext, CommandError } from "./context.ts";
import { aboutDrawing, loadDrawing } from "./drawing_source.ts";
import { mappingFlags, mappingHelp, mappingOf } from "./mapping_option.ts";
import { besideSource, putOut, STDOUT } from "./output_file.ts";
import { problemLines } from "./report_lines.ts";
import { loadSource, type Source, sourceOf } from "./source.ts";
import { commonOptions, subCommand } from "./sub_command.ts";

const formats = ["svg", "png"] as const;
type Format = (typeof formats)[number];

const renderOptions = z.object({
  ...commonOptions,
  output: z.string().optional(),
  format: z.enum(formats).optional(),
  main: z.boolean().default(false),
  converted: z.boolean().default(false),
  mapping: z.string().optional(),
});
type RenderOptions = z.infer<typeof renderOptions>;

export function renderCommand(choose: Choose) {
  return subCommand({
    name: "render",
    summary: "Draws a diagram, as it lies in its file or as it would be deployed, as SVG or PNG.",
    examples: [
      { command: "exchanger-sync render order.bpmn", what: "writes order.svg beside it" },
      { command: "exchanger-sync render order.bpmn -o order.png --converted", what: "as it would be deployed" },
      { command: "exchanger-sync render 6b547a8f-a78f-4375-b39e-59c4afd9388e --main", what: "of StormBPMN" },
    ],
    writes: true,
  })
    .argument("<file|id>", "a BPMN file, or a diagram's id or address in StormBPMN")
    .option("-o, --output <file>", "where it goes; - for standard output, as SVG (default: <name>.svg)")
    .option("--format <word>", "svg or png (default: what the output's name says, else svg)", readFormat)
    .option("--main", "without the pictures of closed sub-processes")
    .option("--converted", "converts the diagram first")
    .option(mappingFlags, mappingHelp)
    .action((named, raw) => {
      const options = renderOptions.parse(raw);
      const source = sourceOf(z.string().parse(named));
      choose((context) => render(source, options, context));
    });
}

async function render(source: Source, options: RenderOptions, context: CommandContext): Promise<number> {
  const format = formatOf(options);
  if (format === "png" && options.output === STDOUT) {
    throw new CommandError("A PNG does not go to standard output: name a file with -o.");
  }
  const drawing = options.converted
    ? await convertedDrawing(source, options, context)
    : await loadDrawing(source, "drawing", context);
  const picture = await aboutDrawing(drawing.label, () => drawn(drawing, format, options));
  const { json, dryRun, output = besideSource(source, drawing, `.${format}`) } = options;
  if (!json || output !== STDOUT) await putOut(output, picture, options, context);
  if (json) {
    const svg = output === STDOUT ? { svg: picture } : {};
    context.stdout(JSON.stringify({ ok: true, source: drawing.label, dryRun, output, format, ...svg }));
  } else if (output !== STDOUT) {
    context.stdout(`${dryRun ? "Would write" : "Wrote"} ${output}.`);
  }
  return 0;
}

async function drawn({ xml }: Drawing, format: Format, { main }: RenderOptions): Promise<string | Uint8Array> {
  const svg = await renderSvg(xml, { planes: main ? "first" : "all" });
  if (format === "svg") return svg;
  // Its engine and its letters take megabytes, which no other command should have to load.
  const { renderPng } = await import("../render/render_png.ts");
  return await renderPng(svg);
}

async function convertedDrawing(source: Source, options: RenderOptions, context: CommandContext): Promise<Drawing> {
  const mapping = await mappingOf(options.mapping, context);
  const choices = convertChoices(context.settings, { strict: false, mapping });
  const { drawing, converter } = await loadSource(source, { choices }, context);
  const result = await converter.convert(drawing, context.signal);
  if (result.kind === "refused") throw new CommandError(problemLines(drawing.label, result.problems));
  return { ...drawing, xml: result.xml };
}

function formatOf({ format, output }: RenderOptions): Format {
  const named = formats.find((one) => output?.toLowerCase().endsWith(`.${one}`));
  if (format !== undefined && named !== undefined && format !== named) {
    throw new CommandError(`The output is named *.${named}, but --format says ${format}.`);
  }
  return format ?? named ?? "svg";
}

function readFormat(text: string): Format {
  const format = formats.find((one) => one === text.toLowerCase());
  if (format !== undefined) return format;
  throw new InvalidArgumentError("It is svg or png.");
}
