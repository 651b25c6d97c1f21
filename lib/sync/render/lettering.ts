/** Puts lines of text into the picture. */
import { INK, PAPER } from "./colours.ts";
import { type Box, svg, text } from "./svg.ts";
import { textWidth } from "./text_width.ts";
import { fit, type Fitted, LEADING, wrap } from "./wrap.ts";

/** Size of labels beside the shapes. */
export const LABEL_SIZE = 11;

/** In the middle of the box, smaller letters if need be. */
export function centred(words: string, box: Box): string {
  if (words.trim() === "") return "";
  const fitted = fit(words, box.width, box.height);
  const top = box.y + (box.height - heightOf(fitted)) / 2;
  return textLines(fitted, box.x + box.width / 2, top, { "text-anchor": "middle" });
}

/** From the upper border of the box downwards. */
export function fromTop(words: string, box: Box, anchor: "start" | "middle"): string {
  if (words.trim() === "") return "";
  const x = anchor === "start" ? box.x : box.x + box.width / 2;
  return textLines(fit(words, box.width, box.height), x, box.y, { "text-anchor": anchor });
}

/** Reads from below upwards, as the names of pools do. */
export function upwards(words: string, box: Box): string {
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  const turned = {
    x: middle.x - box.height / 2,
    y: middle.y - box.width / 2,
    width: box.height,
    height: box.width,
  };
  return svg("g", { transform: `rotate(-90 ${middle.x} ${middle.y})` }, centred(words, turned));
}

export interface Label {
  readonly svg: string;
  readonly box: Box;
}

/** Beside a shape: it lets lines behind it show no more than around its letters. */
export function label(words: string, middleX: number, top: number, width: number): Label {
  const lines = wrap(words, width, LABEL_SIZE).lines;
  const fitted = { lines, size: LABEL_SIZE };
  const widest = Math.max(...lines.map((line) => textWidth(line, LABEL_SIZE)));
  return {
    svg: textLines(fitted, middleX, top, {
      "text-anchor": "middle",
      stroke: PAPER,
      "stroke-width": 3,
      "paint-order": "stroke",
    }),
    box: { x: middleX - widest / 2, y: top, width: widest, height: heightOf(fitted) },
  };
}

export function heightOf({ lines, size }: Fitted): number {
  return lines.length * size * LEADING;
}

/** Where the letters stand within their line, in sizes. */
const BASELINE = 0.92;

function textLines(
  { lines, size }: Fitted,
  x: number,
  top: number,
  attributes: Readonly<Record<string, string | number>>,
): string {
  const spans = lines.map((line, index) =>
    svg("tspan", { x, y: top + (index * LEADING + BASELINE) * size }, text(line))
  );
  return svg("text", { "font-size": size, fill: INK, stroke: "none", ...attributes }, ...spans);
}
