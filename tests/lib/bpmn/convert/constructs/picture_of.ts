/** Pictures (BPMNDiagram) of a model: steps in columns from left to right, each after what leads to it. */
import {
  type BaseElement,
  type Definitions,
  type FlowNode,
  is,
  type Lane,
  type Scope,
} from "../../../../../lib/bpmn/model.ts";
import { allElements, create } from "../../../../../lib/bpmn/moddle.ts";
import type { Box } from "../drawing.ts";

export interface PictureOptions {
  /** Ids of sub-processes that get a picture of their own. */
  readonly collapsed: readonly string[];
  /** Added to all coordinates. */
  readonly shift: number;
}

const GAP = 60;

export function addPictures(definitions: Definitions, options: PictureOptions): void {
  const collaboration = definitions.rootElements.find((root) => is(root, "bpmn:Collaboration"));
  const processes = definitions.rootElements.filter((root) => is(root, "bpmn:Process"));
  const main = new Picture(collaboration ?? processes[0], options);
  let y = 100;
  for (const process of processes) {
    const pool = collaboration?.participants.find(({ processRef }) => processRef === process);
    const { width, height } = main.layOut(process, 250, y + 20);
    const frame = { x: 160, y, width: width + 130, height: height + 40 };
    if (pool !== undefined) main.shape(pool, frame);
    main.lanes(process.laneSets.flatMap(({ lanes }) => lanes), { ...frame, x: 190, width: frame.width - 30 });
    y += frame.height + GAP;
  }
  for (const other of collaboration?.participants.filter(({ processRef }) => processRef === undefined) ?? []) {
    main.shape(other, { x: 160, y, width: 400, height: GAP });
  }
  const pictures = [main, ...main.further];
  for (const picture of pictures) picture.edges(definitions);
  for (const { diagram } of pictures) {
    definitions.diagrams.push(diagram);
    diagram.$parent = definitions;
  }
}

class Picture {
  readonly further: Picture[] = [];
  readonly #boxes = new Map<BaseElement, Box>();
  readonly #plane;
  readonly diagram;

  constructor(subject: BaseElement | undefined, readonly options: PictureOptions) {
    const id = subject?.id ?? "";
    this.#plane = create("bpmndi:BPMNPlane", { id: `BPMNPlane_${id}`, ...(subject && { bpmnElement: subject }) });
    this.diagram = create("bpmndi:BPMNDiagram", { id: `BPMNDiagram_${id}`, plane: this.#plane });
  }

  /** Draws what is in the scope; returns how much room it takes. */
  layOut(scope: Scope, left: number, top: number): { width: number; height: number } {
    const nodes = scope.flowElements.filter((element) => is(element, "bpmn:FlowNode"));
    let x = left;
    let bottom = top + 80;
    for (const column of columnsOf(nodes)) {
      let y = top;
      let right = x;
      for (const node of column) {
        const { width, height } = this.#step(node, x, y);
        right = Math.max(right, x + width);
        y += height + GAP;
      }
      bottom = Math.max(bottom, y);
      x = right + GAP;
    }
    for (const node of nodes) if (is(node, "bpmn:BoundaryEvent")) this.#onBorder(node, node.attachedToRef);
    x = Math.max(x, left + 100);
    const others = [...scope.flowElements, ...scope.artifacts].filter(({ $type }) => BESIDE.has($type));
    for (const [index, other] of others.entries()) {
      this.shape(other, { x: left + index * 160, y: bottom, width: 100, height: 50 });
      x = Math.max(x, left + index * 160 + 100);
    }
    return { width: x - left, height: bottom + (others.length > 0 ? 60 : 0) - top };
  }

  #step(node: FlowNode, x: number, y: number): { width: number; height: number } {
    const size = sizeOf(node);
    if (is(node, "bpmn:SubProcess")) {
      const isCollapsed = this.options.collapsed.includes(node.id ?? "");
      const picture = isCollapsed ? new Picture(node, this.options) : this;
      if (isCollapsed) this.further.push(picture);
      const inside = picture.layOut(node, isCollapsed ? 160 : x + 30, isCollapsed ? 100 : y + 30);
      const box = isCollapsed ? size : { width: inside.width + GAP, height: inside.height + GAP };
      this.shape(node, { x, y, ...box }).isExpanded = !isCollapsed;
      return box;
    }
    this.shape(node, { x, y, ...size });
    return size;
  }

  #onBorder(event: FlowNode, host: BaseElement | undefined): void {
    const box = host && this.#boxes.get(host);
    if (box === undefined) return;
    const taken = [...this.#boxes.values()].filter(({ y }) => y === box.y + box.height - 18).length;
    this.shape(event, { x: box.x + 10 + taken * 40, y: box.y + box.height - 18, width: 36, height: 36 });
  }

  lanes(lanes: readonly Lane[], frame: Box): void {
    const height = frame.height / lanes.length;
    for (const [index, lane] of lanes.entries()) {
      const box = { ...frame, y: frame.y + index * height, height };
      this.shape(lane, box);
      this.lanes(lane.childLaneSet?.lanes ?? [], { ...box, x: box.x + 30, width: box.width - 30 });
    }
  }

  shape(element: BaseElement, box: Box) {
    this.#boxes.set(element, box);
    const { shift } = this.options;
    const bounds = create("dc:Bounds", { ...box, x: box.x + shift, y: box.y + shift });
    const shape = create("bpmndi:BPMNShape", { id: `${element.id}_di`, bpmnElement: element, bounds });
    this.#put(shape);
    return shape;
  }

  /** All lines between what this picture shows. */
  edges(definitions: Definitions): void {
    for (const element of allElements(definitions)) {
      if (!is(element, "bpmn:BaseElement") || !LINES.has(element.$type)) continue;
      const [from, to] = ["sourceRef", "targetRef"].map((end) => this.#boxOf(element.get(end)));
      if (from === undefined || to === undefined) continue;
      const { shift } = this.options;
      const waypoint = [
        create("dc:Point", { x: from.x + from.width + shift, y: from.y + from.height / 2 + shift }),
        create("dc:Point", { x: to.x + shift, y: to.y + to.height / 2 + shift }),
      ];
      this.#put(create("bpmndi:BPMNEdge", { id: `${element.id}_di`, bpmnElement: element, waypoint }));
    }
  }

  #boxOf(end: unknown): Box | undefined {
    return [...this.#boxes].find(([element]) => element === end)?.[1];
  }

  #put(element: ReturnType<typeof create<"bpmndi:BPMNShape" | "bpmndi:BPMNEdge">>): void {
    element.$parent = this.#plane;
    this.#plane.planeElement.push(element);
  }
}

const LINES: ReadonlySet<string> = new Set(["bpmn:SequenceFlow", "bpmn:MessageFlow", "bpmn:Association"]);
const BESIDE: ReadonlySet<string> = new Set([
  "bpmn:DataObjectReference",
  "bpmn:DataStoreReference",
  "bpmn:TextAnnotation",
  "bpmn:Group",
]);

function sizeOf(node: FlowNode): { width: number; height: number } {
  if (is(node, "bpmn:Event")) return { width: 36, height: 36 };
  return is(node, "bpmn:Gateway") ? { width: 50, height: 50 } : { width: 100, height: 80 };
}

/** By how many steps lead to a node; a boundary event counts as its activity. */
function columnsOf(nodes: readonly FlowNode[]): FlowNode[][] {
  const onBorder = nodes.filter((node) => is(node, "bpmn:BoundaryEvent"));
  const flows = nodes.flatMap(({ outgoing }) => outgoing);
  const place = (node: FlowNode) => is(node, "bpmn:BoundaryEvent") ? node.attachedToRef ?? node : node;
  const steps = nodes.filter((node) => !is(node, "bpmn:BoundaryEvent"));
  const depths = new Map<FlowNode, number>();
  for (const node of steps) if (!flows.some(({ targetRef }) => targetRef === node)) depths.set(node, 0);
  for (const [node, depth] of depths) {
    for (const from of [node, ...onBorder.filter((event) => place(event) === node)]) {
      for (const { targetRef } of from.outgoing) if (!depths.has(targetRef)) depths.set(targetRef, depth + 1);
    }
  }
  return [...Map.groupBy(steps, (node) => depths.get(node) ?? 0)].sort(([a], [b]) => a - b).map(([, column]) => column);
}
