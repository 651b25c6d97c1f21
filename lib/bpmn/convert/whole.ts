/** The last look at the model before it is written: every mention must be of something that is there. */
import { is, type ModelElement } from "../model.ts";
import { type Mention, mentionsBy, walk } from "../moddle.ts";
import type { Conversion } from "./conversion.ts";
import { calledIn } from "./report.ts";

/** A fault here is one of a pass, and would be refused by the engine with less to go by. */
export function checkWhole({ definitions, report }: Conversion): void {
  const present = new Set<ModelElement>();
  const mentions: Mention[] = [];
  walk(definitions, (element) => {
    // Only what has an id can be mentioned; half of a file, the corners of its picture, has none.
    if (element.get("id") !== undefined) present.add(element);
    for (const mention of mentionsBy(element)) mentions.push(mention); // a lane may have more than a call takes arguments
    if (is(element, "bpmn:SequenceFlow") && ["sourceRef", "targetRef"].some((end) => element.get(end) === undefined)) {
      report.refuse(element, "the conversion took away one of its ends.");
    }
  });
  for (const { owner, property, target } of mentions) {
    if (!present.has(target)) {
      report.refuse(owner, `its ${property} names ${calledIn(target)}, which the conversion took away.`);
    }
  }
}
