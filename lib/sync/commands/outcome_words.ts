/** What became of a diagram on its way to Camunda, for tables and for JSON. */
import { problemLines, reportSummary } from "./report_lines.ts";
import type { RoundOutcome } from "../synchroniser.ts";

/** A word or two, and what else there is to say in a line. */
export function outcomeWords(outcome: RoundOutcome): { readonly result: string; readonly note: string } {
  switch (outcome.kind) {
    case "deployed":
      return {
        result: `deployed ${outcome.definitions.map(({ key, version }) => `${key} v${version}`).join(", ")}`,
        note: reportSummary(outcome.report),
      };
    case "unchanged":
      return {
        result: "unchanged",
        note: outcome.definitions.map(({ key, version }) => `${key} v${version}`).join(", "),
      };
    case "skipped":
      return { result: "unchanged", note: `v${outcome.version} is of this drawing` };
    case "would_deploy":
      return {
        result: `would deploy ${outcome.processes.map(({ key, version = 0 }) => `${key} v${version + 1}`).join(", ")}`,
        note: reportSummary(outcome.report),
      };
    case "refused": {
      const [first] = outcome.problems;
      const more = outcome.problems.length > 1 ? ` (and ${outcome.problems.length - 1} more)` : "";
      return { result: "refused", note: `${first?.reason ?? ""}${more}` };
    }
    case "failed":
      return { result: "failed", note: outcome.reason };
  }
}

/** Whether the diagram is not where it should be. */
export function isBad({ kind }: RoundOutcome): boolean {
  return kind === "refused" || kind === "failed";
}

/** Lines for standard error; none when nothing is wrong. */
export function complaints(label: string, outcome: RoundOutcome): string[] {
  switch (outcome.kind) {
    case "refused":
      return [problemLines(label, outcome.problems)];
    case "failed":
      return [`${label}: ${outcome.reason}`];
    case "deployed":
    case "unchanged":
    case "would_deploy":
      return outcome.warnings.map((warning) => `! ${label}: ${warning}`);
    case "skipped":
      return [];
  }
}
