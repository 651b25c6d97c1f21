/** The command line of every program: `exchanger-worker [run|check|setup] [options]`. */
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { z } from "zod";
import { nearestName } from "../config/nearest_name.ts";
import type { LogFormat } from "../telemetry/configure_logging.ts";
import { exitCode } from "./exit_code.ts";

/** The parts of a program that its help shows. */
export interface CommandLine {
  readonly name: string;
  readonly summary: string;
  readonly examples: readonly { readonly command: string; readonly what: string }[];
  /** Whether the program can make what a target system lacks. */
  readonly canSetUp?: boolean;
}

interface CommonOptions {
  readonly envFile: string | undefined;
  readonly logFormat: LogFormat | undefined;
}

export type Arguments =
  | CommonOptions & { readonly kind: "run" | "settings" }
  | CommonOptions & { readonly kind: "check"; readonly json: boolean }
  | CommonOptions & { readonly kind: "setup"; readonly json: boolean; readonly system: string; readonly apply: boolean }
  /** Help, version or a refusal: only to be printed. */
  | { readonly kind: "answered"; readonly stdout: string; readonly stderr: string; readonly exitCode: 0 | 2 };

const commands = ["run", "check", "setup"] as const;
const logFormats = ["json", "pretty"] as const;

const options = z.object({
  envFile: z.string().optional(),
  logFormat: z.enum(logFormats).optional(),
  settings: z.boolean().default(false),
  json: z.boolean().default(false),
  apply: z.boolean().default(false),
});

export function parseArguments(line: CommandLine, version: string, args: readonly string[]): Arguments {
  let stdout = "";
  let stderr = "";
  const { canSetUp = false } = line;
  const known = commands.filter((command) => canSetUp || command !== "setup");
  const parser = new Command(`exchanger-${line.name}`)
    .description(line.summary)
    .argument("[command]", commandHelp(canSetUp), (word) => readCommand(word, known), "run");
  if (canSetUp) {
    parser.argument("[system]", "with setup: the system to set up, such as bitrix24")
      .option("--apply", "with setup: make what is missing, not only say it");
  }
  parser
    .option("--settings", "print the effective settings and where they come from, secrets masked")
    .option("--env-file <file>", "read this file instead of .env, .env.prod or .env.dev")
    .addOption(new Option("--log-format <format>", "overrides LOG_FORMAT").choices(logFormats))
    .option("--json", `with ${canSetUp ? "check and setup" : "check"}: the result as JSON`)
    .version(`exchanger-${line.name} ${version}`, "-V, --version")
    .addHelpText("after", `\nExamples:\n${examples(line)}\n${exitCodesHelp}`)
    .showHelpAfterError("(--help shows examples)")
    .exitOverride()
    .configureOutput({ writeOut: (text) => stdout += text, writeErr: (text) => stderr += text });
  try {
    parser.parse([...args], { from: "user" });
    const command = z.enum(commands).parse(parser.processedArgs[0]);
    const system = z.string().optional().parse(parser.processedArgs[1]);
    const { settings, json, apply, ...common } = {
      envFile: undefined,
      logFormat: undefined,
      ...options.parse(parser.opts()),
    };
    if (json && command === "run") parser.error(`error: --json belongs to ${canSetUp ? "check and setup" : "check"}`);
    if (apply && command !== "setup") parser.error("error: --apply belongs to setup");
    if (system !== undefined && command !== "setup") parser.error(`error: too many arguments after ${command}`);
    if (settings) {
      if (command !== "run") parser.error(`error: --settings and ${command} are two different things: ask for one`);
      return { kind: "settings", ...common };
    }
    switch (command) {
      case "run":
        return { kind: "run", ...common };
      case "check":
        return { kind: "check", ...common, json };
      case "setup":
        if (system !== undefined) return { kind: "setup", ...common, json, system, apply };
        return parser.error("error: setup needs the system to set up, such as bitrix24");
    }
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { kind: "answered", stdout, stderr, exitCode: error.exitCode === 0 ? exitCode.ok : exitCode.usage };
  }
}

type CommandName = typeof commands[number];

function commandHelp(canSetUp: boolean): string {
  const all = ["run: work until SIGTERM", "check: look at everything the program needs"];
  return [...all, ...(canSetUp ? ["setup: make what a system lacks"] : [])].join("; ");
}

function readCommand(word: string, known: readonly CommandName[]): CommandName {
  const command = known.find((name) => name === word);
  if (command !== undefined) return command;
  const meant = nearestName(word, known);
  const list = `${known.slice(0, -1).join(", ")} and ${known.at(-1)}`;
  throw new InvalidArgumentError(meant === undefined ? `Commands are ${list}.` : `Did you mean ${meant}?`);
}

function examples({ name, examples }: CommandLine): string {
  const own = examples.length > 0 ? examples : [
    { command: `exchanger-${name}`, what: "runs until SIGTERM" },
    { command: `exchanger-${name} check`, what: "says what is missing, and what to do" },
  ];
  const width = Math.max(...own.map(({ command }) => command.length));
  return own.map(({ command, what }) => `  ${command.padEnd(width)}  # ${what}\n`).join("");
}

const exitCodesHelp =
  "Exit codes: 0 ok, 1 failure, 2 wrong command line, 3 faulty settings, 4 something it needs is down.";
