/** One command that a person, or a script, waits for: its output, its signals, its exit code. */
import { SettingsError } from "../config/require_settings.ts";
import { exitCode } from "../program/exit_code.ts";
import type { PreparedService } from "../program/run_service.ts";
import { handleSignals } from "../program/signals.ts";
import { configureLogging, writeLine } from "../telemetry/configure_logging.ts";
import { logOf } from "../telemetry/log.ts";
import { systemClock } from "../time/clock.ts";
import { commandContext } from "./command_context.ts";
import type { CommandWork } from "./commands/context.ts";
import { failureOf, isExpected } from "./failure.ts";
import type { SyncSettings } from "./sync_settings.ts";

/** @throws {SettingsError} the settings lack something that the command needs */
export async function runCommand(
  work: CommandWork,
  { common, reading, logFormat, settings }: PreparedService & { readonly settings: SyncSettings },
): Promise<number> {
  const stop = new AbortController();
  using _signals = handleSignals({
    drain: (signal) => stop.abort(new DOMException(signal, "AbortError")),
    force: () => Deno.exit(exitCode.failure),
    reload: () => {},
  });
  const level = common.LOG_LEVEL === "info" ? "warn" : common.LOG_LEVEL;
  const { hideSecrets } = configureLogging({
    format: logFormat,
    // Standard output is for the result, and people wait for that, not for a log.
    level,
    write: (line) => writeLine(Deno.stderr, line),
    service: "exchanger-sync",
    secrets: reading.secrets(),
  });
  const context = commandContext({
    settings,
    signal: stop.signal,
    clock: systemClock,
    log: logOf("sync"),
    streams: { stdout: Deno.stdout, stderr: Deno.stderr },
    columns: Deno.stderr.isTerminal() ? Deno.consoleSize().columns : 80,
    hideSecrets,
  });
  for (const { name, problem } of reading.warnings) context.stderr(`! ${name} ${problem}`);
  try {
    return await work(context);
  } catch (error) {
    if (error instanceof SettingsError) throw error;
    const failure = failureOf(error, stop.signal);
    context.stderr(failure.text);
    if (!isExpected(error) && !stop.signal.aborted && error instanceof Error && error.stack !== undefined) {
      context.log.debug("sync.failed", failure.text, { stack: error.stack });
    }
    return failure.exitCode;
  } finally {
    context.status(undefined);
  }
}
