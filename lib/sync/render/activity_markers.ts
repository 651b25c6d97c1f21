/** The signs at the lower border of an activity: that there is more inside, that it runs several times, that it undoes. */
import { type Activity, is } from "../../bpmn/model.ts";
import type { Colours } from "./colours.ts";
import { type Box, number, svg } from "./svg.ts";

const SIZE = 14;
const GAP = 5;

/** Side by side, in the middle; empty without any. */
export function activityMarkers(
  activity: Activity,
  hasMoreInside: boolean,
  box: Box,
  { fill, stroke }: Colours,
): string {
  const loop = activity.loopCharacteristics;
  const signs: string[] = [];
  if (activity.isForCompensation) {
    signs.push(svg("path", { d: "M7 2.5V11.5L1 7zM13 2.5V11.5L7 7z", fill, "stroke-width": 1.2 }));
  }
  if (is(loop, "bpmn:StandardLoopCharacteristics")) {
    signs.push(svg("path", { d: "M4.6 12.3A5.4 5.4 0 1 1 9 12.4M4.9 12.4V8.6M4.9 12.4H1.2", "stroke-width": 1.5 }));
  } else if (is(loop, "bpmn:MultiInstanceLoopCharacteristics")) {
    const d = loop.isSequential ? "M1.5 3H12.5M1.5 7H12.5M1.5 11H12.5" : "M3 1.5V12.5M7 1.5V12.5M11 1.5V12.5";
    signs.push(svg("path", { d, "stroke-width": 2.4, "stroke-linecap": "butt" }));
  }
  if (hasMoreInside) {
    signs.push(
      svg("rect", { x: 0, y: 0, width: SIZE, height: SIZE, fill, "stroke-width": 1.2 }) +
        svg("path", { d: "M7 3V11M3 7H11", "stroke-width": 1.4 }),
    );
  }
  if (is(activity, "bpmn:AdHocSubProcess")) {
    signs.push(svg("path", {
      d: "M1 8.5C2.5 4 5 4.5 7 6.5S11.5 9 13 5.5V8C11.5 11.5 9 11 7 9S2.5 6.5 1 11z",
      fill: stroke,
      stroke: "none",
    }));
  }
  const width = signs.length * SIZE + (signs.length - 1) * GAP;
  const left = box.x + (box.width - width) / 2;
  const top = box.y + box.height - SIZE - 3;
  return signs.map((sign, index) =>
    svg("g", { transform: `translate(${number(left + index * (SIZE + GAP))} ${number(top)})` }, sign)
  ).join("");
}
