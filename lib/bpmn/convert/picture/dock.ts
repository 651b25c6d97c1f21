/** Where an edge touches a shape. */
import type { Bounds, BPMNEdge, Point } from "../../model.ts";
import { create } from "../../moddle.ts";

/** The last waypoints of an edge that comes from `from` and ends at the shape: at most one bend, in right angles. */
export function dockingAt({ x, y, width, height }: Bounds, from: Point): Point[] {
  const middle = { x: x + width / 2, y: y + height / 2 };
  if (from.x >= x && from.x <= x + width) return [point(from.x, from.y < middle.y ? y : y + height)];
  const side = from.x < x ? x : x + width;
  if (from.y === middle.y) return [point(side, middle.y)];
  if (from.y >= y && from.y <= y + height) return [point(side, from.y)];
  return [point(middle.x, from.y), point(middle.x, from.y < middle.y ? y : y + height)];
}

/** Lets the edge end at the shape, wherever it ended before. */
export function endAt(edge: BPMNEdge, bounds: Bounds): void {
  const kept = edge.waypoint.slice(0, -1);
  const from = kept.at(-1);
  if (from === undefined) return;
  setWaypoints(edge, [...kept, ...dockingAt(bounds, from)]);
}

/** Lets the edge begin at the shape. */
export function beginAt(edge: BPMNEdge, bounds: Bounds): void {
  const kept = edge.waypoint.slice(1);
  const [to] = kept;
  if (to === undefined) return;
  setWaypoints(edge, [...dockingAt(bounds, to).reverse(), ...kept]);
}

export function setWaypoints(edge: BPMNEdge, waypoints: readonly Point[]): void {
  edge.waypoint = [...waypoints];
  for (const waypoint of waypoints) waypoint.$parent = edge;
}

export function point(x: number, y: number): Point {
  return create("dc:Point", { x, y });
}
