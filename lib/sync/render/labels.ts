/** Names that stand beside what they name. */
import { type BPMNEdge, type BPMNShape, is, isAny, type ModelElement } from "../../bpmn/model.ts";
import { middleOf } from "./edges.ts";
import { type Label, label, LABEL_SIZE } from "./lettering.ts";
import type { Box, Spot } from "./svg.ts";
import { textWidth } from "./text_width.ts";
import { LEADING, wrap } from "./wrap.ts";

/** As bpmn.io draws them: a label is at least this wide, around the middle of the place it was given. */
const WIDTH = 90;

/** `undefined` for elements that show their name inside, or have none. */
export function shapeLabel(element: ModelElement, shape: BPMNShape): Label | undefined {
  const name = nameOf(element);
  if (name === "" || !isNamedOutside(element)) return undefined;
  const given = givenPlace(shape);
  if (given !== undefined) return within(name, given);
  const { x, y, width, height } = shape.bounds;
  if (is(element, "bpmn:Group")) return label(name, x + width / 2, y + 5, Math.max(WIDTH, width - 16));
  return label(name, x + width / 2, y + height + 5, Math.max(WIDTH, width));
}

function isNamedOutside(element: ModelElement): boolean {
  return isAny(element, ["bpmn:Event", "bpmn:Gateway", "bpmn:Group"]) || OUTSIDE.has(element.$type);
}

const OUTSIDE: ReadonlySet<string> = new Set([
  "bpmn:DataInput",
  "bpmn:DataObjectReference",
  "bpmn:DataOutput",
  "bpmn:DataStoreReference",
]);

/** Over the middle of the line, or right of it where it runs upright. */
export function edgeLabel(element: ModelElement, edge: BPMNEdge, points: readonly Spot[]): Label | undefined {
  const name = nameOf(element);
  if (name === "" || !isAny(element, ["bpmn:SequenceFlow", "bpmn:MessageFlow"])) return undefined;
  const given = givenPlace(edge);
  if (given !== undefined) return within(name, given);
  const { x, y, isAcross } = middleOf(points);
  const { lines } = wrap(name, WIDTH, LABEL_SIZE);
  const height = lines.length * LABEL_SIZE * LEADING;
  const width = Math.max(...lines.map((line) => textWidth(line, LABEL_SIZE)));
  return isAcross ? label(name, x, y - height - 3, WIDTH) : label(name, x + width / 2 + 6, y - height / 2, WIDTH);
}

function givenPlace({ label: place }: BPMNShape | BPMNEdge): Box | undefined {
  const bounds = place?.bounds;
  if (bounds === undefined) return undefined;
  const { x, y, width, height } = bounds;
  return [x, y, width, height].every(Number.isFinite) ? { x, y, width, height } : undefined;
}

function within(name: string, { x, y, width }: Box): Label {
  return label(name, x + width / 2, y, Math.max(width, WIDTH));
}

export function nameOf(element: ModelElement): string {
  const name = is(element, "bpmn:Group") ? categoryOf(element) : element.get("name");
  return typeof name === "string" ? name.trim() : "";
}

/** A group is called as its category says. */
function categoryOf(group: ModelElement): unknown {
  const value = group.get("categoryValueRef");
  return typeof value === "object" && value !== null && "value" in value ? value.value : undefined;
}
