/** Where new steps stand: before their anchors, behind them, or where they stood, one beside the other when they are several. */
import type { Bounds, FlowNode } from "../../model.ts";
import { create } from "../../moddle.ts";
import type { Placement } from "../conversion.ts";
import type { Cut, Room } from "./room.ts";

/** Between a step and the next. */
const GAP = 50;

/** A placement, and where its anchor was before anything moved. */
export interface Spot extends Placement {
  readonly drawn: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  /** How far it stands behind the border of its anchor at which room is made. */
  readonly offset: number;
}

/** The spots of all placements whose anchors are in the picture, and the cuts that make room for them. */
export function spotsOf(
  placements: readonly Placement[],
  boundsOf: (anchor: FlowNode) => Bounds | undefined,
): { spots: Spot[]; cuts: Cut[] } {
  const lines = [...Map.groupBy(placements, ({ anchor }) => anchor)].flatMap(([anchor, around]) => {
    const bounds = boundsOf(anchor);
    return bounds === undefined ? [] : [lineUp(around, bounds)];
  });
  return { spots: lines.flatMap(({ spots }) => spots), cuts: lines.flatMap(({ cuts }) => cuts) };
}

/** What was put before an anchor first is farthest from it: it leads to what was put there later. */
function lineUp(around: readonly Placement[], { x, y, width, height }: Bounds): { spots: Spot[]; cuts: Cut[] } {
  const drawn = { x, y, width, height };
  let [before, growth, after] = [0, 0, 0];
  const spots: Spot[] = [];
  for (const placement of around.filter(({ side }) => side === "before")) {
    spots.push({ ...placement, drawn, offset: before });
    before += placement.width + GAP;
  }
  for (const placement of around.filter(({ side }) => side === "in place")) {
    spots.push({ ...placement, drawn, offset: before });
    growth = Math.max(placement.width - width, growth);
  }
  for (const placement of around.filter(({ side }) => side === "after")) {
    spots.push({ ...placement, drawn, offset: after + GAP });
    after += placement.width + GAP;
  }
  return { spots, cuts: [{ x, width: before + growth }, { x: x + width, width: after }] };
}

/** The place of the new step after everything moved. */
export function placeOf({ side, drawn, offset, width, height }: Spot, room: Room): Bounds {
  const border = side === "after" ? drawn.x + drawn.width : drawn.x;
  return create("dc:Bounds", {
    x: room.endAt(border) + offset,
    y: drawn.y + (drawn.height - height) / 2,
    width,
    height,
  });
}
