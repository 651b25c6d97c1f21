/** Pools are frames around processes, and message flows only lines between them: Camunda executes neither. */
import { type BaseElement, is } from "../model.ts";
import { type Conversion, processesOf } from "./conversion.ts";
import { remove } from "./edit.ts";
import { calledIn } from "./report.ts";

export function removePools(conversion: Conversion): void {
  const { definitions, report } = conversion;
  for (const collaboration of definitions.rootElements.filter((root) => is(root, "bpmn:Collaboration"))) {
    for (const participant of collaboration.participants) {
      if (participant.processRef === undefined) {
        report.leftOut(participant, "A pool without a process stands for others; there is nothing to execute in it.");
      } else report.mapped(participant, `The pool gives its process ${participant.processRef.id} its name.`);
    }
    for (const flow of collaboration.messageFlows) {
      const { sourceRef: from, targetRef: to } = flow;
      const line = `from ${from === undefined ? "nowhere" : calledIn(from)} to ${
        to === undefined ? "nowhere" : calledIn(to)
      }`;
      if (isOutside(from) || isOutside(to)) report.leftOut(flow, `The message flow ${line} leads outside.`);
      else report.lost(flow, `Nobody carries the message ${line}: Camunda has no message flows.`);
    }
    remove(conversion, collaboration);
  }
  for (const process of processesOf(conversion)) process.set("definitionalCollaborationRef", undefined);
}

/** A pool that nothing is drawn into. */
function isOutside(end: BaseElement | undefined): boolean {
  return end === undefined || (is(end, "bpmn:Participant") && end.processRef === undefined);
}
