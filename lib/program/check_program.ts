/** `exchanger-… check`: looks at everything a program needs and says, line by line, what is wrong and what to do. */
import { configureLogging, writeLine } from "../telemetry/configure_logging.ts";
import type { CheckResult } from "../telemetry/check_result.ts";
import type { SettingsTable } from "../config/setting.ts";
import { errorText } from "../telemetry/error_text.ts";
import { logOf } from "../telemetry/log.ts";
import { createMetrics } from "../telemetry/metrics.ts";
import { systemClock } from "../time/clock.ts";
import { exitCode } from "./exit_code.ts";
import type { PreparedProgram } from "./run_program.ts";
import type { PreparedService } from "./run_service.ts";
import { version } from "./version.ts";

/** Longer than every time-out of a single look; what is still unanswered then is down. */
const limitMs = 60_000;

export async function checkProgram<Table extends SettingsTable>(
  prepared: PreparedProgram<Table>,
  { json }: { readonly json: boolean },
): Promise<number> {
  const { program, settings } = prepared;
  const service = `exchanger-${program.name}`;
  return await showChecks({ ...prepared, name: program.name, json }, async (signal) => {
    const broker = prepared.connectBroker({
      log: logOf(program.name),
      meter: createMetrics(service, version).meter,
      clientName: `${service} check`,
    });
    try {
      return await program.check(settings, { broker, signal, clock: systemClock });
    } finally {
      await broker.close();
    }
  });
}

/** For a program with or without a broker: looks, and tells what was found. */
export async function showChecks(
  { name, common, reading, logFormat, json }: PreparedService & { readonly json: boolean },
  look: (signal: AbortSignal) => Promise<readonly CheckResult[]>,
): Promise<number> {
  const { hideSecrets } = configureLogging({
    format: logFormat,
    // Standard output is for the result; faults of connections are in it anyway.
    level: common.LOG_LEVEL === "debug" ? "debug" : "error",
    write: (line) => writeLine(Deno.stderr, line),
    service: `exchanger-${name}`,
    secrets: reading.secrets(),
  });
  const limit = new AbortController();
  const timer = setTimeout(
    () => limit.abort(new DOMException(`no answer in ${limitMs / 1000} s`, "TimeoutError")),
    limitMs,
  );
  try {
    const results = [settingsResult(reading), ...await look(limit.signal)];
    const ok = results.every((result) => result.ok);
    const report = json ? JSON.stringify({ ok, results }) : results.map(lineOf).join("\n");
    writeLine(Deno.stdout, hideSecrets(report));
    return ok ? exitCode.ok : exitCode.dependency;
  } catch (error) {
    writeLine(Deno.stderr, hideSecrets(`The check itself failed: ${errorText(error)}`));
    return exitCode.failure;
  } finally {
    clearTimeout(timer);
  }
}

function settingsResult(reading: PreparedService["reading"]): CheckResult {
  const ignored = reading.warnings.map(({ name, problem }) => `${name} ${problem}`).join("; ");
  const read = `${reading.found.size} settings are valid`;
  return { name: "Settings", ok: true, detail: ignored === "" ? read : `${read}; ${ignored}` };
}

function lineOf({ ok, name, detail, remedy }: CheckResult): string {
  return `${ok ? "✓" : "✗"} ${name}: ${detail}${ok || remedy === undefined ? "" : `\n    → ${remedy}`}`;
}
