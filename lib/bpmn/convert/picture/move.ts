/** Moves a picture apart: each shape as a whole, frames wider where a cut goes through them, edges with what they connect. */
import { type BaseElement, type BPMNEdge, type BPMNPlane, type BPMNShape, is } from "../../model.ts";
import type { Room } from "./room.ts";

/** How far a point of a shape moves, by where it was. */
type Shift = (x: number) => number;

export function moveApart(plane: BPMNPlane, room: Room): void {
  const shapes = plane.planeElement.filter((element) => is(element, "bpmndi:BPMNShape"));
  const byElement = new Map(shapes.map((shape) => [shape.bpmnElement, shape]));
  const shifts = new Map<BaseElement | undefined, Shift>();
  for (const shape of shapes) shifts.set(shape.bpmnElement, shiftOf(shape, byElement, room));
  for (const shape of shapes) {
    const shift = shifts.get(shape.bpmnElement) ?? free(room);
    const { bounds, label } = shape;
    const [begin, end] = [bounds.x, bounds.x + bounds.width];
    if (label?.bounds !== undefined) label.bounds.x += isFrame(shape) ? shift(label.bounds.x) : shift(begin);
    bounds.x += shift(begin);
    bounds.width = end + shift(end) - bounds.x;
  }
  for (const edge of plane.planeElement.filter((element) => is(element, "bpmndi:BPMNEdge"))) {
    if (edge.label?.bounds !== undefined) edge.label.bounds.x = room.beginAt(edge.label.bounds.x);
    moveEdge(edge, shifts, room);
  }
}

function shiftOf(shape: BPMNShape, shapes: ReadonlyMap<BaseElement | undefined, BPMNShape>, room: Room): Shift {
  if (isFrame(shape)) {
    const end = shape.bounds.x + shape.bounds.width;
    return (x) => (x >= end ? room.endAt(x) : room.beginAt(x)) - x;
  }
  const { bpmnElement: element } = shape;
  const host = is(element, "bpmn:BoundaryEvent") ? shapes.get(element.attachedToRef) : undefined;
  // A boundary event goes with the border that it sits on.
  const distance = host === undefined
    ? free(room)(shape.bounds.x)
    : shiftOf(host, shapes, room)(isFrame(host) ? shape.bounds.x + shape.bounds.width / 2 : host.bounds.x);
  return () => distance;
}

function isFrame({ bpmnElement, isExpanded }: BPMNShape): boolean {
  return is(bpmnElement, "bpmn:Lane") || (is(bpmnElement, "bpmn:SubProcess") && isExpanded !== false);
}

function free(room: Room): Shift {
  return (x) => room.beginAt(x) - x;
}

/** The ends go with their shapes, and upright parts stay upright. */
function moveEdge(edge: BPMNEdge, shifts: ReadonlyMap<BaseElement | undefined, Shift>, room: Room): void {
  const { waypoint: points, bpmnElement: flow } = edge;
  const [first, last] = is(flow, "bpmn:SequenceFlow") ? [shifts.get(flow.sourceRef), shifts.get(flow.targetRef)] : [];
  const drawn = points.map(({ x }) => x);
  const moved = drawn.map((x) => room.beginAt(x));
  const uprightFrom = (begin: number, step: 1 | -1, shift: Shift) => {
    const x = drawn[begin] ?? 0;
    const target = x + shift(x);
    for (let index = begin; drawn[index] === x; index += step) moved[index] = target;
  };
  if (first !== undefined) uprightFrom(0, 1, first);
  if (last !== undefined) uprightFrom(drawn.length - 1, -1, last);
  for (const [index, point] of points.entries()) point.x = moved[index] ?? point.x;
}
