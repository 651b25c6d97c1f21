/** `exchanger-… setup SYSTEM`: says what a target system lacks, and with `--apply` makes it. */
import { configureLogging, writeLine } from "../telemetry/configure_logging.ts";
import type { SettingsTable } from "../config/setting.ts";
import type { SetupStep } from "../telemetry/setup_step.ts";
import { errorText } from "../telemetry/error_text.ts";
import { systemClock } from "../time/clock.ts";
import { exitCode } from "./exit_code.ts";
import type { PreparedProgram } from "./run_program.ts";

export interface SetupRequest {
  /** As in queue names. */
  readonly system: string;
  /** Without it nothing is changed. */
  readonly apply: boolean;
}

/** Longer than every time-out of a single request. */
const LIMIT_MS = 120_000;
const SIGNS = { present: "✓", planned: "+", made: "✓", failed: "✗" } as const;

export async function setupProgram<Table extends SettingsTable>(
  { program, settings, common, reading, logFormat }: PreparedProgram<Table>,
  { system, apply, json }: SetupRequest & { readonly json: boolean },
): Promise<number> {
  const { hideSecrets } = configureLogging({
    format: logFormat,
    level: common.LOG_LEVEL === "debug" ? "debug" : "error",
    write: (line) => writeLine(Deno.stderr, line),
    service: `exchanger-${program.name}`,
    secrets: reading.secrets(),
  });
  const limit = new AbortController();
  const timer = setTimeout(
    () => limit.abort(new DOMException(`no answer in ${LIMIT_MS / 1000} s`, "TimeoutError")),
    LIMIT_MS,
  );
  try {
    const steps = await program.setup?.(settings, { system, apply }, { clock: systemClock, signal: limit.signal });
    if (steps === undefined) {
      writeLine(Deno.stderr, `There is nothing to set up for ${system}, or its settings do not name it.`);
      return exitCode.usage;
    }
    const ok = steps.every(({ state }) => state !== "failed");
    const report = json ? JSON.stringify({ ok, apply, steps }) : inWords(steps, apply);
    writeLine(Deno.stdout, hideSecrets(report));
    return ok ? exitCode.ok : exitCode.dependency;
  } catch (error) {
    writeLine(Deno.stderr, hideSecrets(`The set-up failed: ${errorText(error)}`));
    return exitCode.failure;
  } finally {
    clearTimeout(timer);
  }
}

function inWords(steps: readonly SetupStep[], apply: boolean): string {
  const lines = steps.map(({ name, state, detail, remedy }) =>
    `${SIGNS[state]} ${name}: ${detail}${remedy === undefined ? "" : `\n    → ${remedy}`}`
  );
  const planned = steps.some(({ state }) => state === "planned");
  return [
    ...lines,
    ...(planned && !apply ? ["", "Nothing was changed. Run it again with --apply to make what has a +."] : []),
  ]
    .join("\n");
}
