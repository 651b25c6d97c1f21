/** The way of a new edge. */
import type { Bounds, Point, SequenceFlow } from "../../model.ts";
import type { Columns } from "./columns.ts";
import { dockingAt, point } from "./dock.ts";

/** Between the edge and what it goes below. */
const CLEARANCE = 18;

/** Straight to the right, with one bend at most; below whatever stands between the two shapes. */
export function routeOf(
  { sourceRef, targetRef }: SequenceFlow,
  source: Bounds,
  target: Bounds,
  columns: Columns,
): Point[] {
  const lowestAcross = (points: readonly Point[]) => columns.lowestAcross(points, [sourceRef, targetRef]);
  const begin = point(source.x + source.width, source.y + source.height / 2);
  const direct = [begin, ...dockingAt(target, begin)];
  const lowest = lowestAcross(direct);
  if (lowest === undefined) return direct;
  const [from, to] = [source.x + source.width / 2, target.x + target.width / 2];
  let y = Math.max(lowest, source.y + source.height, target.y + target.height) + CLEARANCE;
  const atThisHeight = () => [point(from, y), point(to, y)];
  for (let next = lowestAcross(atThisHeight()); next !== undefined; next = lowestAcross(atThisHeight())) {
    y = next + CLEARANCE;
  }
  return [point(from, source.y + source.height), ...atThisHeight(), point(to, target.y + target.height)];
}
