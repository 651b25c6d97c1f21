/** What lies around or beside the steps: pools, lanes, groups, annotations. */
import type { ModelElement, TextAnnotation } from "../../bpmn/model.ts";
import { type Colours, PAPER } from "./colours.ts";
import { centred, fromTop, upwards } from "./lettering.ts";
import { type Box, path, svg } from "./svg.ts";

/** Width of the strip with the name. */
const STRIP = 30;

export function drawPool(name: string, box: Box, isHorizontal: boolean, isEmpty: boolean, colours: Colours): string {
  const outer = rectangle(box, colours.fill);
  if (isEmpty) return outer + centred(name, inset(box, 6));
  const strip = stripOf(box, isHorizontal);
  const line = isHorizontal
    ? [{ x: box.x + STRIP, y: box.y }, { x: box.x + STRIP, y: box.y + box.height }]
    : [{ x: box.x, y: box.y + STRIP }, { x: box.x + box.width, y: box.y + STRIP }];
  return outer + svg("path", { d: path(line), "stroke-width": 1.4 }) +
    (isHorizontal ? upwards(name, inset(strip, 3)) : centred(name, inset(strip, 3)));
}

export function drawLane(name: string, box: Box, isHorizontal: boolean, { fill }: Colours): string {
  const strip = inset(stripOf(box, isHorizontal), 3);
  return rectangle(box, fill === PAPER ? "none" : fill) +
    (isHorizontal ? upwards(name, strip) : centred(name, strip));
}

function stripOf(box: Box, isHorizontal: boolean): Box {
  return isHorizontal ? { ...box, width: STRIP } : { ...box, height: STRIP };
}

function rectangle(box: Box, fill: string): string {
  return svg("rect", { x: box.x, y: box.y, width: box.width, height: box.height, fill, "stroke-width": 1.4 });
}

function inset({ x, y, width, height }: Box, by: number): Box {
  return { x: x + by, y: y + by, width: Math.max(width - 2 * by, 1), height: Math.max(height - 2 * by, 1) };
}

export function drawGroup({ x, y, width, height }: Box): string {
  return svg("rect", { x, y, width, height, rx: 10, "stroke-width": 1.3, "stroke-dasharray": "10 5 2 5" });
}

export function drawAnnotation(annotation: TextAnnotation, { x, y, width, height }: Box): string {
  const bracket = [{ x: x + 10, y }, { x, y }, { x, y: y + height }, { x: x + 10, y: y + height }];
  const room = { x: x + 7, y: y + 5, width: Math.max(width - 11, 1), height: Math.max(height - 8, 1) };
  return svg("path", { d: path(bracket), "stroke-width": 1.4 }) + fromTop(annotation.text ?? "", room, "start");
}

/** A kind of element that only other drawings than process diagrams have. */
export function drawUnknown(element: ModelElement, box: Box, { fill }: Colours): string {
  const name = element.get("name");
  return rectangle(box, fill) + centred(typeof name === "string" ? name : "", inset(box, 5));
}
