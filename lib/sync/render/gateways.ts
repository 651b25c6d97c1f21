/** Gateways: diamonds with how they decide inside. */
import type { FlowNode } from "../../bpmn/model.ts";
import type { Colours } from "./colours.ts";
import { pentagon, plus } from "./event_icons.ts";
import { type Box, number, path, svg } from "./svg.ts";

export function drawGateway(gateway: FlowNode, box: Box, colours: Colours): string {
  const { x, y, width, height } = box;
  const centre = { x: x + width / 2, y: y + height / 2 };
  const corners = [
    { x: centre.x, y },
    { x: x + width, y: centre.y },
    { x: centre.x, y: y + height },
    { x, y: centre.y },
  ];
  const scale = Math.min(width, height) / 50;
  return svg("path", { d: `${path(corners)}z`, fill: colours.fill, "stroke-width": 1.8 }) +
    svg("g", {
      transform: `translate(${number(centre.x)} ${number(centre.y)})${scale === 1 ? "" : ` scale(${number(scale)})`}`,
    }, signOf(gateway, colours));
}

function signOf(gateway: FlowNode, { fill }: Colours): string {
  switch (gateway.$type) {
    case "bpmn:ExclusiveGateway":
      return strokes("M-7 -8L7 8M7 -8L-7 8");
    case "bpmn:ParallelGateway":
      return strokes("M0 -12V12M-12 0H12");
    case "bpmn:InclusiveGateway":
      return svg("circle", { cx: 0, cy: 0, r: 11, "stroke-width": 2.8 });
    case "bpmn:ComplexGateway":
      return strokes("M0 -12V12M-12 0H12M-8 -8L8 8M8 -8L-8 8");
    case "bpmn:EventBasedGateway":
      return svg("g", { transform: "scale(0.8)" }, eventSign(gateway, fill));
    default:
      return "";
  }
}

function strokes(d: string): string {
  return svg("path", { d, "stroke-width": 3.6, "stroke-linecap": "butt" });
}

function eventSign(gateway: FlowNode, fill: string): string {
  const begins = gateway.get("instantiate") === true;
  const isParallel = begins && gateway.get("eventGatewayType") === "Parallel";
  return svg("circle", { cx: 0, cy: 0, r: 18, "stroke-width": 1.3 }) +
    (begins ? "" : svg("circle", { cx: 0, cy: 0, r: 15, "stroke-width": 1.3 })) +
    (isParallel ? plus(fill) : pentagon(fill));
}
