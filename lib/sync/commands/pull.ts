/** `exchanger-sync pull`: diagrams of StormBPMN as files. */
import { z } from "zod";
import { placeFor, writeDiagram, type WrittenDiagram } from "../diagram_files.ts";
import { pullDiagram } from "../pull.ts";
import { findDiagrams, selectionOf } from "../selection.ts";
import type { Choose, CommandContext } from "./context.ts";
import { progressBar } from "./progress_bar.ts";
import { addSelection, selectionShape } from "./selection_options.ts";
import { diagramIdOf } from "./source.ts";
import { commonOptions, subCommand } from "./sub_command.ts";
import { counted } from "./table.ts";
import { type Tried, tryEach } from "./try_each.ts";

const pullOptions = z.object({ ...commonOptions, ...selectionShape, output: z.string().default(".") });
const ids = z.array(z.string());

type PulledRow =
  | { readonly id: string; readonly name: string; readonly files: WrittenDiagram; readonly elements: number }
  | { readonly id: string; readonly name: string; readonly problem: string };

export function pullCommand(choose: Choose) {
  const command = subCommand({
    name: "pull",
    summary: "Writes diagrams of StormBPMN to files: the drawing, its assignees and descriptions, its version.",
    examples: [
      { command: "exchanger-sync pull 6b547a8f-a78f-4375-b39e-59c4afd9388e", what: "one, into this folder" },
      { command: "exchanger-sync pull --status DONE -o bpmn", what: "all finished ones, into the folder bpmn" },
      { command: "exchanger-sync pull -o bpmn --dry-run", what: "says which files would be written" },
    ],
    writes: true,
  });
  command.argument("[id...]", "ids of diagrams, or their addresses in a browser");
  addSelection(command, "as SYNC_STATUSES says").option("-o, --output <folder>", "where the files go", ".");
  return command.action((named, raw) => {
    const options = pullOptions.parse(raw);
    const sources = ids.parse(named ?? []);
    choose((context) => pullDiagrams(sources, options, context));
  });
}

async function pullDiagrams(
  named: readonly string[],
  options: z.infer<typeof pullOptions>,
  context: CommandContext,
): Promise<number> {
  const { signal } = context;
  const wanted = named.map(diagramIdOf);
  using pull = context.openPull();
  const diagrams = wanted.length > 0
    ? wanted.map((id) => ({ id, name: "" }))
    : (await findDiagrams(pull.storm, selectionOf(context.settings, options), signal, (seen, all) =>
      context.status(progressBar(seen, all, "diagrams listed")))).diagrams;
  const taken = new Set<string>();
  const tried = await tryEach<typeof diagrams[number], PulledRow>(
    diagrams,
    async ({ id, name }, done) => {
      context.status(progressBar(done, diagrams.length, name || id));
      const { diagram, records } = await pullDiagram(id, pull, signal);
      const files = await placeFor(diagram, options.output, taken, signal);
      taken.add(files.bpmn);
      if (!options.dryRun) await writeDiagram(files, diagram, records, signal);
      return { id, name: diagram.name, files, elements: records.length };
    },
    ({ id, name }, problem) => ({ id, name, problem }),
    signal,
  );
  context.status(undefined);
  return show(tried, options, context);
}

function show(
  { rows, stoppedBy }: Tried<PulledRow>,
  { json, dryRun }: z.infer<typeof pullOptions>,
  context: CommandContext,
): number {
  const failed = rows.filter((row) => "problem" in row);
  const ok = failed.length === 0 && stoppedBy === undefined;
  if (json) {
    context.stdout(JSON.stringify({ ok, dryRun, diagrams: rows, stoppedBy: stoppedBy?.text }));
  } else {
    for (const row of rows) {
      if ("files" in row) context.stdout(`${dryRun ? "would write " : ""}${row.files.bpmn}`);
    }
    context.stdout(`${counted(rows.length - failed.length, "diagram")} ${dryRun ? "would be written" : "written"}.`);
  }
  for (const { id, name, problem } of failed) context.stderr(`${name || id}: ${problem}`);
  if (stoppedBy !== undefined) context.stderr(stoppedBy.text);
  return stoppedBy?.exitCode ?? (ok ? 0 : 1);
}
