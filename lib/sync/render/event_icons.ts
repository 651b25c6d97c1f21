/** What is drawn inside an event, in a circle of radius 18 around 0,0; filled where the event throws. */
import type { Colours } from "./colours.ts";
import { path, type Spot, svg } from "./svg.ts";
import { envelope } from "./task_icons.ts";

/** @param types of its event definitions, such as `bpmn:TimerEventDefinition` */
export function eventIcon(types: readonly string[], throws: boolean, isParallel: boolean, colours: Colours): string {
  const [type, another] = types;
  if (type === undefined) return "";
  const filling = throws ? colours.stroke : colours.fill;
  if (another !== undefined) return isParallel ? plus(colours.fill) : pentagon(filling);
  switch (type) {
    case "bpmn:MessageEventDefinition":
      return throws
        ? envelope(-10, -7, 20, 14, { stroke: colours.fill, fill: colours.stroke })
        : envelope(-10, -7, 20, 14, colours);
    case "bpmn:TimerEventDefinition":
      return clock(colours.fill);
    case "bpmn:SignalEventDefinition":
      return shape([{ x: 0, y: -10 }, { x: 9.5, y: 7 }, { x: -9.5, y: 7 }], filling);
    case "bpmn:ErrorEventDefinition":
      return shape(BOLT, filling);
    case "bpmn:EscalationEventDefinition":
      return shape([{ x: 0, y: -11 }, { x: 8, y: 9 }, { x: 0, y: 1.5 }, { x: -8, y: 9 }], filling);
    case "bpmn:CompensateEventDefinition":
      return compensation(filling);
    case "bpmn:CancelEventDefinition":
      return svg("g", { transform: "rotate(45)" }, plus(filling));
    case "bpmn:ConditionalEventDefinition":
      return page(colours.fill);
    case "bpmn:LinkEventDefinition":
      return shape(ARROW, filling);
    case "bpmn:TerminateEventDefinition":
      return svg("circle", { cx: 0, cy: 0, r: 10, fill: colours.stroke, stroke: "none" });
    default:
      return "";
  }
}

const BOLT: readonly Spot[] = [
  { x: -9.5, y: 9.5 },
  { x: -4.5, y: -7.5 },
  { x: 2.5, y: 1 },
  { x: 9.5, y: -9.5 },
  { x: 4.5, y: 7.5 },
  { x: -2.5, y: -1 },
];

const ARROW: readonly Spot[] = [
  { x: -10, y: -4 },
  { x: 2, y: -4 },
  { x: 2, y: -9 },
  { x: 11, y: 0 },
  { x: 2, y: 9 },
  { x: 2, y: 4 },
  { x: -10, y: 4 },
];

function shape(points: readonly Spot[], fill: string): string {
  return svg("path", { d: `${path(points)}z`, fill, "stroke-width": 1.3 });
}

export function pentagon(fill: string): string {
  const points = Array.from({ length: 5 }, (_, index) => {
    const angle = index / 5 * 2 * Math.PI - Math.PI / 2;
    return { x: 10.5 * Math.cos(angle), y: 10.5 * Math.sin(angle) };
  });
  return shape(points, fill);
}

export function plus(fill: string): string {
  return svg("path", {
    d: "M-2.8 -10.5H2.8V-2.8H10.5V2.8H2.8V10.5H-2.8V2.8H-10.5V-2.8H-2.8z",
    fill,
    "stroke-width": 1.3,
  });
}

function clock(fill: string): string {
  const ticks = Array.from({ length: 12 }, (_, hour) => {
    const [x, y] = [Math.cos(hour / 6 * Math.PI), Math.sin(hour / 6 * Math.PI)];
    return path([{ x: 9 * x, y: 9 * y }, { x: 11 * x, y: 11 * y }]);
  });
  return svg("circle", { cx: 0, cy: 0, r: 11, fill, "stroke-width": 1.3 }) +
    svg("path", { d: `${ticks.join("")}M5 0H0L2 -8`, "stroke-width": 1.2 });
}

function page(fill: string): string {
  return svg("rect", { x: -8, y: -10, width: 16, height: 20, fill, "stroke-width": 1.3 }) +
    svg("path", { d: "M-5.5 -6H5.5M-5.5 -2H5.5M-5.5 2H5.5M-5.5 6H5.5", "stroke-width": 1.1 });
}

function compensation(fill: string): string {
  return shape([{ x: -11, y: 0 }, { x: -1, y: -7 }, { x: -1, y: 7 }], fill) +
    shape([{ x: -1, y: 0 }, { x: 9, y: -7 }, { x: 9, y: 7 }], fill);
}
