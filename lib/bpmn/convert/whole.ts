/** The last look at the model before it is written: every mention must be of something that is there. */
import { is, type ModelElement } from "../model.ts";
import { allElements, referencesOf } from "../moddle.ts";
import type { Conversion } from "./conversion.ts";
import { calledIn } from "./report.ts";

/** A fault here is one of a pass, and would be refused by the engine with less to go by. */
export function checkWhole({ definitions, report }: Conversion): void {
  const present = new Set<ModelElement>(allElements(definitions));
  for (const element of present) {
    for (const [target, { property }] of referencesOf(element)) {
      if (!present.has(target)) {
        report.refuse(element, `its ${property} names ${calledIn(target)}, which the conversion took away.`);
      }
    }
    if (is(element, "bpmn:SequenceFlow") && (!present.has(element.sourceRef) || !present.has(element.targetRef))) {
      report.refuse(element, "the conversion took away one of its ends.");
    }
  }
}
