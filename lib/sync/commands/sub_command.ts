/** What all commands of exchanger-sync have in common on the command line. */
import { Command } from "commander";
import { z } from "zod";

export interface SubCommand {
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
  /** Command lines people can copy, each with a few words. */
  readonly examples: readonly { readonly command: string; readonly what: string }[];
  /** It changes something, so that it has `--dry-run`. */
  readonly writes?: boolean;
}

/** With `--json` and, if it writes, `--dry-run`; arguments and further options are added by the command itself. */
export function subCommand({ name, summary, examples, writes = false }: SubCommand): Command {
  const command = new Command(name).description(summary).option("--json", "the result as JSON");
  if (writes) command.option("--dry-run", "say what would be done, and do nothing");
  const width = Math.max(...examples.map((example) => example.command.length));
  const lines = examples.map(({ command, what }) => `  ${command.padEnd(width)}  # ${what}\n`);
  return command.addHelpText("after", `\nExamples:\n${lines.join("")}`);
}

/** The shape of those options, to be extended: `z.object({ ...commonOptions, output: z.string().optional() })`. */
export const commonOptions = {
  json: z.boolean().default(false),
  dryRun: z.boolean().default(false),
};
