/** Draws one shape by the kind of its element, and says over what it lies. */
import { type BPMNShape, is, type ModelElement } from "../../bpmn/model.ts";
import { drawActivity } from "./activities.ts";
import { coloursOf } from "./colours.ts";
import { drawData, drawStore } from "./data.ts";
import { drawEvent } from "./events.ts";
import { drawAnnotation, drawGroup, drawLane, drawPool, drawUnknown } from "./frames.ts";
import { drawGateway } from "./gateways.ts";
import { nameOf } from "./labels.ts";
import type { Box } from "./svg.ts";

/** From the back to the front. */
export const layers = ["pools", "frames", "edges", "steps", "boundary", "messages", "labels"] as const;
export type Layer = (typeof layers)[number];

export interface DrawnShape {
  readonly layer: Exclude<Layer, "edges" | "messages" | "labels">;
  readonly svg: string;
}

export function drawShape(element: ModelElement, shape: BPMNShape, box: Box): DrawnShape {
  const colours = coloursOf(shape);
  const name = nameOf(element);
  const isHorizontal = shape.get("isHorizontal") !== false;
  if (is(element, "bpmn:Participant")) {
    return { layer: "pools", svg: drawPool(name, box, isHorizontal, element.processRef === undefined, colours) };
  }
  if (is(element, "bpmn:Lane")) return { layer: "frames", svg: drawLane(name, box, isHorizontal, colours) };
  if (is(element, "bpmn:Activity")) {
    const expanded = isExpanded(shape);
    const layer = is(element, "bpmn:SubProcess") && expanded ? "frames" : "steps";
    return { layer, svg: drawActivity(element, box, expanded, colours) };
  }
  if (is(element, "bpmn:Event")) {
    return {
      layer: is(element, "bpmn:BoundaryEvent") ? "boundary" : "steps",
      svg: drawEvent(element, box, colours),
    };
  }
  if (is(element, "bpmn:Gateway")) return { layer: "steps", svg: drawGateway(element, box, colours) };
  if (is(element, "bpmn:TextAnnotation")) return { layer: "steps", svg: drawAnnotation(element, box) };
  if (is(element, "bpmn:Group")) return { layer: "steps", svg: drawGroup(box) };
  switch (element.$type) {
    case "bpmn:DataObjectReference":
    case "bpmn:DataObject":
    case "bpmn:DataInput":
    case "bpmn:DataOutput":
      return { layer: "steps", svg: drawData(element, box, colours) };
    case "bpmn:DataStoreReference":
      return { layer: "steps", svg: drawStore(box, colours) };
    default:
      return { layer: "steps", svg: drawUnknown(element, box, colours) };
  }
}

/** Drawing tools that do not say it draw a collapsed sub-process as large as a task. */
export function isExpanded({ isExpanded: said, bounds }: BPMNShape): boolean {
  return said ?? bounds.width > 130;
}
