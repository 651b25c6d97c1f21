/** Which shapes stand in the same part of a picture, so that a new one can be kept clear of them. */
import { type BaseElement, type Bounds, type BPMNShape, type FlowNode, is } from "../../model.ts";

/** Pixels; about two steps wide. */
const COLUMN = 200;
const STEP = 10;

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

function columnsOf({ x, width }: Bounds): number[] {
  const first = Math.floor(x / COLUMN);
  return Array.from({ length: Math.floor((x + width) / COLUMN) - first + 1 }, (_, index) => first + index);
}

function overlap(one: Bounds, other: Bounds): boolean {
  return one.x < other.x + other.width && other.x < one.x + one.width &&
    one.y < other.y + other.height && other.y < one.y + one.height;
}
