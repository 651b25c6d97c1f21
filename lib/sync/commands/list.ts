/** `exchanger-sync list`: the diagrams that StormBPMN has. */
import { z } from "zod";
import type { DiagramSummary } from "../../stormbpmn/diagram.ts";
import { findDiagrams } from "../selection.ts";
import type { Choose, CommandContext } from "./context.ts";
import { progressBar } from "./progress_bar.ts";
import { addSelection, selectionShape } from "./selection_options.ts";
import { commonOptions, subCommand } from "./sub_command.ts";
import { counted, table } from "./table.ts";

const listOptions = z.object({ ...commonOptions, ...selectionShape, type: z.string().optional() });

export function listCommand(choose: Choose) {
  const command = subCommand({
    name: "list",
    summary: "Lists the diagrams in StormBPMN, all pages of them.",
    examples: [
      { command: "exchanger-sync list", what: "all diagrams" },
      { command: "exchanger-sync list --status DONE --updated 2030-01-31", what: "finished ones that changed since" },
      { command: "exchanger-sync list --json | jq -r '.diagrams[].id'", what: "their ids" },
    ],
  });
  addSelection(command, "all").option("--type <word>", "such as BPMN");
  return command.action((raw) => {
    const options = listOptions.parse(raw);
    choose((context) => listDiagrams(options, context));
  });
}

async function listDiagrams(options: z.infer<typeof listOptions>, context: CommandContext): Promise<number> {
  const { status, author, quality, updated, type } = options;
  using storm = context.openStorm();
  const filter = {
    ...(status !== undefined && { statuses: status }),
    ...(author !== undefined && { authors: author }),
    ...(quality !== undefined && { minQuality: quality }),
    ...(updated !== undefined && { updatedSince: updated }),
    ...(type !== undefined && { types: [type] }),
  };
  const { diagrams, total } = await findDiagrams(
    storm,
    { filter, except: new Set() },
    context.signal,
    (seen, all) => context.status(progressBar(seen, all, "diagrams")),
  );
  context.status(undefined);
  if (options.json) {
    context.stdout(JSON.stringify({ ok: true, total, diagrams }));
    return 0;
  }
  const heading = ["ID", "STATUS", "QUALITY", "VERSION", "UPDATED", "AUTHOR", "NAME"];
  context.stdout(table([heading, ...diagrams.map(rowOf)]));
  const found = counted(diagrams.length, "diagram");
  context.stdout(diagrams.length === total ? `${found}.` : `${found} of ${total}.`);
  return 0;
}

function rowOf({ id, status, quality, versionNumber, updatedOn, author, name }: DiagramSummary): string[] {
  const words = [status, quality, versionNumber, updatedOn?.slice(0, 16), author].map((value) => String(value ?? "–"));
  return [id, ...words, name];
}
