/**
 * Draws what the conversion put in. Steps that grew or are new get room of their own, and the flows are drawn to them.
 */
import {
  type BaseElement,
  type Bounds,
  type BPMNDiagram,
  type BPMNEdge,
  type BPMNPlane,
  type BPMNShape,
  type FlowNode,
  is,
  type SequenceFlow,
} from "../../model.ts";
import { create } from "../../moddle.ts";
import { type Conversion, freshId } from "../conversion.ts";
import { beginAt, endAt, setWaypoints } from "./dock.ts";
import { moveApart } from "./move.ts";
import { Columns, overlap } from "./columns.ts";
import { Room } from "./room.ts";
import { routeOf } from "./route.ts";
import { placeOf, type Spot, spotsOf } from "./spots.ts";

/** Between a new step and a name that gave way to it. */
const LABEL_GAP = 4;

export function placeNew(conversion: Conversion): void {
  for (const diagram of conversion.definitions.diagrams) placeIn(diagram, conversion);
}

function placeIn({ plane }: BPMNDiagram, conversion: Conversion): void {
  if (plane === undefined) return;
  const picture = new Picture(plane, conversion);
  const { spots, cuts } = spotsOf(conversion.placements, (anchor) => picture.shapeOf(anchor)?.bounds);
  if (spots.length === 0) return;
  const room = new Room(cuts);
  moveApart(plane, room);
  const columns = new Columns(picture.steps());
  for (const spot of spots) picture.place(spot, columns.withRoom(placeOf(spot, room), spot.node));
  for (const spot of spots) picture.clearLabel(spot);
  for (const { node } of spots) picture.connect(node, columns);
}

class Picture {
  readonly #shapes = new Map<BaseElement | undefined, BPMNShape>();
  readonly #edges = new Map<BaseElement | undefined, BPMNEdge>();

  constructor(private readonly plane: BPMNPlane, private readonly conversion: Conversion) {
    for (const element of plane.planeElement) {
      if (is(element, "bpmndi:BPMNShape")) this.#shapes.set(element.bpmnElement, element);
      else if (is(element, "bpmndi:BPMNEdge")) this.#edges.set(element.bpmnElement, element);
    }
  }

  shapeOf(node: FlowNode): BPMNShape | undefined {
    return this.#shapes.get(node);
  }

  /** The shapes that nothing may be put on. */
  steps(): BPMNShape[] {
    return [...this.#shapes.values()].filter(({ bpmnElement, isExpanded }) =>
      is(bpmnElement, "bpmn:FlowNode") && !(is(bpmnElement, "bpmn:SubProcess") && isExpanded !== false)
    );
  }

  place({ node }: Spot, bounds: Bounds): void {
    const known = this.#shapes.get(node);
    if (known !== undefined) {
      known.bounds = bounds;
      known.set("label", undefined); // an event's name stands beside it, a task's inside
      bounds.$parent = known;
      return;
    }
    const shape = create("bpmndi:BPMNShape", {
      id: freshId(this.conversion, `${node.id}_di`),
      bpmnElement: node,
      bounds,
    });
    shape.$parent = this.plane;
    this.plane.planeElement.push(shape);
    this.#shapes.set(node, shape);
  }

  /** The name beside the anchor gives way to the right, where the anchor is, when the new step lies on it. */
  clearLabel({ node, anchor }: Spot): void {
    const step = this.#shapes.get(node)?.bounds;
    const name = this.#shapes.get(anchor)?.label?.bounds;
    if (node === anchor || step === undefined || name === undefined || !overlap(step, name)) return;
    name.x = step.x + step.width + LABEL_GAP;
  }

  /** Draws its flows, or leads those that are drawn to where it is now. */
  connect(node: FlowNode, columns: Columns): void {
    const { bounds } = this.#shapes.get(node) ?? {};
    if (bounds === undefined) return;
    for (const flow of node.incoming) {
      const edge = this.#edges.get(flow);
      if (edge !== undefined) endAt(edge, bounds);
      else this.#draw(flow, columns);
    }
    for (const flow of node.outgoing) {
      const edge = this.#edges.get(flow);
      if (edge !== undefined) beginAt(edge, bounds);
      else this.#draw(flow, columns);
    }
  }

  #draw(flow: SequenceFlow, columns: Columns): void {
    const source = this.#shapes.get(flow.sourceRef)?.bounds;
    const target = this.#shapes.get(flow.targetRef)?.bounds;
    if (source === undefined || target === undefined) return;
    const edge = create("bpmndi:BPMNEdge", { id: freshId(this.conversion, `${flow.id}_di`), bpmnElement: flow });
    setWaypoints(edge, routeOf(flow, source, target, columns));
    edge.$parent = this.plane;
    this.plane.planeElement.push(edge);
    this.#edges.set(flow, edge);
  }
}
