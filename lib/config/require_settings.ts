/** Settings or an error with the whole report: for tools, tests and the demo, which have no exit codes to keep. */
import { settingsReport } from "./describe_settings.ts";
import { readSettings, type SettingFault } from "./read_settings.ts";
import type { SettingsOf, SettingsTable } from "./setting.ts";

export class SettingsError extends Error {
  override readonly name = "SettingsError";
  constructor(readonly faults: readonly SettingFault[]) {
    super(settingsReport(faults));
  }
}

/** @throws {SettingsError} naming every fault. */
export function requireSettings<Table extends SettingsTable>(
  table: Table,
  environment: Readonly<Record<string, string>>,
): SettingsOf<Table> {
  const { settings, faults } = readSettings(table, environment);
  if (settings === undefined) throw new SettingsError(faults);
  return settings;
}
