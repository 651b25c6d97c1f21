/** Joins the `.env` file with the process environment, which wins: a container or a unit can override any line. */
import { parse } from "dotenv";
import { type ReadTextFile, whyUnreadable } from "./look_up.ts";
import type { SettingFault } from "./read_settings.ts";

export interface Environment {
  readonly values: Readonly<Record<string, string>>;
  /** The file, for names that come from it. */
  readonly origins: Readonly<Record<string, string>>;
  /** What was read, in words for reports: `process environment and .env.prod (not found)`. */
  readonly sources: string;
  /** Not empty when the file cannot be chosen or read; the values are then only the process environment's. */
  readonly faults: readonly SettingFault[];
}

export interface EnvironmentOptions {
  /** From `--env-file`: read instead of `.env`, and must exist. */
  readonly envFile?: string | undefined;
  /** @default Deno.env.toObject() */
  readonly processEnvironment?: Readonly<Record<string, string>>;
  /** @default Deno.readTextFileSync */
  readonly readTextFile?: ReadTextFile;
}

/**
 * `.env.prod` or `.env.dev` when EXCHANGER_ENV says so in the process environment, `.env` when it is not set, in the
 * working folder. These may be missing: a container gets everything from its environment.
 */
export function loadEnvironment(options: EnvironmentOptions = {}): Environment {
  const process = options.processEnvironment ?? Deno.env.toObject();
  const readTextFile = options.readTextFile ?? Deno.readTextFileSync;
  const alone = { values: process, origins: {}, sources: "process environment" };

  const stage = (process["EXCHANGER_ENV"] ?? "").trim().toLowerCase();
  if (!["", "prod", "dev"].includes(stage)) {
    const problem = "chooses the file .env.prod or .env.dev and must be prod or dev";
    return { ...alone, faults: [{ name: "EXCHANGER_ENV", problem, example: "prod" }] };
  }

  const file = options.envFile ?? (stage === "" ? ".env" : `.env.${stage}`);
  try {
    // A byte order mark would become part of the first name.
    const inFile = parse(readTextFile(file).replace(/^\uFEFF/, ""));
    const values = { ...inFile, ...process };
    const origins = Object.fromEntries(
      Object.keys(inFile).filter((name) => !(name in process)).map((name) => [name, file]),
    );
    return { values, origins, sources: `process environment and ${file}`, faults: [] };
  } catch (error) {
    if (options.envFile === undefined && error instanceof Deno.errors.NotFound) {
      return { ...alone, sources: `process environment; there is no ${file}`, faults: [] };
    }
    const name = options.envFile === undefined ? file : `--env-file ${file}`;
    return {
      ...alone,
      faults: [{ name, problem: whyUnreadable(error), example: "--env-file /etc/exchanger/prod.env" }],
    };
  }
}
