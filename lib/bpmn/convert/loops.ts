/**
 * Activities that run several times. A multi-instance activity stays one if it is known how many instances it has: drawn, or
 * by the mapping file or a marker. Camunda has no loops with a condition.
 */
import { type Activity, is, type MultiInstance } from "../model.ts";
import { create } from "../moddle.ts";
import { allNodes, type Conversion } from "./conversion.ts";

export function settleLoops(conversion: Conversion): void {
  for (const node of allNodes(conversion)) {
    if (!is(node, "bpmn:Activity")) continue;
    const loop = node.loopCharacteristics;
    if (is(loop, "bpmn:StandardLoopCharacteristics")) {
      conversion.report.lost(
        node,
        "Camunda has no loop of this kind: the activity runs once. Draw the way back instead.",
      );
    } else if (is(loop, "bpmn:MultiInstanceLoopCharacteristics")) settle(node, loop, conversion);
  }
}

function settle(activity: Activity, loop: MultiInstance, { settings, report }: Conversion): void {
  const { collection, elementVariable, cardinality } = settings.own(activity.id ?? "");
  if (collection !== undefined) {
    loop.collection = collection;
    loop.set("loopCardinality", undefined);
    loop.set("loopDataInputRef", undefined);
  } else if (cardinality !== undefined) {
    loop.loopCardinality = create("bpmn:FormalExpression", { body: cardinality });
    loop.loopCardinality.$parent = loop;
    loop.set("collection", undefined);
    loop.set("loopDataInputRef", undefined);
  }
  if (elementVariable !== undefined) loop.elementVariable = elementVariable;
  if (loop.loopCardinality !== undefined && !loop.loopCardinality.body?.trim()) loop.set("loopCardinality", undefined);
  const isOverList = Boolean(loop.collection?.trim()) || loop.loopDataInputRef !== undefined;
  if (!isOverList) {
    loop.set("collection", undefined);
    loop.set("elementVariable", undefined); // Camunda refuses it without a list
    loop.set("inputDataItem", undefined);
  }
  if (isOverList || loop.loopCardinality !== undefined) return;
  report.lost(
    activity,
    "It is not said over which list, or how many times, it runs: it runs once. Name a collection or cardinality for it.",
  );
  activity.set("loopCharacteristics", undefined);
}
