/** Which shapes stand in the same part of a picture, so that a new one can be kept clear of them. */
import { type BaseElement, type Bounds, type BPMNShape, type FlowNode, is, type Point } from "../../model.ts";

/** Pixels; about two steps wide. */
const COLUMN = 200;
const STEP = 10;

type Box = Pick<Bounds, "x" | "y" | "width" | "height">;

/** Bounds that are taken, and by what. */
interface Taken {
  readonly element: BaseElement | undefined;
  readonly bounds: Bounds;
}

export class Columns {
  readonly #columns = new Map<number, Taken[]>();

  constructor(shapes: readonly BPMNShape[]) {
    for (const { bpmnElement: element, bounds } of shapes) this.#take({ element, bounds });
  }

  /**
   * The bounds, moved up or down until nothing lies under them: what lies across a cut does not move away from it. They are
   * taken from then on.
   */
  withRoom(bounds: Bounds, node: FlowNode): Bounds {
    const near = columnsOf(bounds).flatMap((column) => this.#columns.get(column) ?? [])
      .filter(({ element }) => element !== node && !isAttached(element, node));
    const { y } = bounds;
    for (let distance = STEP; near.some((taken) => overlap(bounds, taken.bounds)); distance += STEP) {
      const isAbove = (distance / STEP) % 2 === 1;
      bounds.y = y + (isAbove ? -distance : distance);
    }
    this.#take({ element: node, bounds });
    return bounds;
  }

  /** How far down those reach that a line through the points would cross, except the steps that it connects. */
  lowestAcross(points: readonly Point[], ends: readonly FlowNode[]): number | undefined {
    const crossed = points.slice(1).flatMap((to, index) => {
      const line = around(points[index] ?? to, to);
      return columnsOf(line).flatMap((column) => this.#columns.get(column) ?? []).filter(({ element, bounds }) =>
        overlap(line, bounds) && !ends.some((end) => end === element || isAttached(element, end))
      );
    });
    if (crossed.length === 0) return undefined;
    return crossed.reduce((lowest, { bounds }) => Math.max(lowest, bounds.y + bounds.height), -Infinity);
  }

  #take(taken: Taken): void {
    for (const column of columnsOf(taken.bounds)) {
      const all = this.#columns.get(column) ?? [];
      all.push(taken);
      this.#columns.set(column, all);
    }
  }
}

function isAttached(element: BaseElement | undefined, node: FlowNode): boolean {
  return is(element, "bpmn:BoundaryEvent") && element.attachedToRef === node;
}

function around(one: Point, other: Point): Box {
  const [x, y] = [Math.min(one.x, other.x), Math.min(one.y, other.y)];
  return { x, y, width: Math.abs(one.x - other.x), height: Math.abs(one.y - other.y) };
}

function columnsOf({ x, width }: Box): number[] {
  const first = Math.floor(x / COLUMN);
  return Array.from({ length: Math.floor((x + width) / COLUMN) - first + 1 }, (_, index) => first + index);
}

export function overlap(one: Box, other: Box): boolean {
  return one.x < other.x + other.width && other.x < one.x + one.width &&
    one.y < other.y + other.height && other.y < one.y + one.height;
}
