/** The layout of the drawn diagrams, as drawn and as converted: nothing lies on anything else, and flows end where they lead. */
import assert from "node:assert/strict";
import { convert } from "../../../lib/bpmn/convert/convert.ts";
import { type BaseElement, type Bounds, type BPMNPlane, is, isAny } from "../../../lib/bpmn/model.ts";
import { readModel } from "../../../lib/bpmn/moddle.ts";
import { drawnDiagrams } from "../../../simulators/stormbpmn/drawn_diagrams.ts";

type Box = Pick<Bounds, "x" | "y" | "width" | "height">;
type Point = Pick<Bounds, "x" | "y">;

/** Each plane of each file, drawn and converted, with words that say which it is. */
async function* planes(): AsyncIterable<[words: string, plane: BPMNPlane]> {
  for (const { name, xml } of drawnDiagrams) {
    const result = await convert(xml);
    assert.equal(result.kind, "converted", name);
    for (const [version, text] of [["drawn", xml], ["converted", result.xml]] as const) {
      const { definitions } = await readModel(text);
      for (const { plane } of definitions.diagrams) if (plane !== undefined) yield [`${name}, ${version}`, plane];
    }
  }
}

function shapesOf({ planeElement }: BPMNPlane) {
  return planeElement.filter((element) => is(element, "bpmndi:BPMNShape"));
}

/** Everything that nothing else may lie on. */
function stepsOf(plane: BPMNPlane): [words: string, box: Box][] {
  return shapesOf(plane).flatMap(({ bpmnElement: element, bounds, isExpanded }): [string, Box][] => {
    const isStep = isAny(element, ["bpmn:FlowNode", "bpmn:TextAnnotation"]) && !is(element, "bpmn:BoundaryEvent") &&
      !(is(element, "bpmn:SubProcess") && isExpanded === true);
    return isStep ? [[element.id ?? "", bounds]] : [];
  });
}

function namesOf({ planeElement }: BPMNPlane): [words: string, box: Box][] {
  return planeElement.flatMap(({ bpmnElement, label }): [string, Box][] =>
    label?.bounds === undefined ? [] : [[`the name of ${bpmnElement?.id}`, label.bounds]]
  );
}

function overlaps(one: Box, other: Box): boolean {
  return one.x < other.x + other.width && other.x < one.x + one.width && one.y < other.y + other.height &&
    other.y < one.y + one.height;
}

Deno.test("no step lies on another one", async () => {
  for await (const [words, plane] of planes()) {
    const steps = stepsOf(plane);
    for (const [index, [step, box]] of steps.entries()) {
      for (const [other, otherBox] of steps.slice(index + 1)) {
        assert.ok(!overlaps(box, otherBox), `${words}: ${other} lies on ${step}`);
      }
    }
  }
});

Deno.test("no name lies on a task", async () => {
  for await (const [words, plane] of planes()) {
    const tasks = stepsOf(plane).filter(([, { width }]) => width >= 100);
    for (const [name, box] of namesOf(plane)) {
      const [under] = tasks.find(([, task]) => overlaps(box, task)) ?? [];
      assert.equal(under, undefined, `${words}: ${name} lies on it`);
    }
  }
});

function isAtBorder({ x, y }: Point, box: Box): boolean {
  const inner = { x: box.x + 2, y: box.y + 2, width: box.width - 4, height: box.height - 4 };
  const isInside = (area: Box) => x >= area.x && x <= area.x + area.width && y >= area.y && y <= area.y + area.height;
  return isInside(box) && !isInside(inner);
}

Deno.test("every flow begins and ends at the border of what it connects", async () => {
  for await (const [words, plane] of planes()) {
    const boxes = new Map<BaseElement | undefined, Box>(
      shapesOf(plane).map(({ bpmnElement, bounds }) => [bpmnElement, bounds]),
    );
    for (const edge of plane.planeElement.filter((element) => is(element, "bpmndi:BPMNEdge"))) {
      const { bpmnElement: flow, waypoint } = edge;
      if (!is(flow, "bpmn:SequenceFlow")) continue;
      for (const [point, node] of [[waypoint[0], flow.sourceRef], [waypoint.at(-1), flow.targetRef]] as const) {
        const box = boxes.get(node);
        assert.ok(point && box && isAtBorder(point, box), `${words}: ${flow.id} is not at ${node.id}`);
      }
    }
  }
});
