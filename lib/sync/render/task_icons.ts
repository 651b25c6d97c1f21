/** The small signs in the corner of a task, within 18 × 16 from the corner given. */
import { type Colours, PAPER } from "./colours.ts";
import { path, svg } from "./svg.ts";

/** Empty for kinds without a sign. */
export function taskIcon(type: string, colours: Colours): string {
  switch (type) {
    case "bpmn:UserTask":
      return user(colours);
    case "bpmn:ManualTask":
      return hand(colours);
    case "bpmn:ServiceTask":
      return gear(colours);
    case "bpmn:ScriptTask":
      return script();
    case "bpmn:SendTask":
      return envelope(0, 2, 18, 12, { stroke: colours.fill, fill: colours.stroke });
    case "bpmn:ReceiveTask":
      return envelope(0, 2, 18, 12, colours);
    case "bpmn:BusinessRuleTask":
      return table(colours);
    default:
      return "";
  }
}

export function envelope(x: number, y: number, width: number, height: number, { stroke, fill }: Colours): string {
  const corner = { x: x + width / 2, y: y + height * 0.55 };
  return svg("rect", { x, y, width, height, fill, stroke: fill === PAPER ? stroke : fill, "stroke-width": 1.2 }) +
    svg("path", { d: path([{ x, y }, corner, { x: x + width, y }]), fill: "none", stroke, "stroke-width": 1.2 });
}

function user({ fill, stroke }: Colours): string {
  return svg("path", { d: "M2 16V13.5C2 10.6 4.6 9 9 9s7 1.6 7 4.5V16z", fill, "stroke-width": 1.2 }) +
    svg("path", { d: "M5.6 13.5V16M12.4 13.5V16", "stroke-width": 1.1 }) +
    svg("circle", { cx: 9, cy: 4.6, r: 3.9, fill, "stroke-width": 1.2 }) +
    svg("path", {
      d: "M5.2 3.9C6.6 5 7.6 3.4 9.2 3.8S11.8 5 12.8 4A3.9 3.9 0 0 0 5.2 3.9z",
      fill: stroke,
      stroke: "none",
    });
}

function hand({ fill }: Colours): string {
  const d = "M1 7.2C3.4 4.6 5 2.6 7.4 2.2C8.6 2 9.3 3.3 8.3 4.2L6.8 5.6H16.2C17.6 5.6 17.6 7.7 16.2 7.7H11H16.8" +
    "C18.2 7.7 18.2 9.9 16.8 9.9H11H16C17.3 9.9 17.3 12 16 12H11H14.6C15.8 12 15.8 14 14.6 14H6.4C3.6 14 3 12.6 1 11.8z";
  return svg("path", { d, fill, "stroke-width": 1.1 });
}

function gear({ fill }: Colours): string {
  const teeth = 8;
  const points = Array.from({ length: teeth * 4 }, (_, index) => {
    const angle = (index - 0.5) / (teeth * 4) * 2 * Math.PI;
    const radius = index % 4 === 1 || index % 4 === 2 ? 7.8 : 5.6;
    return { x: 9 + radius * Math.cos(angle), y: 8 + radius * Math.sin(angle) };
  });
  return svg("path", { d: `${path(points)}z`, fill, "stroke-width": 1.2 }) +
    svg("circle", { cx: 9, cy: 8, r: 2.6, fill, "stroke-width": 1.2 });
}

function script(): string {
  return svg("path", {
    d: "M5.5 1H16C12.5 4 17.5 9.5 13.5 15H3C7 9.5 2 4 5.5 1zM6 4.5h5.5M6.4 7.5H12M7.4 10.5h5.4M6.6 12.8h5.4",
    "stroke-width": 1.1,
  });
}

function table({ fill, stroke }: Colours): string {
  return svg("rect", { x: 0.5, y: 2, width: 17, height: 12.5, fill, "stroke-width": 1.2 }) +
    svg("rect", { x: 0.5, y: 2, width: 17, height: 3.6, fill: stroke, "fill-opacity": 0.35, "stroke-width": 1.2 }) +
    svg("path", { d: "M0.5 10H17.5M6 5.6V14.5", "stroke-width": 1.2 });
}
