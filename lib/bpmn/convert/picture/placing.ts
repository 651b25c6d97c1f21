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
import { type Conversion, freshId, type Placement } from "../conversion.ts";
import { beginAt, between, endAt, setWaypoints } from "./dock.ts";
import { moveApart } from "./move.ts";
import { Columns } from "./columns.ts";
import { type Cut, Room } from "./room.ts";

/** Between a step and the next. */
const GAP = 50;

export function placeNew(conversion: Conversion): void {
  for (const diagram of conversion.definitions.diagrams) placeIn(diagram, conversion);
}

/** A placement and where its anchor was before anything moved. */
interface Spot extends Placement {
  readonly drawn: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
}

function placeIn({ plane }: BPMNDiagram, conversion: Conversion): void {
  if (plane === undefined) return;
  const picture = new Picture(plane, conversion);
  const spots = conversion.placements.flatMap((placement): Spot[] => {
    const bounds = picture.shapeOf(placement.anchor)?.bounds;
    return bounds === undefined
      ? []
      : [{ ...placement, drawn: { x: bounds.x, y: bounds.y, width: bounds.width, height: bounds.height } }];
  });
  if (spots.length === 0) return;
  const room = new Room(spots.map(cutOf));
  moveApart(plane, room);
  const columns = new Columns(picture.steps());
  for (const spot of spots) picture.place(spot, columns.withRoom(boundsOf(spot, room), spot.node));
  for (const { node } of spots) picture.connect(node);
}

function cutOf({ side, drawn, width }: Spot): Cut {
  switch (side) {
    case "before":
      return { x: drawn.x, width: width + GAP };
    case "after":
      return { x: drawn.x + drawn.width, width: width + GAP };
    case "in place":
      return { x: drawn.x, width: Math.max(width - drawn.width, 0) };
  }
}

function boundsOf({ side, drawn, width, height }: Spot, room: Room): Bounds {
  const y = drawn.y + (drawn.height - height) / 2;
  switch (side) {
    case "before":
    case "in place":
      return create("dc:Bounds", { x: room.endAt(drawn.x), y, width, height });
    case "after":
      return create("dc:Bounds", { x: room.endAt(drawn.x + drawn.width) + GAP, y, width, height });
  }
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
    return [...this.#shapes.values()].filter(({ bpmnElement }) =>
      is(bpmnElement, "bpmn:FlowNode") && !is(bpmnElement, "bpmn:SubProcess")
    );
  }

  place({ node }: Spot, bounds: Bounds): void {
    const known = this.#shapes.get(node);
    if (known !== undefined) {
      known.bounds = bounds;
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

  /** Draws its flows, or leads those that are drawn to where it is now. */
  connect(node: FlowNode): void {
    const { bounds } = this.#shapes.get(node) ?? {};
    if (bounds === undefined) return;
    for (const flow of node.incoming) {
      const edge = this.#edges.get(flow);
      if (edge !== undefined) endAt(edge, bounds);
      else this.#draw(flow);
    }
    for (const flow of node.outgoing) {
      const edge = this.#edges.get(flow);
      if (edge !== undefined) beginAt(edge, bounds);
      else this.#draw(flow);
    }
  }

  #draw(flow: SequenceFlow): void {
    const source = this.#shapes.get(flow.sourceRef)?.bounds;
    const target = this.#shapes.get(flow.targetRef)?.bounds;
    if (source === undefined || target === undefined) return;
    const edge = create("bpmndi:BPMNEdge", { id: freshId(this.conversion, `${flow.id}_di`), bpmnElement: flow });
    setWaypoints(edge, between(source, target));
    edge.$parent = this.plane;
    this.plane.planeElement.push(edge);
    this.#edges.set(flow, edge);
  }
}
