/** The command line of every program: `exchanger-worker [run|check] [options]`. */
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
}

interface CommonOptions {
  readonly envFile: string | undefined;
  readonly logFormat: LogFormat | undefined;
}

export type Arguments =
  | {
    readonly kind: "run" | "settings";
    readonly envFile: string | undefined;
    readonly logFormat: LogFormat | undefined;
  }
  | {
    readonly kind: "check";
    readonly envFile: string | undefined;
    readonly logFormat: LogFormat | undefined;
    readonly json: boolean;
  }
  /** Help, version or a refusal: only to be printed. */
  | { readonly kind: "answered"; readonly stdout: string; readonly stderr: string; readonly exitCode: 0 | 2 };

const commands = ["run", "check"] as const;
const logFormats = ["json", "pretty"] as const;

const options = z.object({
  envFile: z.string().optional(),
  logFormat: z.enum(logFormats).optional(),
  settings: z.boolean().default(false),
  json: z.boolean().default(false),
});

export function parseArguments(line: CommandLine, version: string, args: readonly string[]): Arguments {
  let stdout = "";
  let stderr = "";
  const parser = new Command(`exchanger-${line.name}`)
    .description(line.summary)
    .argument("[command]", "run: work until SIGTERM; check: look at everything the program needs", readCommand, "run")
    .option("--settings", "print the effective settings and where they come from, secrets masked")
    .option("--env-file <file>", "read this file instead of .env, .env.prod or .env.dev")
    .addOption(new Option("--log-format <format>", "overrides LOG_FORMAT").choices(logFormats))
    .option("--json", "with check: the result as JSON")
    .version(`exchanger-${line.name} ${version}`, "-V, --version")
    .addHelpText("after", `\nExamples:\n${examples(line)}\n${exitCodesHelp}`)
    .showHelpAfterError("(--help shows examples)")
    .exitOverride()
    .configureOutput({ writeOut: (text) => stdout += text, writeErr: (text) => stderr += text });
  try {
    parser.parse([...args], { from: "user" });
    const command = z.enum(commands).parse(parser.processedArgs[0]);
    const { settings, json, envFile, logFormat } = options.parse(parser.opts());
    if (json && command !== "check") parser.error("error: --json belongs to check");
    if (settings) {
      if (command === "check") parser.error("error: --settings and check are two different things: ask for one");
      return { kind: "settings", envFile, logFormat };
    }
    return command === "check" ? { kind: "check", envFile, logFormat, json } : { kind: "run", envFile, logFormat };
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { kind: "answered", stdout, stderr, exitCode: error.exitCode === 0 ? exitCode.ok : exitCode.usage };
  }
}

function readCommand(word: string): typeof commands[number] {
  const command = commands.find((known) => known === word);
  if (command !== undefined) return command;
  const meant = nearestName(word, commands);
  throw new InvalidArgumentError(
    meant === undefined ? `Commands are ${commands.join(" and ")}.` : `Did you mean ${meant}?`,
  );
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
