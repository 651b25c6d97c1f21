/** Small files with a picture, for tests of drawing. */
import { diagram as drawnDiagram, node } from "../../bpmn/convert/drawing.ts";

export { node };

export interface Place {
  readonly x?: string;
  readonly y?: string;
  /** Further attributes. */
  readonly extra?: string;
}

/** A shape as large as a task. */
export function picture(id: string, { x = "100", y = "100", extra = "" }: Place = {}): string {
  return `<bpmndi:BPMNShape bpmnElement="${id}" ${extra}><dc:Bounds x="${x}" y="${y}" width="100" height="80"/></bpmndi:BPMNShape>`;
}

/** The process `P` with this content, and these shapes. */
export function diagram(content: string, shapes = ""): string {
  const plane = shapes === ""
    ? ""
    : `<bpmndi:BPMNDiagram id="D"><bpmndi:BPMNPlane id="D_P" bpmnElement="P">${shapes}</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>`;
  return drawnDiagram(content, { picture: plane });
}
