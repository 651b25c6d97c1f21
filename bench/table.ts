/** Results for people. */
import { CONCLUSIVE_SPREAD } from "./measure.ts";
import { figures, type Result } from "./figures.ts";

export function table(results: readonly Result[]): string {
  const rows = results.map((result) => [
    result.met ? "✓" : "✗",
    result.name,
    `${amount(result.value)} ${result.unit}`,
    `${"atLeast" in (figures[result.name]?.target ?? {}) ? "≥" : "≤"} ${result.target}`,
    result.baseline === undefined ? "" : `baseline ${amount(result.baseline)}`,
    spread(result),
  ]);
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ").trimEnd()).join("\n");
}

function amount(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

function spread({ spread }: Result): string {
  if (spread === undefined) return "";
  return `spread ${spread.toFixed(2)}${spread > CONCLUSIVE_SPREAD ? " (inconclusive)" : ""}`;
}
