/** Data objects and stores. */
import type { ModelElement } from "../../bpmn/model.ts";
import { isElement } from "../../bpmn/moddle.ts";
import type { Colours } from "./colours.ts";
import { type Box, number, svg } from "./svg.ts";

/** A sheet of paper, with an arrow for what goes in or out, and bars for several of a kind. */
export function drawData(element: ModelElement, box: Box, colours: Colours): string {
  const { x, y, width, height } = box;
  const fold = Math.min(width, height) * 0.28;
  const d = `M${number(x)} ${number(y)}h${number(width - fold)}l${number(fold)} ${number(fold)}v${
    number(height - fold)
  }h${number(-width)}z`;
  const corner = `M${number(x + width - fold)} ${number(y)}v${number(fold)}h${number(fold)}`;
  return svg("path", { d, fill: colours.fill, "stroke-width": 1.5 }) +
    svg("path", { d: corner, "stroke-width": 1.5 }) + direction(element, box, colours) + bars(element, box);
}

function direction({ $type }: ModelElement, { x, y }: Box, { fill, stroke }: Colours): string {
  if ($type !== "bpmn:DataInput" && $type !== "bpmn:DataOutput") return "";
  const d = `M${number(x + 4)} ${number(y + 8)}h8v-3.5l6 6.5l-6 6.5v-3.5h-8z`;
  return svg("path", { d, fill: $type === "bpmn:DataOutput" ? stroke : fill, "stroke-width": 1.1 });
}

/** What is drawn is a reference; the object it stands for may be the collection. */
function bars(element: ModelElement, { x, y, width, height }: Box): string {
  const object = element.get("dataObjectRef");
  const isCollection = [element, object].some((part) => isElement(part) && part.get("isCollection") === true);
  if (!isCollection) return "";
  const d = [-4, 0, 4].map((by) => `M${number(x + width / 2 + by)} ${number(y + height - 11)}v8`).join("");
  return svg("path", { d, "stroke-width": 2, "stroke-linecap": "butt" });
}

export function drawStore({ x, y, width, height }: Box, { fill }: Colours): string {
  const [rx, ry] = [width / 2, Math.min(height / 7, 8)];
  const arc = (top: number, sweep: 0 | 1) =>
    `M${number(x)} ${number(top)}A${number(rx)} ${number(ry)} 0 0 ${sweep} ${number(x + width)} ${number(top)}`;
  const body = `M${number(x)} ${number(y + ry)}v${number(height - 2 * ry)}A${number(rx)} ${number(ry)} 0 0 0 ${
    number(x + width)
  } ${number(y + height - ry)}V${number(y + ry)}`;
  return svg("path", { d: `${body}${arc(y + ry, 1)}`, fill, "stroke-width": 1.5 }) +
    svg("path", { d: [0, 1, 2].map((line) => arc(y + ry + line * 5, 0)).join(""), "stroke-width": 1.3 });
}
