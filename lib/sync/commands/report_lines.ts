/** What a conversion says, for people: a line for each element. */
import type { Problem, ReportEntry, ReportKind } from "../../bpmn/convert/result.ts";
import { counted } from "./table.ts";

/** `order.bpmn:12: «Check» (Activity_1): …`, as compilers write it, so that editors find the place. */
export function problemLine(label: string, { reason, line, elementId, elementName }: Problem): string {
  const place = line === undefined ? label : `${label}:${line}`;
  const isNamed = elementId === undefined || reason.includes(elementId);
  const element = elementName === undefined ? elementId : `«${elementName}» (${elementId})`;
  return `${place}: ${isNamed ? "" : `${element}: `}${reason}`;
}

const WORDS: Readonly<Record<ReportKind, string>> = { lost: "lost", mapped: "mapped", left_out: "left out" };

export function entryLine({ kind, reason, elementId, elementName, elementType, rule }: ReportEntry): string {
  const names = [...elementName === undefined ? [] : [`«${elementName}»`], elementType, elementId]
    .filter((word) => word !== undefined);
  const element = names.length === 0 ? "the file" : names.join(" ");
  return `  ${WORDS[kind].padEnd(8)}  ${element}: ${reason} [${rule}]`;
}

/** Losses first, then what is done otherwise than drawn; what never had an effect last. */
export function sortedEntries(report: readonly ReportEntry[]): ReportEntry[] {
  const order: readonly ReportKind[] = ["lost", "mapped", "left_out"];
  return report.toSorted((one, other) => order.indexOf(one.kind) - order.indexOf(other.kind));
}

/** `2 lost, 5 mapped, 1 left out`. */
export function reportSummary(report: readonly ReportEntry[]): string {
  const { lost, mapped, leftOut } = countsOf(report);
  return `${lost} lost, ${mapped} mapped, ${leftOut} left out`;
}

export function countsOf(report: readonly ReportEntry[]) {
  const count = (kind: ReportKind) => report.filter((entry) => entry.kind === kind).length;
  return { lost: count("lost"), mapped: count("mapped"), leftOut: count("left_out") };
}

/** The lines for a refused file, and how many there are. */
export function problemLines(label: string, problems: readonly Problem[]): string {
  const lines = problems.map((problem) => problemLine(label, problem));
  return problems.length > 1
    ? [...lines, `${label}: ${counted(problems.length, "fault")}.`].join("\n")
    : lines.join("\n");
}
