/** The first steps of every program: the environment is read, what is wrong with it is told, `--settings` is answered. */
import { describeSettings, settingsReport } from "../config/describe_settings.ts";
import { loadEnvironment } from "../config/environment.ts";
import { readSettings, type SettingFault, type SettingsReading, type SettingWarning } from "../config/read_settings.ts";
import type { SettingsOf, SettingsTable } from "../config/setting.ts";
import { writeLine } from "../telemetry/configure_logging.ts";
import { exitCode } from "./exit_code.ts";

export interface SettingsRequest<Table extends SettingsTable> {
  readonly table: Table;
  /** From `--env-file`. */
  readonly envFile: string | undefined;
  /** Names that other Exchanger programs read, so that one `.env` can serve all without warnings. */
  readonly settingsElsewhere: readonly string[];
  /** Faults that no single setting shows; asked with examples in place of faulty settings. */
  crossCheck?(assumed: SettingsOf<Table>): readonly SettingFault[];
}

export interface SettledSettings<Table extends SettingsTable> {
  readonly kind: "settled";
  readonly settings: SettingsOf<Table>;
  readonly reading: SettingsReading<Table>;
  /** Tells faults that show only in use, on standard error; returns the exit code. */
  refuse(faults: readonly SettingFault[]): number;
  /** Answers `--settings`; returns the exit code. */
  show(): number;
}

export function settleSettings<Table extends SettingsTable>(
  { table, envFile, settingsElsewhere, crossCheck }: SettingsRequest<Table>,
): SettledSettings<Table> | { readonly kind: "refused"; readonly exitCode: number } {
  const environment = loadEnvironment({ envFile });
  const refuse = (faults: readonly SettingFault[], warnings: readonly SettingWarning[] = []) => {
    writeLine(Deno.stderr, settingsReport(faults, environment.sources));
    warn(warnings);
    return exitCode.settings;
  };
  const { faults, origins, values } = environment;
  if (faults.length > 0) return { kind: "refused", exitCode: refuse(faults) };

  const reading = readSettings(table, values, { origins, knownElsewhere: settingsElsewhere });
  const faulty = new Set(reading.faults.map(({ name }) => name));
  const ruled = (crossCheck?.(reading.assumed) ?? []).filter(({ name }) => !faulty.has(name));
  const { settings } = reading;
  if (settings === undefined || ruled.length > 0) {
    return { kind: "refused", exitCode: refuse([...reading.faults, ...ruled], reading.warnings) };
  }
  return {
    kind: "settled",
    settings,
    reading,
    refuse: (later) => refuse(later),
    show() {
      warn(reading.warnings);
      writeLine(Deno.stdout, describeSettings(table, reading.found).trimEnd());
      return exitCode.ok;
    },
  };
}

function warn(warnings: readonly SettingWarning[]): void {
  for (const { name, problem } of warnings) writeLine(Deno.stderr, `! ${name} ${problem}`);
}
