/** Multi-instance settings of an activity or a sub-process. */
import { BPMN, camundaAttribute, childrenOf, idOf } from "./element.ts";
import type { XmlElement } from "./xml_tree.ts";

export interface Loop {
  readonly kind: "parallel" | "sequential";
  /** The element that loops: the activity itself, or the nearest sub-process around it that does. */
  readonly activityId: string;
  readonly collection?: string;
  readonly elementVariable?: string;
  /** A number or an expression, as modelled. */
  readonly cardinality?: string;
}

/** `undefined` when the element is not multi-instance. */
export function loopOf(element: XmlElement): Loop | undefined {
  const [characteristics] = childrenOf(element, BPMN, "multiInstanceLoopCharacteristics");
  if (characteristics === undefined) return undefined;
  const childText = (name: string) => childrenOf(characteristics, BPMN, name)[0]?.text.trim();
  const collection = camundaAttribute(characteristics, "collection") || childText("loopDataInputRef");
  const elementVariable = camundaAttribute(characteristics, "elementVariable") ||
    childrenOf(characteristics, BPMN, "inputDataItem")[0]?.attributes.get("name");
  const cardinality = childText("loopCardinality");
  return {
    kind: characteristics.attributes.get("isSequential") === "true" ? "sequential" : "parallel",
    activityId: idOf(element) ?? "",
    ...(collection && { collection }),
    ...(elementVariable && { elementVariable }),
    ...(cardinality && { cardinality }),
  };
}
