/** Settings in words: the effective ones with their origin, and what is wrong with faulty ones. */
import type { FoundText, SettingFault } from "./read_settings.ts";
import { maskUrlCredentials } from "./secret_forms.ts";
import type { SettingsTable } from "./setting.ts";

/** One line per setting, in the order of the table: `NAME=value  # origin`; secrets as `***`, whatever their length. */
export function describeSettings(table: SettingsTable, found: ReadonlyMap<string, FoundText>): string {
  const lines = Object.entries(table).flatMap(([name, { secret }]) => {
    const entry = found.get(name);
    if (entry === undefined) return [];
    const value = entry.text === undefined ? "" : secret ? "***" : maskUrlCredentials(entry.text);
    return [{ assignment: `${name}=${onOneLine(value)}`, origin: entry.origin }];
  });
  const width = Math.min(60, Math.max(...lines.map((line) => line.assignment.length), 0));
  return lines.map(({ assignment, origin }) => `${assignment.padEnd(width)}  # ${origin}\n`).join("");
}

/** All faults in one report that a person can work through. `sources` is what was read, from `loadEnvironment`. */
export function settingsReport(faults: readonly SettingFault[], sources?: string): string {
  const count = faults.length === 1 ? "1 fault" : `${faults.length} faults`;
  const entries = faults.map(({ name, problem, example }) => {
    const shown = /^[A-Z0-9_]+$/.test(name) ? `${name}=${example}` : example;
    return `  ✗ ${name} ${problem}\n    for example: ${shown}\n`;
  });
  const read = sources === undefined ? "" : `\nRead: ${sources}. Every setting is explained in .env.example.\n`;
  return `The settings have ${count}:\n\n${entries.join("")}${read}`;
}

function onOneLine(value: string): string {
  return /[\n\r\t]/.test(value) ? JSON.stringify(value) : value;
}
