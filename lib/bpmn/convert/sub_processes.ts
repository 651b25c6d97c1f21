/**
 * Sub-processes with content stay. One without content is a step that is described elsewhere, so people do it. Camunda knows
 * no ad-hoc sub-processes: their steps, in any order in the drawing, all begin together.
 */
import { is, type SubProcess } from "../model.ts";
import { type Conversion, nodesIn, scopesOf } from "./conversion.ts";
import { retype } from "./edit.ts";

export function settleSubProcesses(conversion: Conversion): void {
  const { report } = conversion;
  const all = scopesOf(conversion).filter((scope) => is(scope, "bpmn:SubProcess"));
  for (const subProcess of all.reverse()) { // from inside out
    if (nodesIn(subProcess).length > 0 || subProcess.triggeredByEvent) {
      if (is(subProcess, "bpmn:AdHocSubProcess")) dropFreeOrder(subProcess, conversion);
      continue;
    }
    report.mapped(subProcess, "There are no steps in it; it is one task.");
    for (const element of [...subProcess.flowElements]) {
      report.leftOut(element, "It stands in a sub-process without steps.");
    }
    retype(conversion, subProcess, "bpmn:Task");
  }
}

function dropFreeOrder(subProcess: SubProcess, conversion: Conversion): void {
  conversion.report.lost(
    subProcess,
    "Camunda has no ad-hoc sub-processes: the steps in it begin together, and all of them are done once.",
  );
  retype(conversion, subProcess, "bpmn:SubProcess");
}
