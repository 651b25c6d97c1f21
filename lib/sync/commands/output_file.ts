/** Where a command puts the file it makes: where it is told, else beside its source, under a name made of the source's. */
import { stemOf } from "../diagram_files.ts";
import type { Drawing } from "../drawing.ts";
import { writeOutput } from "../text_file.ts";
import type { CommandContext } from "./context.ts";
import type { Source } from "./source.ts";

/** For `-o`: standard output. */
export const STDOUT = "-";

/** `…/order_analysis.csv` for `…/order.bpmn`; in the working folder for a diagram of StormBPMN. */
export function besideSource(source: Source, { name }: Drawing, suffix: string): string {
  const stem = source.kind === "file"
    ? source.path.replace(/\.(bpmn20\.xml|bpmn|xml)$/i, "")
    : stemOf({ name, id: source.id });
  return `${stem}${suffix}`;
}

/** A file is written whole, or with `dryRun` not at all. */
export async function putOut(
  output: string,
  content: string | Uint8Array,
  { dryRun }: { readonly dryRun: boolean },
  context: CommandContext,
): Promise<void> {
  if (dryRun) return;
  if (output !== STDOUT) return await writeOutput(output, content, context.signal);
  if (typeof content !== "string") throw new Error("Only text goes to standard output.");
  context.stdout(content.trimEnd());
}
