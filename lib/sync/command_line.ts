/** The command line of exchanger-sync: its commands, and the options that all programs have. */
import { Command, CommanderError, Option } from "commander";
import { z } from "zod";
import { nearestName } from "../config/nearest_name.ts";
import { exitCode } from "../program/exit_code.ts";
import { version } from "../program/version.ts";
import type { LogFormat } from "../telemetry/configure_logging.ts";
import type { CommandFactory, CommandWork } from "./commands/context.ts";
import type { ServiceFactory, ServiceWork } from "./commands/watch.ts";
import { subCommand } from "./commands/sub_command.ts";

/** What a person asks for. */
export type Asked =
  | { readonly kind: "command"; readonly work: CommandWork }
  | { readonly kind: "service"; readonly work: ServiceWork }
  | { readonly kind: "check"; readonly json: boolean }
  | { readonly kind: "settings" };

export type SyncArguments =
  | Asked & { readonly envFile: string | undefined; readonly logFormat: LogFormat | undefined }
  /** Help, version or a refusal: only to be printed. */
  | { readonly kind: "answered"; readonly stdout: string; readonly stderr: string; readonly exitCode: 0 | 2 };

const logFormats = ["json", "pretty"] as const;
const commonOptions = z.object({
  envFile: z.string().optional(),
  logFormat: z.enum(logFormats).optional(),
  settings: z.boolean().default(false),
});
const checkOptions = z.object({ json: z.boolean().default(false) });

const examples = `
Examples:
  exchanger-sync check                              # says what is missing, and what to do
  exchanger-sync list --status DONE                 # finished diagrams
  exchanger-sync lint 6b547a8f-a78f-4375-b39e-…     # what Camunda could not do of one
  exchanger-sync sync --dry-run                     # what would become a new version
  exchanger-sync watch --env-file /etc/exchanger/.env  # as a service, until SIGTERM

Exit codes: 0 ok, 1 failure, 2 wrong command line, 3 faulty settings, 4 something it needs is down.`;

export function parseSyncArguments(
  args: readonly string[],
  commands: readonly CommandFactory[],
  services: readonly ServiceFactory[],
): SyncArguments {
  let stdout = "";
  let stderr = "";
  const asked: Asked[] = [];
  const parser = new Command("exchanger-sync")
    .description("Makes StormBPMN's diagrams into processes that Camunda runs, and says what it could not keep.")
    .argument("[command]")
    .option("--settings", "print the effective settings and where they come from, secrets masked")
    .option("--env-file <file>", "read this file instead of .env, .env.prod or .env.dev")
    .addOption(new Option("--log-format <format>", "overrides LOG_FORMAT").choices(logFormats))
    .version(`exchanger-sync ${version}`, "-V, --version")
    .usage("[options] <command>")
    .addHelpText("after", examples)
    .showHelpAfterError("(--help shows examples)")
    .exitOverride()
    .configureOutput({ writeOut: (text) => stdout += text, writeErr: (text) => stderr += text });
  const known = [
    ...commands.map((make) => make((work) => asked.push({ kind: "command", work }))),
    ...services.map((make) => make((work) => asked.push({ kind: "service", work }))),
    checkCommand((json) => asked.push({ kind: "check", json })),
  ];
  for (const command of known) parser.addCommand(command.copyInheritedSettings(parser));
  // A mistyped command is told as such, whatever follows it. Not before: the commands would inherit it.
  parser.allowExcessArguments().action((word: string | undefined) => {
    if (commonOptions.parse(parser.opts()).settings) {
      asked.push({ kind: "settings" });
    } else if (word !== undefined) {
      const meant = nearestName(word, known.map((command) => command.name()));
      parser.error(`error: unknown command '${word}'${meant === undefined ? "" : `\n(Did you mean ${meant}?)`}`);
    }
  });
  try {
    parser.parse([...args], { from: "user" });
    const { settings, ...common } = commonOptions.parse(parser.opts());
    const [first] = asked;
    if (first === undefined) return parser.help({ error: true });
    if (settings && first.kind !== "settings") {
      parser.error("error: --settings and a command are two different things: ask for one");
    }
    return { envFile: undefined, logFormat: undefined, ...common, ...first };
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { kind: "answered", stdout, stderr, exitCode: error.exitCode === 0 ? exitCode.ok : exitCode.usage };
  }
}

function checkCommand(choose: (json: boolean) => void): Command {
  return subCommand({
    name: "check",
    summary: "Looks at StormBPMN, Camunda and what else it needs, and says what to do about what is missing.",
    examples: [{ command: "exchanger-sync check --json", what: "for a monitor" }],
  }).action((raw) => choose(checkOptions.parse(raw).json));
}
