/** Lines between shapes: flows with their arrows, associations, messages. */
import { is, type ModelElement } from "../../bpmn/model.ts";
import { type Colours, PAPER } from "./colours.ts";
import { number, path, type Spot, svg } from "./svg.ts";

/** How far before a bend the line begins to turn. */
const CURVE = 6;

export function drawEdge(element: ModelElement, points: readonly Spot[], { stroke }: Colours): string {
  const [first, second] = points;
  const [last, beforeLast] = [points.at(-1), points.at(-2)];
  if (first === undefined || second === undefined || last === undefined || beforeLast === undefined) return "";
  if (is(element, "bpmn:SequenceFlow")) {
    const isDefault = element.sourceRef?.default === element;
    const isConditional = element.conditionExpression !== undefined && is(element.sourceRef, "bpmn:Activity");
    return line(points, {}) + arrow(beforeLast, last, stroke) +
      (isDefault ? placed(second, first, svg("path", { d: "M-9 -5L-14 5" })) : "") +
      (isConditional ? placed(second, first, svg("path", { d: "M0 0L-8 -4.5L-16 0L-8 4.5z", fill: PAPER })) : "");
  }
  if (is(element, "bpmn:MessageFlow")) {
    return line(points, { "stroke-dasharray": "8 5" }) +
      svg("circle", { cx: first.x, cy: first.y, r: 3.6, fill: PAPER }) +
      placed(beforeLast, last, svg("path", { d: "M0 0L-10 -5V5z", fill: PAPER }));
  }
  const isData = element.$type === "bpmn:DataInputAssociation" || element.$type === "bpmn:DataOutputAssociation";
  const direction = element.get("associationDirection");
  const open = svg("path", { d: "M-8 -4.5L0 0L-8 4.5" });
  return line(points, is(element, "bpmn:Association") || isData ? { "stroke-dasharray": "1 4" } : {}) +
    (isData || direction === "One" || direction === "Both" ? placed(beforeLast, last, open) : "") +
    (direction === "Both" ? placed(second, first, open) : "");
}

function line(points: readonly Spot[], attributes: Readonly<Record<string, string>>): string {
  return svg("path", { d: curved(points), ...attributes });
}

/** Bends are rounded, so that lines that cross are told from lines that turn. */
function curved(points: readonly Spot[]): string {
  const parts: string[] = [];
  for (const [index, point] of points.entries()) {
    const [before, after] = [points[index - 1], points[index + 1]];
    if (before === undefined) parts.push(path([point]));
    else if (after === undefined) parts.push(`L${number(point.x)} ${number(point.y)}`);
    else {
      const [from, to] = [towards(point, before), towards(point, after)];
      parts.push(
        `L${number(from.x)} ${number(from.y)}Q${number(point.x)} ${number(point.y)} ${number(to.x)} ${number(to.y)}`,
      );
    }
  }
  return parts.join("");
}

function towards(from: Spot, to: Spot): Spot {
  const distance = Math.hypot(to.x - from.x, to.y - from.y);
  const share = distance === 0 ? 0 : Math.min(CURVE, distance / 2) / distance;
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}

function arrow(from: Spot, to: Spot, stroke: string): string {
  return placed(from, to, svg("path", { d: "M0 0L-10 -4.6V4.6z", fill: stroke, "stroke-width": 0.8 }));
}

/** Drawn with its tip at 0,0, as if the line came from the left. */
function placed(from: Spot, to: Spot, sign: string): string {
  const angle = Math.atan2(to.y - from.y, to.x - from.x) * 180 / Math.PI;
  return svg("g", { transform: `translate(${number(to.x)} ${number(to.y)}) rotate(${number(angle)})` }, sign);
}

/** Half-way along the line, and whether the line runs across there. */
export function middleOf(points: readonly Spot[]): Spot & { readonly isAcross: boolean } {
  const pieces = points.slice(1).map((end, index) => {
    const begin = points[index] ?? end;
    return { begin, end, length: Math.hypot(end.x - begin.x, end.y - begin.y) };
  });
  let left = pieces.reduce((sum, { length }) => sum + length, 0) / 2;
  for (const { begin, end, length } of pieces) {
    if (left > length) {
      left -= length;
      continue;
    }
    const share = length === 0 ? 0 : left / length;
    return {
      x: begin.x + (end.x - begin.x) * share,
      y: begin.y + (end.y - begin.y) * share,
      isAcross: Math.abs(end.x - begin.x) >= Math.abs(end.y - begin.y),
    };
  }
  const [first = { x: 0, y: 0 }] = points;
  return { ...first, isAcross: true };
}
