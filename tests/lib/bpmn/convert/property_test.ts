import assert from "node:assert/strict";
import fc from "fast-check";
import { convert } from "../../../../lib/bpmn/convert/convert.ts";
import { Converted, file, node } from "./drawing.ts";

/** A piece of a process that one flow leads into and one out of, as drawing tools allow it. */
type Piece =
  | { readonly kind: "step"; readonly type: string; readonly name: string; readonly inner: string }
  | { readonly kind: "decision"; readonly type: string; readonly name: string; readonly ways: readonly Way[] }
  | { readonly kind: "parallel"; readonly ways: readonly Way[] }
  | { readonly kind: "loop"; readonly name: string; readonly body: readonly Piece[] }
  | { readonly kind: "sub-process"; readonly type: string; readonly body: readonly Piece[] };

interface Way {
  readonly label: string;
  readonly body: readonly Piece[];
}

const STEPS: readonly (readonly [type: string, inner: string])[] = [
  ["task", ""],
  ["userTask", "<bpmn:documentation>how</bpmn:documentation>"],
  ["manualTask", ""],
  ["serviceTask", ""],
  ["sendTask", ""],
  ["receiveTask", ""],
  ["scriptTask", ""],
  ["businessRuleTask", ""],
  ["callActivity", ""],
  ["userTask", '<bpmn:multiInstanceLoopCharacteristics camunda:collection="c" />'],
  ["intermediateThrowEvent", ""],
  ["intermediateThrowEvent", "<bpmn:signalEventDefinition />"],
  ["intermediateThrowEvent", "<bpmn:messageEventDefinition />"],
  ["intermediateCatchEvent", "<bpmn:messageEventDefinition />"],
  ["intermediateCatchEvent", "<bpmn:timerEventDefinition />"],
  [
    "intermediateCatchEvent",
    '<bpmn:timerEventDefinition><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">PT1H</bpmn:timeDuration></bpmn:timerEventDefinition>',
  ],
];

const name = fc.constantFrom("", "Проверить", "Готово?", "a b", "3 дня", "x &lt; y", "«Да»");
const step: fc.Arbitrary<Piece> = fc.record({ step: fc.constantFrom(...STEPS), name })
  .map(({ step: [type, inner], name }) => ({ kind: "step", type, name, inner }));
const LABELS = [["да", "нет"], ["Да.", ""], ["нет", "иначе"], ["А", "Б", "В"], ["да", "нет", "частично"], [
  "Yes",
  "No",
]];

const { pieces } = fc.letrec<{ piece: Piece; pieces: Piece[] }>((tie) => ({
  pieces: fc.array(tie("piece"), { maxLength: 3, depthIdentifier: "nesting" }),
  piece: fc.oneof(
    { maxDepth: 4, depthIdentifier: "nesting" },
    step,
    fc.record({
      labels: fc.constantFrom(...LABELS),
      bodies: fc.array(tie("pieces"), { minLength: 3, maxLength: 3 }),
      name,
      type: fc.constantFrom("exclusiveGateway", "inclusiveGateway"),
    })
      .map(({ labels, bodies, name, type }): Piece => ({
        kind: "decision",
        type,
        name,
        ways: labels.map((label, index) => ({ label, body: bodies[index] ?? [] })),
      })),
    fc.array(tie("pieces"), { minLength: 2, maxLength: 3 }).map((bodies): Piece => ({
      kind: "parallel",
      ways: bodies.map((body) => ({ label: "", body })),
    })),
    fc.record({ name, body: tie("pieces") }).map(({ name, body }): Piece => ({ kind: "loop", name, body })),
    fc.record({ type: fc.constantFrom("subProcess", "transaction", "adHocSubProcess"), body: tie("pieces") }).map((
      { type, body },
    ): Piece => ({ kind: "sub-process", type, body })),
  ),
}));

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
          piece.type === "adHocSubProcess" ? this.#loose(piece.body) : this.scope(piece.body),
        );
        return [id, id, xml];
      }
    }
  }

  scope(pieces: readonly Piece[]): string {
    const [start, startXml] = this.#step("startEvent", "");
    const [last, xml] = this.#pieces(pieces, start);
    const [end, endXml] = this.#step("endEvent", "");
    return startXml + xml + endXml + this.#flow(last, end);
  }

  /** Steps in any order. */
  #loose(pieces: readonly Piece[]): string {
    return pieces.map(() => this.#step("task", "")[1]).join("");
  }
}

function drawn(pieces: readonly Piece[], lanes: boolean): { xml: string; ids: string[] } {
  const pen = new Pen();
  const content = pen.scope(pieces);
  const steps = [...content.matchAll(/<bpmn:(?!sequenceFlow)\w+ id="(\w+)"/g)].map(([, id]) => id);
  const laneSet = lanes
    ? `<bpmn:laneSet id="LS"><bpmn:lane id="L" name="Desk">${
      steps.map((id) => `<bpmn:flowNodeRef>${id}</bpmn:flowNodeRef>`).join("")
    }</bpmn:lane></bpmn:laneSet>`
    : "";
  const picture = `<bpmndi:BPMNDiagram id="D"><bpmndi:BPMNPlane id="Pl" bpmnElement="P">${
    pen.shapes.join("")
  }</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>`;
  return { xml: file(`<bpmn:process id="P">${laneSet}${content}</bpmn:process>${picture}`), ids: pen.ids };
}

const RUNS = { numRuns: 150 };

/** Branches that lead straight to the same join have nothing to be told apart by if their labels say nothing; ours all do. */
Deno.test("any drawn process converts, keeps every id, and is converted to itself", async () => {
  await fc.assert(
    fc.asyncProperty(pieces, fc.boolean(), async (pieces, lanes) => {
      const { xml, ids } = drawn(pieces, lanes);
      const result = await convert(xml);
      assert.equal(result.kind, "converted", JSON.stringify(result));
      const out = new Converted(result.xml);
      assert.deepEqual(ids.filter((id) => !out.has(id)), []);
      const again = await convert(result.xml);
      assert.equal(again.kind === "converted" && again.xml, result.xml);
      assertExecutable(out);
    }),
    RUNS,
  );
});

/** Rules of Camunda's parser that a random process could break. */
function assertExecutable(out: Converted): void {
  for (const gateway of [...out.all("exclusiveGateway"), ...out.all("inclusiveGateway")]) {
    const outgoing = gateway.children.filter(({ name }) => name === "outgoing").map(({ text }) => text);
    const bare = outgoing.filter((id) => out.condition(id) === undefined);
    if (outgoing.length === 1) assert.equal(bare.length, 1);
    else {
      const fallback = gateway.attributes.get("default");
      assert.deepEqual(bare, fallback === undefined ? [] : [fallback]);
    }
  }
  for (const flow of out.all("sequenceFlow")) {
    const condition = out.condition(flow.attributes.get("id") ?? "");
    const asked = /getVariable\("(\w+?)(?:_answer)?"\)/.exec(condition ?? "")?.[1];
    if (asked !== undefined) assert.equal(out.properties(asked)["UF_RESULT_EXPECTED"], "true");
  }
  for (const type of ["task", "userTask", "manualTask", "complexGateway", "adHocSubProcess"]) {
    assert.deepEqual(out.all(type), []);
  }
}
