/** `exchanger-sync sync`: all diagrams that changed become processes, once. */
import { z } from "zod";
import { convertChoices } from "../drawing_converter.ts";
import { type Round, type RoundRow, Synchroniser } from "../synchroniser.ts";
import { selectionOf } from "../selection.ts";
import type { Choose, CommandContext } from "./context.ts";
import { mappingFlags, mappingHelp, mappingOf } from "./mapping_option.ts";
import { complaints, isBad, outcomeWords } from "./outcome_words.ts";
import { progressBar } from "./progress_bar.ts";
import { countsOf } from "./round_counts.ts";
import { addSelection, selectionShape } from "./selection_options.ts";
import { diagramIdOf } from "./source.ts";
import { commonOptions, subCommand } from "./sub_command.ts";
import { counted, table } from "./table.ts";

const syncOptions = z.object({
  ...commonOptions,
  ...selectionShape,
  all: z.boolean().default(false),
  strict: z.boolean().optional(),
  mapping: z.string().optional(),
});
type SyncOptions = z.infer<typeof syncOptions>;
const ids = z.array(z.string());

export function syncCommand(choose: Choose) {
  const command = subCommand({
    name: "sync",
    summary: "Deploys all diagrams that changed: pulls, converts and deploys them; a bad one does not stop the rest.",
    examples: [
      { command: "exchanger-sync sync --dry-run", what: "says what would be deployed" },
      { command: "exchanger-sync sync --status DONE", what: "finished diagrams only" },
      {
        command: "exchanger-sync sync --all --mapping mapping.yaml",
        what: "also unchanged ones, with another mapping",
      },
      { command: "exchanger-sync sync --json | jq '.counts'", what: "how many of what" },
    ],
    writes: true,
  });
  command.argument("[id...]", "ids of diagrams, or their addresses; without them all that the options choose");
  addSelection(command, "as SYNC_STATUSES and the like say")
    .option("--all", "also those that StormBPMN has not changed, since the mapping file or the rules did")
    .option("--strict", "refuses diagrams of which something would be lost")
    .option(mappingFlags, mappingHelp);
  return command.action((named, raw) => {
    const options = syncOptions.parse(raw);
    const sources = ids.parse(named ?? []);
    choose((context) => sync(sources, options, context));
  });
}

async function sync(named: readonly string[], options: SyncOptions, context: CommandContext): Promise<number> {
  const { settings, signal } = context;
  const mapping = await mappingOf(options.mapping, context);
  const selection = selectionOf(settings, options, named.map(diagramIdOf));
  const { deployer, camunda } = context.openDeployer();
  try {
    using pull = context.openPull();
    const synchroniser = new Synchroniser({
      selection,
      all: options.all,
      choices: convertChoices(settings, { ...options, mapping }),
      dryRun: options.dryRun,
      tenantId: settings.CAMUNDA_TENANT_ID,
    }, { pull, camunda, deployer });
    const round = await synchroniser.round({
      listed: (seen, total) => context.status(progressBar(seen, total, "diagrams listed")),
      begins: ({ name, id }, done, total) => context.status(progressBar(done, total, name || id)),
      ended: () => {},
    }, signal);
    context.status(undefined);
    return show(round, options, context);
  } finally {
    camunda.close();
  }
}

function show({ rows, stoppedBy }: Round, { json, dryRun }: SyncOptions, context: CommandContext): number {
  const ok = stoppedBy === undefined && !rows.some(({ outcome }) => isBad(outcome));
  const counts = countsOf(rows);
  if (json) {
    const diagrams = rows.map(({ diagram: { id, name, versionNumber, updatedOn }, outcome }) => ({
      id,
      name,
      versionNumber,
      updatedOn,
      ...outcome,
    }));
    context.stdout(JSON.stringify({ ok, dryRun, counts, diagrams, stoppedBy: stoppedBy?.text }));
  } else {
    if (rows.length > 0) context.stdout(table([["DIAGRAM", "VERSION", "RESULT", ""], ...rows.map(cellsOf)]));
    const found = Object.entries(counts).filter(([, count]) => count > 0)
      .map(([what, count]) => `${count} ${what.replace("_", " ")}`);
    context.stdout(`${counted(rows.length, "diagram")}${found.length === 0 ? "" : `: ${found.join(", ")}`}.`);
  }
  for (const { diagram, outcome } of rows) {
    for (const complaint of complaints(diagram.name || diagram.id, outcome)) context.stderr(complaint);
  }
  if (stoppedBy !== undefined) context.stderr(stoppedBy.text);
  return stoppedBy?.exitCode ?? (ok ? 0 : 1);
}

function cellsOf({ diagram, outcome }: RoundRow): string[] {
  const { result, note } = outcomeWords(outcome);
  return [diagram.name || diagram.id, String(diagram.versionNumber ?? "–"), result, isBad(outcome) ? "" : note];
}
