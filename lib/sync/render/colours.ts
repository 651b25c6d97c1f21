/** Colours that people gave to single elements (bpmn.io's `bioc` and OMG's `color` attributes of the layout). */
import type { DiagramElement } from "../../bpmn/model.ts";

export interface Colours {
  readonly stroke: string;
  readonly fill: string;
}

export const INK = "#22242a";
export const PAPER = "#ffffff";

export function coloursOf(drawing: DiagramElement): Colours {
  return {
    stroke: colour(drawing.get("bioc:stroke")) ?? colour(drawing.get("color:border-color")) ?? INK,
    fill: colour(drawing.get("bioc:fill")) ?? colour(drawing.get("color:background-color")) ?? PAPER,
  };
}

function colour(value: unknown): string | undefined {
  return typeof value === "string" && COLOUR.test(value) ? value : undefined;
}

/** Anything else could be more than a colour: a reference to another document. */
const COLOUR = /^(?:#[0-9a-f]{3,8}|[a-z]{3,24}|rgba?\([\d\s.,%]{1,40}\))$/i;
