/** Random processes as BPMN files. */
import { file, node } from "./drawing.ts";
import type { Piece, RandomProcess } from "./random_processes.ts";

/** Writes pieces down, with ids in order, and a row of shapes for all steps. */
class Pen {
  readonly ids: string[] = [];
  readonly flows: string[] = [];
  readonly shapes: string[] = [];
  #x = 0;

  #id(prefix: string): string {
    const id = `${prefix}_${this.ids.length}`;
    this.ids.push(id);
    return id;
  }

  #step(type: string, name: string, inner = ""): [id: string, xml: string] {
    const id = this.#id(type.includes("Gateway") ? "Gateway" : "Activity");
    this.shapes.push(
      `<bpmndi:BPMNShape id="${id}_di" bpmnElement="${id}"><dc:Bounds x="${this.#x +=
        150}" y="100" width="100" height="80" /></bpmndi:BPMNShape>`,
    );
    return [id, node(type, id, name === "" ? undefined : name, inner)];
  }

  #flow(from: string, to: string, label = ""): string {
    const id = this.#id("Flow");
    this.flows.push(id);
    return node(`sequenceFlow sourceRef="${from}" targetRef="${to}"`, id, label === "" ? undefined : label);
  }

  /** The XML of the pieces; they are entered from `from`, and the id of the last step is where they end. */
  #pieces(pieces: readonly Piece[], from: string, label = ""): [last: string, xml: string] {
    let [last, xml] = [from, ""];
    for (const [index, piece] of pieces.entries()) {
      const [first, end, content] = this.#piece(piece);
      xml += this.#flow(last, first, index === 0 ? label : "") + content;
      last = end;
    }
    return [last, xml];
  }

  #piece(piece: Piece): [first: string, last: string, xml: string] {
    switch (piece.kind) {
      case "step": {
        const [id, xml] = this.#step(piece.type, piece.name, piece.inner);
        return [id, id, xml];
      }
      case "decision":
      case "parallel": {
        const type = piece.kind === "parallel" ? "parallelGateway" : piece.type;
        const [split, splitXml] = this.#step(type, piece.kind === "parallel" ? "" : piece.name);
        const [join, joinXml] = this.#step(type, "");
        const ways = piece.ways.map(({ label, body }) => {
          const [last, xml] = this.#pieces(body, split, label);
          return xml + this.#flow(last, join, last === split ? label : "");
        });
        return [split, join, splitXml + joinXml + ways.join("")];
      }
      case "loop": {
        const [merge, mergeXml] = this.#step("exclusiveGateway", "");
        const [last, body] = this.#pieces(piece.body, merge);
        const [split, splitXml] = this.#step("exclusiveGateway", piece.name);
        const [after, afterXml] = this.#step("task", "");
        return [
          merge,
          after,
          mergeXml + body + splitXml + afterXml + this.#flow(last, split) + this.#flow(split, merge, "нет") +
          this.#flow(split, after, "да"),
        ];
      }
      case "sub-process": {
        const [id, xml] = this.#step(
          piece.type,
          "inner",
          piece.type === "adHocSubProcess" ? this.#loose(piece.body) : this.scope(piece.body, piece.watched),
        );
        return [id, id, xml];
      }
      case "race": {
        const [split, splitXml] = this.#step("eventBasedGateway", "");
        const [join, joinXml] = this.#step("exclusiveGateway", "");
        const ways = piece.ways.map(({ label, body }) => {
          const [event, eventXml] = this.#step("intermediateCatchEvent", "", label);
          const [last, xml] = this.#pieces(body, event);
          return eventXml + this.#flow(split, event) + xml + this.#flow(last, join);
        });
        return [split, join, splitXml + joinXml + ways.join("")];
      }
      case "guarded": {
        const [host, hostXml] = this.#step(piece.type, piece.name);
        const attributes = `attachedToRef="${host}" cancelActivity="${piece.cancels || piece.event.includes("error")}"`;
        const [event, eventXml] = this.#step(`boundaryEvent ${attributes}`, piece.name, piece.event);
        const [last, xml] = this.#pieces(piece.otherwise, event);
        const [end, endXml] = this.#step("endEvent", "");
        return [host, host, hostXml + eventXml + xml + endXml + this.#flow(last, end)];
      }
    }
  }

  /** `watched`: what begins an event sub-process in it. */
  scope(pieces: readonly Piece[], watched?: string): string {
    const [start, startXml] = this.#step("startEvent", "");
    const [last, xml] = this.#pieces(pieces, start);
    const [end, endXml] = this.#step("endEvent", "");
    const rest = watched === undefined ? "" : this.#eventSubProcess(watched);
    return startXml + xml + endXml + this.#flow(last, end) + rest;
  }

  #eventSubProcess(cause: string): string {
    const [start, startXml] = this.#step("startEvent", "", cause);
    const [end, endXml] = this.#step("endEvent", "");
    const inside = startXml + endXml + this.#flow(start, end);
    return this.#step('subProcess triggeredByEvent="true"', "", inside)[1];
  }

  /** Steps in any order. */
  #loose(pieces: readonly Piece[]): string {
    return pieces.map(() => this.#step("task", "")[1]).join("");
  }
}

/** The file with the process, and the ids of everything in it. */
export function drawnProcess({ pieces, lanes }: RandomProcess, key = "P"): { xml: string; ids: string[] } {
  const pen = new Pen();
  const content = pen.scope(pieces);
  const steps = [...content.matchAll(/<bpmn:(?!sequenceFlow)\w+ id="(\w+)"/g)].map(([, id]) => id);
  const laneSet = lanes
    ? `<bpmn:laneSet id="LS"><bpmn:lane id="L" name="Desk">${
      steps.map((id) => `<bpmn:flowNodeRef>${id}</bpmn:flowNodeRef>`).join("")
    }</bpmn:lane></bpmn:laneSet>`
    : "";
  const picture = `<bpmndi:BPMNDiagram id="D"><bpmndi:BPMNPlane id="Pl" bpmnElement="${key}">${
    pen.shapes.join("")
  }</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>`;
  return { xml: file(`<bpmn:process id="${key}">${laneSet}${content}</bpmn:process>${picture}`), ids: pen.ids };
}
