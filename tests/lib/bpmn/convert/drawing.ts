/** Diagrams for tests, drawn with few words: nodes and flows as text, and a picture of them if one is wanted. */
import { type XmlElement } from "../../../../lib/bpmn/xml_tree.ts";
import { parseXml } from "../../../../lib/bpmn/xml_tree.ts";

export const NAMESPACES = [
  'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"',
  'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"',
  'xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"',
  'xmlns:di="http://www.omg.org/spec/DD/20100524/DI"',
  'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"',
  'xmlns:camunda="http://camunda.org/schema/1.0/bpmn"',
  'xmlns:storm="http://storm.bpmn2.ru/ns"',
].join(" ");

/** `node("userTask", "T", "Check papers")`; a further attribute goes into `type`: `boundaryEvent attachedToRef="T"`. */
export function node(type: string, id: string, name?: string, inner = ""): string {
  const [tag = "", ...attributes] = type.split(" ");
  const label = name === undefined ? "" : ` name="${name}"`;
  const head = `bpmn:${tag} id="${id}"${label}${attributes.length > 0 ? ` ${attributes.join(" ")}` : ""}`;
  return inner === "" ? `<${head} />` : `<${head}>${inner}</bpmn:${tag}>`;
}

/** `flow("A", "B", "да")` has the id `A_B`. */
export function flow(from: string, to: string, name?: string, condition?: string): string {
  const inner = condition === undefined
    ? ""
    : `<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">${condition}</bpmn:conditionExpression>`;
  return node(`sequenceFlow sourceRef="${from}" targetRef="${to}"`, `${from}_${to}`, name, inner);
}

/** Flows from each to the next. */
export function path(...ids: readonly string[]): string {
  return ids.slice(1).map((id, index) => flow(ids[index] ?? "", id)).join("");
}

export function definition(kind: string, inner = ""): string {
  return `<bpmn:${kind}EventDefinition>${inner}</bpmn:${kind}EventDefinition>`;
}

export const timer = (duration: string) =>
  definition("timer", `<bpmn:timeDuration xsi:type="bpmn:tFormalExpression">${duration}</bpmn:timeDuration>`);

export interface DiagramParts {
  /** Further root elements: messages, a collaboration… */
  readonly beside?: string;
  readonly process?: string;
  /** `bpmndi:BPMNDiagram` elements. */
  readonly picture?: string;
}

/** A file with the process `P`. */
export function diagram(content: string, { beside = "", process = 'id="P"', picture = "" }: DiagramParts = {}): string {
  return file(`${beside}<bpmn:process ${process}>${content}</bpmn:process>${picture}`);
}

export function file(roots: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<bpmn:definitions ${NAMESPACES} targetNamespace="urn:t">${roots}</bpmn:definitions>\n`;
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A picture with these boxes, and with straight edges between the middles of boxes for the flows `A_B`. */
export function picture(boxes: Readonly<Record<string, Box>>, flows: readonly string[] = [], of = "P"): string {
  const shapes = Object.entries(boxes).map(([id, { x, y, width, height }]) =>
    `<bpmndi:BPMNShape id="${id}_shape" bpmnElement="${id}"><dc:Bounds x="${x}" y="${y}" width="${width}" height="${height}" /></bpmndi:BPMNShape>`
  );
  const edges = flows.map((id) => {
    const [from, to] = id.split("_").map((end) => boxes[end]);
    if (from === undefined || to === undefined) throw new Error(`${id} has no boxes`);
    return `<bpmndi:BPMNEdge id="${id}_edge" bpmnElement="${id}">` +
      `<di:waypoint x="${from.x + from.width}" y="${from.y + from.height / 2}" /><di:waypoint x="${to.x}" y="${
        to.y + to.height / 2
      }" /></bpmndi:BPMNEdge>`;
  });
  return `<bpmndi:BPMNDiagram id="Diagram_${of}"><bpmndi:BPMNPlane id="Plane_${of}" bpmnElement="${of}">${
    shapes.join("")
  }${edges.join("")}</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>`;
}

/** A converted file, to look into. */
export class Converted {
  readonly root: XmlElement;
  readonly #byId = new Map<string, XmlElement>();

  constructor(readonly xml: string) {
    this.root = parseXml(xml, { maxBytes: 16 * 1024 * 1024 });
    for (const element of descendants(this.root)) {
      const id = element.attributes.get("id");
      if (id !== undefined) this.#byId.set(id, element);
    }
  }

  get ids(): string[] {
    return [...this.#byId.keys()];
  }

  element(id: string): XmlElement {
    const element = this.#byId.get(id);
    if (element === undefined) throw new Error(`There is no element ${id} in\n${this.xml}`);
    return element;
  }

  has(id: string): boolean {
    return this.#byId.has(id);
  }

  /** `serviceTask` */
  type(id: string): string {
    return this.element(id).name;
  }

  attribute(id: string, name: string): string | undefined {
    const { attributes } = this.element(id);
    return attributes.get(name) ?? attributes.get(`{http://camunda.org/schema/1.0/bpmn}${name}`);
  }

  /** The condition of a flow. */
  condition(id: string): string | undefined {
    return this.child(id, "conditionExpression")?.text;
  }

  child(id: string, name: string): XmlElement | undefined {
    return this.element(id).children.find((child) => child.name === name);
  }

  /** `camunda:properties` by name. */
  properties(id: string): Record<string, string> {
    const found = [...descendants(this.child(id, "extensionElements") ?? this.#nothing)]
      .filter(({ name }) => name === "property");
    return Object.fromEntries(
      found.map(({ attributes }) => [attributes.get("name") ?? "", attributes.get("value") ?? ""]),
    );
  }

  readonly #nothing: XmlElement = { namespace: "", name: "", attributes: new Map(), children: [], text: "" };

  all(name: string): XmlElement[] {
    return [...descendants(this.root)].filter((element) => element.name === name);
  }

  /** The box of an element in the picture. */
  box(id: string): Box {
    const shape = this.all("BPMNShape").find(({ attributes }) => attributes.get("bpmnElement") === id);
    const bounds = shape?.children.find(({ name }) => name === "Bounds")?.attributes;
    const number = (name: string) => Number(bounds?.get(name));
    return { x: number("x"), y: number("y"), width: number("width"), height: number("height") };
  }

  waypoints(id: string): [number, number][] {
    const edge = this.all("BPMNEdge").find(({ attributes }) => attributes.get("bpmnElement") === id);
    return (edge?.children ?? []).filter(({ name }) => name === "waypoint").map(({ attributes }) => [
      Number(attributes.get("x")),
      Number(attributes.get("y")),
    ]);
  }
}

export function* descendants(element: XmlElement): Iterable<XmlElement> {
  yield element;
  for (const child of element.children) yield* descendants(child);
}
