/** The picture of a BPMN file, as SVG, from the layout that the file has. The same file gives the same bytes. */
import { oneLine } from "../../bpmn/convert/report.ts";
import type { BPMNDiagram, BPMNPlane } from "../../bpmn/model.ts";
import { readBpmn } from "../read_bpmn.ts";
import { INK, PAPER } from "./colours.ts";
import { type DrawnPlane, drawPlane } from "./draw_plane.ts";
import { type Box, number, svg, text } from "./svg.ts";

export interface RenderOptions {
  /** `first`: the main picture only; `all`: those of collapsed sub-processes and further processes below it. @default "all" */
  readonly planes?: "all" | "first";
}

/** Around everything. */
const MARGIN = 20;
/** Between two pictures, with the heading of the lower one. */
const BETWEEN = 60;
const HEADING = 15;
/** A picture of more shapes and lines is nothing that a person could look at. */
const MAX_ELEMENTS = 20_000;
/** Larger pictures are shown at a smaller scale. */
const MAX_SIDE = 16_384;

/** @throws {Error} it is not BPMN, has no layout, or is too large; in words for people */
export async function renderSvg(xml: string, { planes = "all" }: RenderOptions = {}): Promise<string> {
  const drawable = (await readBpmn(xml, "The file cannot be drawn")).diagrams.flatMap(({ plane }: BPMNDiagram) =>
    plane === undefined || plane.planeElement.length === 0 ? [] : [plane]
  );
  const chosen = planes === "first" ? drawable.slice(0, 1) : drawable;
  const count = chosen.reduce((sum, { planeElement }) => sum + planeElement.length, 0);
  if (count > MAX_ELEMENTS) throw new Error(`The picture has ${count} elements; at most ${MAX_ELEMENTS} are drawn.`);
  const pictures = chosen.flatMap((plane) => {
    const drawn = drawPlane(plane);
    return drawn.box === undefined ? [] : [{ plane, ...drawn, box: drawn.box }];
  });
  if (pictures.length === 0) throw new Error("The file has no layout (BPMN DI), so there is nothing to draw.");
  return page(pictures);
}

interface Picture extends DrawnPlane {
  readonly plane: BPMNPlane;
  readonly box: Box;
}

/** One below the other, each under the name of what it shows, except the first. */
function page(pictures: readonly Picture[]): string {
  let top = MARGIN;
  const parts: string[] = [];
  for (const [index, { plane, box, svg: drawn }] of pictures.entries()) {
    if (index > 0) {
      top += BETWEEN;
      parts.push(svg("text", { x: MARGIN, y: top - 20, "font-size": HEADING, fill: INK }, text(headingOf(plane))));
    }
    const transform = `translate(${number(MARGIN - box.x)} ${number(top - box.y)})`;
    parts.push(svg("g", { transform, ...LINES }, `\n${drawn}\n`));
    top += box.height;
  }
  const width = Math.ceil(Math.max(...pictures.map(({ box }) => box.width)) + 2 * MARGIN);
  const height = Math.ceil(top + MARGIN);
  const scale = Math.min(1, MAX_SIDE / Math.max(width, height));
  return `${
    svg(
      "svg",
      {
        xmlns: "http://www.w3.org/2000/svg",
        width: Math.ceil(width * scale),
        height: Math.ceil(height * scale),
        viewBox: `0 0 ${width} ${height}`,
        "font-family": "Arimo, Arial, 'Liberation Sans', Helvetica, sans-serif",
      },
      "\n",
      svg("rect", { width, height, fill: PAPER }),
      "\n",
      parts.join("\n"),
      "\n",
    )
  }\n`;
}

const LINES = {
  fill: "none",
  stroke: INK,
  "stroke-width": 1.5,
  "stroke-linejoin": "round",
  "stroke-linecap": "round",
} as const;

function headingOf({ bpmnElement: shown }: BPMNPlane): string {
  if (shown === undefined) return "";
  return oneLine(shown.get("name")).slice(0, 200) || (shown.id ?? "");
}
