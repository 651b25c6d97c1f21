/** Moves a picture apart: each shape as a whole, frames wider where a cut goes through them, edges with what they connect. */
import { type BaseElement, type BPMNEdge, type BPMNPlane, type BPMNShape, is, isAny } from "../../model.ts";
import { point, setWaypoints } from "./dock.ts";
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
  const distance = host === undefined ? free(room)(middleOf(shape)) : shiftOf(host, shapes, room)(middleOf(host));
  return () => distance;
}

/** What stands right above or below another step goes where that one goes. */
function middleOf({ bounds }: BPMNShape): number {
  return bounds.x + bounds.width / 2;
}

function isFrame({ bpmnElement, isExpanded }: BPMNShape): boolean {
  return is(bpmnElement, "bpmn:Lane") || (is(bpmnElement, "bpmn:SubProcess") && isExpanded !== false);
}

function free(room: Room): Shift {
  return (x) => room.beginAt(x) - x;
}

/** The ends go with their shapes, and upright parts stay upright. */
function moveEdge(edge: BPMNEdge, shifts: ReadonlyMap<BaseElement | undefined, Shift>, room: Room): void {
  const { waypoint: points } = edge;
  const [first, last] = endsOf(edge).map((end) => end && shifts.get(end));
  const drawn = points.map(({ x }) => x);
  const moved = drawn.map((x) => room.beginAt(x));
  const uprightFrom = (begin: number, step: 1 | -1, shift: Shift) => {
    const x = drawn[begin] ?? 0;
    const target = x + shift(x);
    for (let index = begin; drawn[index] === x; index += step) moved[index] = target;
    return target;
  };
  const from = first && uprightFrom(0, 1, first);
  const to = last && uprightFrom(drawn.length - 1, -1, last);
  const isUpright = drawn.every((x) => x === drawn[0]);
  if (isUpright && from !== undefined && to !== undefined && from !== to) return bend(edge, from, to);
  for (const [index, point] of points.entries()) point.x = moved[index] ?? point.x;
}

/** What the edge connects, as far as that can have a shape. */
function endsOf({ bpmnElement: element }: BPMNEdge): (BaseElement | undefined)[] {
  if (isAny(element, ["bpmn:SequenceFlow", "bpmn:Association"])) return [element.sourceRef, element.targetRef];
  const { $parent: activity } = element ?? {};
  if (!is(activity, "bpmn:Activity")) return [];
  if (is(element, "bpmn:DataInputAssociation")) return [element.sourceRef?.[0], activity];
  if (is(element, "bpmn:DataOutputAssociation")) return [activity, element.targetRef];
  return [];
}

/** An upright edge whose ends move apart goes across half-way. */
function bend(edge: BPMNEdge, from: number, to: number): void {
  const [begin, end] = [edge.waypoint[0]?.y ?? 0, edge.waypoint.at(-1)?.y ?? 0];
  const middle = (begin + end) / 2;
  setWaypoints(edge, [point(from, begin), point(from, middle), point(to, middle), point(to, end)]);
}
