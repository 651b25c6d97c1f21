/** Draws one picture of a file (a BPMNPlane): everything on it that is an element of the model and has a place. */
import {
  type BPMNEdge,
  type BPMNPlane,
  type BPMNShape,
  type DiagramElement,
  is,
  type ModelElement,
} from "../../bpmn/model.ts";
import { coloursOf } from "./colours.ts";
import { drawEdge } from "./edges.ts";
import { edgeLabel, shapeLabel } from "./labels.ts";
import { drawShape, isExpanded, type Layer, layers } from "./shapes.ts";
import { type Box, type Spot, svg, text } from "./svg.ts";

export interface DrawnPlane {
  readonly svg: string;
  /** What is drawn lies in it; `undefined` when nothing is. */
  readonly box: Box | undefined;
}

/** Coordinates beyond are no drawing. */
const FARTHEST = 1_000_000;
const MAX_WAYPOINTS = 500;

export function drawPlane({ planeElement }: BPMNPlane): DrawnPlane {
  const collapsed = collapsedIn(planeElement);
  const drawn: { layer: Layer; svg: string; area: number }[] = [];
  const boxes: Box[] = [];
  for (const drawing of planeElement) {
    const { bpmnElement: element } = drawing;
    if (element === undefined || isHidden(element, collapsed)) continue;
    if (is(drawing, "bpmndi:BPMNShape")) {
      const box = boxOf(drawing);
      if (box === undefined) continue;
      const shape = drawShape(element, drawing, box);
      drawn.push({ layer: shape.layer, svg: group(element, drawing, shape.svg), area: box.width * box.height });
      const label = shapeLabel(element, drawing);
      if (label !== undefined) drawn.push({ layer: "labels", svg: label.svg, area: 0 });
      boxes.push(box, ...label === undefined ? [] : [label.box]);
    } else if (is(drawing, "bpmndi:BPMNEdge")) {
      const points = pointsOf(drawing);
      if (points.length < 2) continue;
      drawn.push({
        layer: is(element, "bpmn:MessageFlow") ? "messages" : "edges",
        svg: group(element, drawing, drawEdge(element, points, coloursOf(drawing))),
        area: 0,
      });
      const label = edgeLabel(element, drawing, points);
      if (label !== undefined) drawn.push({ layer: "labels", svg: label.svg, area: 0 });
      boxes.push(
        ...points.map(({ x, y }) => ({ x, y, width: 0, height: 0 })),
        ...label === undefined ? [] : [label.box],
      );
    }
  }
  // Larger frames first: what lies in another one must not be hidden by it.
  const ordered = layers.map((layer) =>
    drawn.filter((part) => part.layer === layer).sort((one, other) => other.area - one.area)
  );
  return { svg: ordered.flat().map((part) => part.svg).join("\n"), box: around(boxes) };
}

/** A browser shows the title when the pointer rests on it. */
function group(element: ModelElement, drawing: DiagramElement, drawn: string): string {
  const id = element.get("id");
  const { stroke } = coloursOf(drawing);
  const kind = element.$type.slice(element.$type.indexOf(":") + 1);
  const title = svg("title", {}, text(`${kind}${typeof id === "string" ? ` ${id}` : ""}`));
  return svg(
    "g",
    {
      "data-element-id": typeof id === "string" ? id : undefined,
      stroke,
    },
    title,
    drawn,
  );
}

function collapsedIn(planeElement: readonly DiagramElement[]): ReadonlySet<ModelElement> {
  return new Set(planeElement.flatMap((drawing) => {
    const { bpmnElement: element } = drawing;
    const isCollapsed = is(drawing, "bpmndi:BPMNShape") && is(element, "bpmn:SubProcess") && !isExpanded(drawing);
    return isCollapsed ? [element] : [];
  }));
}

/** What is inside a collapsed sub-process is drawn in a picture of its own, whatever this one has of it. */
function isHidden(element: ModelElement, collapsed: ReadonlySet<ModelElement>): boolean {
  if (collapsed.size === 0) return false;
  for (let outer = element.$parent; outer !== undefined; outer = outer.$parent) if (collapsed.has(outer)) return true;
  return false;
}

function boxOf({ bounds }: BPMNShape): Box | undefined {
  if (bounds === undefined) return undefined;
  const { x, y, width, height } = bounds;
  const isPlace = [x, y, width, height].every((figure) => Number.isFinite(figure) && Math.abs(figure) <= FARTHEST);
  return isPlace && width >= 0 && height >= 0 ? { x, y, width, height } : undefined;
}

function pointsOf({ waypoint }: BPMNEdge): Spot[] {
  return waypoint.filter(({ x, y }) => Math.abs(x) <= FARTHEST && Math.abs(y) <= FARTHEST).slice(0, MAX_WAYPOINTS);
}

function around(boxes: readonly Box[]): Box | undefined {
  if (boxes.length === 0) return undefined;
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y, width, height } of boxes) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x + width);
    bottom = Math.max(bottom, y + height);
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}
