/** Turns exchanger-sync into a process: command line, settings, then a command, a service, a check, and an exit code. */
import { partOf } from "../config/read_settings.ts";
import { SettingsError } from "../config/require_settings.ts";
import { showChecks } from "../program/check_program.ts";
import { exitCode } from "../program/exit_code.ts";
import { logFormatFor } from "../program/log_format.ts";
import { programSettings } from "../program/program_settings.ts";
import { type PreparedService, runService } from "../program/run_service.ts";
import { settleSettings } from "../program/settle_settings.ts";
import { writeLine } from "../telemetry/configure_logging.ts";
import { errorText } from "../telemetry/error_text.ts";
import { SecretFilter } from "../telemetry/secret_filter.ts";
import { checkSync } from "./check_sync.ts";
import { parseSyncArguments } from "./command_line.ts";
import type { CommandFactory } from "./commands/context.ts";
import type { ServiceFactory } from "./commands/watch.ts";
import { runCommand } from "./run_command.ts";
import { syncSettings } from "./sync_settings.ts";

export interface SyncMainOptions {
  readonly commands: readonly CommandFactory[];
  readonly services: readonly ServiceFactory[];
  /** Names that other Exchanger programs read, so that one `.env` can serve all without warnings. */
  readonly settingsElsewhere: readonly string[];
}

/** Resolves with the exit code; the entry ends with it. */
export async function syncMain(args: readonly string[], options: SyncMainOptions): Promise<number> {
  const asked = parseSyncArguments(args, options.commands, options.services);
  if (asked.kind === "answered") {
    if (asked.stdout !== "") writeLine(Deno.stdout, asked.stdout.trimEnd());
    if (asked.stderr !== "") writeLine(Deno.stderr, asked.stderr.trimEnd());
    return asked.exitCode;
  }
  const { settingsElsewhere } = options;
  const settled = settleSettings({ table: syncSettings, envFile: asked.envFile, settingsElsewhere });
  if (settled.kind === "refused") return settled.exitCode;
  if (asked.kind === "settings") return settled.show();

  const { settings, reading } = settled;
  const common = partOf(settings, programSettings("sync"));
  const stream = asked.kind === "service" ? Deno.stdout : Deno.stderr;
  const logFormat = asked.logFormat ?? logFormatFor(common.LOG_FORMAT, stream);
  const prepared: PreparedService = { name: "sync", common, reading, logFormat };
  try {
    switch (asked.kind) {
      case "command":
        return await runCommand(asked.work, { ...prepared, settings });
      case "check":
        return await showChecks({ ...prepared, json: asked.json }, (signal) => checkSync(settings, signal));
      case "service":
        return await asked.work(settings, (open) => runService(prepared, open));
    }
  } catch (error) {
    // What a command or a service cannot do without is not set.
    if (error instanceof SettingsError) return settled.refuse(error.faults);
    writeLine(Deno.stderr, new SecretFilter(reading.secrets()).hide(`exchanger-sync: ${errorText(error)}`));
    return exitCode.failure;
  }
}
