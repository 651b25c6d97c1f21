/** Events: circles with what they wait for, or cause, inside. */
import { type Event, is } from "../../bpmn/model.ts";
import type { Colours } from "./colours.ts";
import { eventIcon } from "./event_icons.ts";
import { type Box, number, svg } from "./svg.ts";

/** Radius for which the signs are drawn. */
const RADIUS = 18;

export function drawEvent(event: Event, box: Box, colours: Colours): string {
  const radius = Math.min(box.width, box.height) / 2;
  const centre = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  const throws = is(event, "bpmn:EndEvent") || is(event, "bpmn:IntermediateThrowEvent");
  const isDouble = !is(event, "bpmn:StartEvent") && !is(event, "bpmn:EndEvent");
  const width = is(event, "bpmn:EndEvent") ? 3.6 : isDouble ? 1.4 : 1.8;
  const ring = (r: number, fill: string) =>
    svg("circle", {
      cx: centre.x,
      cy: centre.y,
      r: Math.max(r, 1),
      fill,
      "stroke-width": width,
      "stroke-dasharray": goesOn(event) ? "5 3" : undefined,
    });
  const types = [...event.eventDefinitions, ...event.eventDefinitionRef].map(({ $type }) => $type);
  const icon = eventIcon(types, throws, event.get("parallelMultiple") === true, colours);
  const scale = radius / RADIUS;
  return ring(radius, colours.fill) + (isDouble ? ring(radius - 3, "none") : "") +
    (icon === "" ? "" : svg("g", {
      transform: `translate(${number(centre.x)} ${number(centre.y)})${scale === 1 ? "" : ` scale(${number(scale)})`}`,
    }, icon));
}

/** What it belongs to is not interrupted. */
function goesOn(event: Event): boolean {
  if (is(event, "bpmn:BoundaryEvent")) return event.cancelActivity === false;
  return is(event, "bpmn:StartEvent") && event.isInterrupting === false;
}
