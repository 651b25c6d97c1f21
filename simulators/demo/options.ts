/** The command line of `deno task demo`. */
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { z } from "zod";
import { exitCode } from "../../lib/program/exit_code.ts";

export interface DemoOptions {
  /** Contracts to start. @default 20, or 3 for one person */
  readonly instances: number;
  /** End when all of them are completed, instead of staying up. @default false */
  readonly exit: boolean;
  /** Who finishes the tasks: simulated people, or whoever sits before the page. @default "simulated" */
  readonly people: "simulated" | "me";
  /** Show every line that the programs log, not only warnings. @default false */
  readonly verbose: boolean;
}

export type DemoArguments =
  | { readonly kind: "run"; readonly options: DemoOptions }
  /** Help or a refusal: only to be printed. */
  | { readonly kind: "answered"; readonly stdout: string; readonly stderr: string; readonly exitCode: 0 | 2 };

const MOST_INSTANCES = 10_000;
const INSTANCES = { simulated: 20, me: 3 } as const;

const SUMMARY = "Brings a diagram into Camunda and carries contracts through it, all in this one process.";

const EXPLANATION = [
  "StormBPMN, Camunda 7 and Bitrix24 are simulated and the message broker is embedded; sync, the worker, the creator and",
  "the tracker between them are the real ones. An analyst has drawn the approval of contracts in StormBPMN; sync makes it a",
  "process of Camunda. Each contract is prepared and then approved by people in Bitrix24, who tick",
  "checklists, fill in a questionnaire, write results and answer; every fifth contract is refused once and goes back.",
  "Nothing is installed, nothing is written, nothing leaves this computer.",
].join(" ");

const AFTER_OPTIONS = `
Examples:
  deno task demo                        # watch simulated people work; Ctrl-C ends it
  deno task demo --people me            # do their work yourself, on the Bitrix24 page
  deno task demo --instances 20 --exit  # end by itself, with a verdict in the last line

The last line counts: started, completed, lost (unfinished when --exit ran out of time), and duplicated (tasks of
Camunda with more than one task in Bitrix24). The line before it says how many answers in the questionnaires of
completed contracts are in Camunda, as its own history shows. NO_COLOR takes the colours away; without a terminal it is
a plain log.

Exit codes: 0 ok, 1 something (an answer too) was lost, duplicated or cut off, 2 wrong command line.`;

const parsedOptions = z.object({
  instances: z.number().optional(),
  exit: z.boolean().default(false),
  people: z.enum(["simulated", "me"]),
  verbose: z.boolean().default(false),
});

/** Reads the arguments after `deno task demo`. */
export function parseDemoArguments(args: readonly string[]): DemoArguments {
  let stdout = "";
  let stderr = "";
  const parser = new Command("deno task demo")
    .description(`${SUMMARY}\n\n${EXPLANATION}`)
    .option("--instances <number>", "contracts to start (default: 20, or 3 with --people me)", readCount)
    .option("--exit", "end when all contracts are completed")
    .addOption(
      new Option("--people <who>", "who finishes the tasks: simulated people, or me on the Bitrix24 page")
        .choices(["simulated", "me"]).default("simulated"),
    )
    .option("--verbose", "show every line that the programs log")
    .addHelpText("after", AFTER_OPTIONS)
    .showHelpAfterError("(--help shows examples)")
    .exitOverride()
    .configureOutput({ writeOut: (text) => stdout += text, writeErr: (text) => stderr += text });
  try {
    parser.parse([...args], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { kind: "answered", stdout, stderr, exitCode: error.exitCode === 0 ? exitCode.ok : exitCode.usage };
  }
  const options = parsedOptions.parse(parser.opts());
  return { kind: "run", options: { ...options, instances: options.instances ?? INSTANCES[options.people] } };
}

function readCount(text: string): number {
  const count = /^\d+$/.test(text) ? Number(text) : 0;
  if (count >= 1 && count <= MOST_INSTANCES) return count;
  throw new InvalidArgumentError(`It must be a whole number from 1 to ${MOST_INSTANCES}.`);
}
