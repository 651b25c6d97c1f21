/**
 * From a diagram as analysts draw it in StormBPMN to BPMN that Camunda 7 executes. Each pass does one thing to the model; what
 * it cannot keep, it reports. The same input gives the same bytes, and a converted file is converted to itself.
 */
import { writeModel } from "../moddle.ts";
import { moveAnnotations } from "./annotations.ts";
import { assignTasks } from "./assignments.ts";
import { beginConversion, type Pass } from "./conversion.ts";
import { settleDecisions } from "./decisions.ts";
import { settleEvents } from "./events.ts";
import { repairFlows } from "./flows.ts";
import { settleGateways } from "./gateways.ts";
import { settleLoops } from "./loops.ts";
import { type ConvertOptions, defaultMaxBytes } from "./options.ts";
import { placeNew } from "./picture/placing.ts";
import { tidyPlanes } from "./picture/planes.ts";
import { removePools } from "./pools.ts";
import { noteDiagram } from "./process_facts.ts";
import { makeExecutable } from "./processes.ts";
import { Report } from "./report.ts";
import type { ConvertResult, Problem } from "./result.ts";
import { readSource } from "./source_model.ts";
import { checkText, lineOfId } from "./source_text.ts";
import { settleStarts } from "./starts.ts";
import { settleSubProcesses } from "./sub_processes.ts";
import { settleTasks } from "./tasks.ts";
import { noteUnreachable } from "./unreachable.ts";
import { checkWhole } from "./whole.ts";

/** The story, in its order; the names are the rules of report entries. */
const passes: readonly (readonly [rule: string, pass: Pass])[] = [
  ["flows", repairFlows],
  ["processes", makeExecutable],
  ["annotations", moveAnnotations],
  ["pools", removePools],
  ["sub-processes", settleSubProcesses],
  ["loops", settleLoops],
  ["tasks", settleTasks],
  ["events", settleEvents],
  ["gateways", settleGateways],
  ["starts", settleStarts],
  ["decisions", settleDecisions],
  ["assignments", assignTasks],
  ["process facts", noteDiagram],
  ["unreachable", noteUnreachable],
  ["picture", tidyPlanes],
  ["placing", placeNew],
  ["whole", checkWhole],
];

/** Never throws for anything in the source: what is wrong with it is named in `problems`, all at once. */
export async function convert(xml: string, options: ConvertOptions = {}): Promise<ConvertResult> {
  const checked = checkText(xml, options.maxBytes ?? defaultMaxBytes);
  if ("problem" in checked) return { kind: "refused", problems: [checked.problem] };
  const report = new Report();
  const source = await readSource(checked.text, report);
  if (source === undefined || report.problems.length > 0) return refused(report.problems, checked.text);
  const conversion = beginConversion(source, options, report);
  for (const [rule, pass] of passes) {
    report.begin(rule);
    pass(conversion);
    if (rule === "flows" && report.problems.length > 0) break; // the other passes walk along the flows
  }
  if (report.problems.length > 0) return refused(report.problems, checked.text);
  if (options.strict) {
    const losses = report.entries.filter(({ kind }) => kind === "lost");
    if (losses.length > 0) {
      return refused(losses.map(({ kind: _kind, rule: _rule, ...problem }) => problem), checked.text);
    }
  }
  // A carriage return can only be a character reference: raw ones are line ends.
  const written = (await writeModel(source.definitions)).replaceAll("\r", "&#13;");
  return { kind: "converted", xml: written, report: report.entries };
}

function refused(problems: readonly Problem[], text: string): ConvertResult {
  return {
    kind: "refused",
    problems: problems.map((problem) => {
      const line = problem.line ?? (problem.elementId === undefined ? undefined : lineOfId(text, problem.elementId));
      return line === undefined ? problem : { ...problem, line };
    }),
  };
}
