/**
 * `deno task compile [PROGRAM…]`: makes one executable of each program, `dist/exchanger-<program>`. What stands here is the
 * one list of programs, of what each may do and how it uses memory; the tasks in deno.json repeat it for development, and a
 * test compares them.
 *
 * DENO_COMPILE names another Deno to compile with, and DENORT_BIN (read by Deno itself) a runtime that is already there, for
 * machines that cannot download one.
 */
import { fileURLToPath } from "node:url";
import { Command, CommanderError, InvalidArgumentError } from "commander";
import { nearestName } from "../lib/config/nearest_name.ts";
import { writeLine } from "../lib/telemetry/configure_logging.ts";
import { leftOut } from "./left_out.ts";

/**
 * - network: Camunda, RabbitMQ, the target systems, the health port;
 * - files: the working folder (`.env`, the socket for systemd), settings and credentials where systemd, Docker and
 *   administrators put them;
 * - nothing is run, no foreign code is loaded, nothing is asked about the machine.
 */
const permissions = [
  "--no-prompt",
  "--allow-net",
  "--allow-env",
  "--allow-read=.,/etc/exchanger,/run/credentials,/run/secrets,/run/systemd/notify",
  "--allow-write=.,/run/systemd/notify",
];

/**
 * A command line tool: its files are those that people name, wherever they are, with the rights of whoever calls it. As a
 * service it is confined by its unit.
 */
const toolPermissions = ["--no-prompt", "--allow-net", "--allow-env", "--allow-read", "--allow-write"];

/**
 * A small nursery (of three spaces of so many MB) and a heap that grows in steps of less than its size: under load a program
 * then takes 135 MB in place of twice as much, for about a seventh more processor time (docs/performance.md). One thread
 * empties the nursery: several cost a twentieth of all processor time more, and there is little in it to share.
 */
function memory(spaceMb: number, growthPercent: number, ...more: readonly string[]): string {
  const flags = [
    `--max-semi-space-size=${spaceMb}`,
    `--heap-growing-percent=${growthPercent}`,
    "--no-parallel-scavenge",
  ];
  return `--v8-flags=${[...flags, ...more].join(",")}`;
}

export interface CompiledProgram {
  /** Its entry file is `<name>.ts`, its executable `exchanger-<name>`. */
  readonly name: string;
  /** Options of `deno run` and `deno compile`. */
  readonly options: readonly string[];
}

export const programs: readonly CompiledProgram[] = [
  { name: "worker", options: [...permissions, memory(8, 80)] },
  { name: "creator", options: [...permissions, memory(8, 80)] },
  // It turns thousands of messages over at each tick and is idle between.
  { name: "tracker", options: [...permissions, memory(4, 60)] },
  // It is at its largest in its first seconds, when the model of a diagram, its XML and what the runtime compiles are there at
  // once. Code is compiled between conversions, not beside them: a tool keeps nobody waiting for an answer.
  { name: "sync", options: [...toolPermissions, memory(4, 40, "--no-concurrent-recompilation")] },
];

export interface CompileOptions {
  /** Where the executables go; made if missing. */
  readonly output: string;
  /** Another platform, such as `aarch64-unknown-linux-gnu`. @default this one */
  readonly target?: string | undefined;
  /** The Deno that compiles. @default DENO_COMPILE, else the one that runs this */
  readonly deno?: string | undefined;
}

const root = new URL("..", import.meta.url);
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/**
 * Compiles one program and returns the path of its executable.
 * @throws with what Deno said, when it could not
 */
export async function compile(program: CompiledProgram, options: CompileOptions): Promise<string> {
  const deno = options.deno ?? Deno.env.get("DENO_COMPILE") ?? Deno.execPath();
  await Deno.mkdir(options.output, { recursive: true });
  const failed = (reason: string) => new Error(`${program.name} could not be compiled:\n${reason}`);
  const excluded = await leftOut(fileURLToPath(new URL(`${program.name}.ts`, root))).catch((error: Error) => {
    throw failed(error.message);
  });
  const windows = options.target === undefined ? Deno.build.os === "windows" : options.target.includes("windows");
  const path = `${await Deno.realPath(options.output)}/exchanger-${program.name}${windows ? ".exe" : ""}`;
  const { success, stderr } = await new Deno.Command(deno, {
    args: [
      "compile",
      "--quiet",
      "--no-check", // `deno task ok` has checked, and the compiler may be older than the checker
      "--frozen",
      ...excluded.map((path) => `--exclude=${path}`),
      ...program.options,
      ...options.target === undefined ? [] : [`--target=${options.target}`],
      `--output=${path}`,
      `${program.name}.ts`,
    ],
    cwd: root,
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  if (!success) throw failed(text(stderr).trim());
  return path;
}

/** Resolves with the exit code: 0 all are there, 1 one could not be compiled, 2 wrong command line. */
async function main(args: readonly string[]): Promise<number> {
  const line = new Command("deno task compile")
    .description("Makes one executable of each program. It needs no Deno where it runs.")
    .argument("[program...]", `${programs.map(({ name }) => name).join(", ")}; all when none is named`, readProgram)
    .option("--output <folder>", "where the executables go", "dist")
    .option("--target <triple>", "for another platform, such as aarch64-unknown-linux-gnu")
    .addHelpText("after", "\nA machine without access to dl.deno.land: set DENORT_BIN to a denort of the same version.")
    .exitOverride();
  try {
    line.parse([...args], { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
  const named: readonly CompiledProgram[] = line.processedArgs[0] ?? [];
  const { output, target } = line.opts<{ output: string; target?: string }>();
  for (const program of named.length > 0 ? named : programs) {
    try {
      const path = await compile(program, { output, target });
      const { size } = await Deno.stat(path);
      writeLine(Deno.stdout, `${output}/${path.slice(path.lastIndexOf("/") + 1)}  ${(size / 1e6).toFixed(0)} MB`);
    } catch (error) {
      writeLine(Deno.stderr, error instanceof Error ? error.message : String(error));
      return 1;
    }
  }
  return 0;
}

function readProgram(name: string, before: readonly CompiledProgram[] | undefined): readonly CompiledProgram[] {
  const program = programs.find((known) => known.name === name);
  if (program !== undefined) return [...before ?? [], program];
  const names = programs.map((known) => known.name);
  const meant = nearestName(name, names);
  throw new InvalidArgumentError(meant === undefined ? `Programs are ${names.join(", ")}.` : `Did you mean ${meant}?`);
}

if (import.meta.main) Deno.exit(await main(Deno.args));
