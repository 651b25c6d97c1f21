/**
 * How a test starts a program: from its source, as `deno task` does, or as the executable that `deno task compile` makes;
 * with the same options either way and nothing of our environment.
 */
import { fileURLToPath } from "node:url";
import { programs } from "../../deploy/compile.ts";
import { systemCalls } from "../../deploy/units.ts";

/** `filtered` is the executable under the system call filter of its systemd unit. */
export type ProgramForm = "source" | "executable" | "filtered";
export type ProgramName = "worker" | "creator" | "tracker" | "sync";
/** Those that run beside a broker, all in one way. */
export const programNames: readonly ProgramName[] = ["worker", "creator", "tracker"];

export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  /** What this form needs of the environment; everything else is cleared. */
  readonly env: Readonly<Record<string, string>>;
}

/** Whether programs can be started in this form; EXCHANGER_EXECUTABLES is the folder of the compiled ones. */
export function launchable(form: ProgramForm): boolean {
  return form === "source" || Deno.env.has("EXCHANGER_EXECUTABLES");
}

/** What to start, and with what, so that further arguments are the program's own. */
export function launchOf(name: ProgramName, form: ProgramForm): Launch {
  if (form === "executable") {
    const folder = Deno.env.get("EXCHANGER_EXECUTABLES");
    if (folder === undefined) throw new Error("EXCHANGER_EXECUTABLES is not set; run the tests with deno task test");
    return { command: `${folder}/exchanger-${name}`, args: [], env: {} };
  }
  if (form === "filtered") {
    const { command } = launchOf(name, "executable");
    const harness = fileURLToPath(new URL("../deploy/seccomp.ts", import.meta.url));
    return {
      command: Deno.execPath(),
      args: ["run", "-A", harness, systemCalls.allowed, systemCalls.refused, command],
      env: whereDenoKeepsThings(),
    };
  }
  const program = programs.find((known) => known.name === name);
  if (program === undefined) throw new Error(`deploy/compile.ts does not list ${name}`);
  const root = fileURLToPath(new URL("../../", import.meta.url));
  return {
    command: Deno.execPath(),
    args: ["run", `--config=${root}deno.json`, ...program.options, `${root}${name}.ts`],
    env: whereDenoKeepsThings(),
  };
}

/** Where Deno finds itself and what it has cached. */
export function whereDenoKeepsThings(): Record<string, string> {
  const names = ["PATH", "HOME", "DENO_DIR", "XDG_CACHE_HOME"];
  return Object.fromEntries(names.flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value]];
  }));
}
