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
import { version } from "./version.ts";

/** Longer than every time-out of a single look; what is still unanswered then is down. */
const limitMs = 60_000;

export async function checkProgram<Table extends SettingsTable>(
  prepared: PreparedProgram<Table>,
  output: { readonly json: boolean },
): Promise<number> {
  const { program, settings, common, reading } = prepared;
  const service = `exchanger-${program.name}`;
  const { hideSecrets } = configureLogging({
    format: prepared.logFormat,
    // Standard output is for the result; faults of connections are in it anyway.
    level: common.LOG_LEVEL === "debug" ? "debug" : "error",
    write: (line) => writeLine(Deno.stderr, line),
    service,
    secrets: reading.secrets(),
  });
  const log = logOf(program.name);
  const limit = new AbortController();
  const timer = setTimeout(
    () => limit.abort(new DOMException(`no answer in ${limitMs / 1000} s`, "TimeoutError")),
    limitMs,
  );
  const broker = prepared.connectBroker({
    log,
    meter: createMetrics(service, version).meter,
    clientName: `${service} check`,
  });
  try {
    const found = await program.check(settings, { broker, signal: limit.signal, clock: systemClock });
    const results = [settingsResult(prepared), ...found];
    const ok = results.every((result) => result.ok);
    const report = output.json ? JSON.stringify({ ok, results }) : results.map(lineOf).join("\n");
    writeLine(Deno.stdout, hideSecrets(report));
    return ok ? exitCode.ok : exitCode.dependency;
  } catch (error) {
    writeLine(Deno.stderr, hideSecrets(`The check itself failed: ${errorText(error)}`));
    return exitCode.failure;
  } finally {
    clearTimeout(timer);
    await broker.close();
  }
}

function settingsResult({ reading }: { readonly reading: PreparedProgram<SettingsTable>["reading"] }): CheckResult {
  const ignored = reading.warnings.map(({ name, problem }) => `${name} ${problem}`).join("; ");
  const read = `${reading.found.size} settings are valid`;
  return { name: "Settings", ok: true, detail: ignored === "" ? read : `${read}; ${ignored}` };
}

function lineOf({ ok, name, detail, remedy }: CheckResult): string {
  return `${ok ? "✓" : "✗"} ${name}: ${detail}${ok || remedy === undefined ? "" : `\n    → ${remedy}`}`;
}
