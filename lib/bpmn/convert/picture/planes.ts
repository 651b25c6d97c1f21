/**
 * The pictures of a file (BPMNDiagram), made to show what is in the model now: no shapes of what is gone, no picture of a
 * collapsed sub-process that is a task now, and one picture per process where one showed several pools, since without a
 * collaboration bpmn-js draws one process per picture.
 */
import {
  type BaseElement,
  type BPMNDiagram,
  type BPMNPlane,
  type DiagramElement,
  is,
  type ModelElement,
} from "../../model.ts";
import { create } from "../../moddle.ts";
import { type Conversion, freshId, processesOf, processKeyOf, scopesOf } from "../conversion.ts";

export function tidyPlanes(conversion: Conversion): void {
  const { definitions } = conversion;
  const alive = aliveIn(conversion);
  const diagrams: BPMNDiagram[] = [];
  for (const diagram of definitions.diagrams) {
    const { plane } = diagram;
    if (plane === undefined) continue;
    plane.planeElement = plane.planeElement.filter(({ bpmnElement }) =>
      bpmnElement !== undefined && alive.has(bpmnElement)
    );
    for (const element of plane.planeElement) dropCollapse(element);
    if (is(plane.bpmnElement, "bpmn:Process")) diagrams.push(...byProcess(diagram, plane, conversion));
    else if (is(plane.bpmnElement, "bpmn:SubProcess") && alive.has(plane.bpmnElement)) diagrams.push(diagram);
    else if (plane.planeElement.length > 0) diagrams.push(...byProcess(diagram, plane, conversion));
  }
  definitions.diagrams = diagrams;
}

/** Everything of the processes that a picture can show. */
function aliveIn(conversion: Conversion): Set<ModelElement> {
  const alive = new Set<ModelElement>();
  for (const scope of scopesOf(conversion)) {
    alive.add(scope);
    for (const element of scope.flowElements) alive.add(element);
    for (const artifact of scope.artifacts) alive.add(artifact);
    const laneSets = [...scope.laneSets];
    for (let laneSet = laneSets.pop(); laneSet !== undefined; laneSet = laneSets.pop()) {
      for (const lane of laneSet.lanes) {
        alive.add(lane);
        if (lane.childLaneSet !== undefined) laneSets.push(lane.childLaneSet);
      }
    }
    for (const element of scope.flowElements) {
      for (const name of ["dataInputAssociations", "dataOutputAssociations"]) {
        const associations = element.get(name);
        if (Array.isArray(associations)) { for (const association of associations) alive.add(association); }
      }
    }
  }
  return alive;
}

/** Only sub-processes are expanded or not. */
function dropCollapse(element: DiagramElement): void {
  if (is(element, "bpmndi:BPMNShape") && !is(element.bpmnElement, "bpmn:SubProcess")) {
    element.set("isExpanded", undefined);
  }
}

/** The picture goes on with the first process it shows; each further one gets its own. */
function byProcess(diagram: BPMNDiagram, plane: BPMNPlane, conversion: Conversion): BPMNDiagram[] {
  const shown = Map.groupBy(plane.planeElement, ({ bpmnElement }) => keyOf(bpmnElement));
  const processes = processesOf(conversion).filter(({ id }) => shown.has(id ?? ""));
  return processes.map((process, index) => {
    const elements = shown.get(process.id ?? "") ?? [];
    if (index === 0) {
      plane.bpmnElement = process;
      plane.planeElement = elements;
      return diagram;
    }
    const further = create("bpmndi:BPMNPlane", {
      id: freshId(conversion, `BPMNPlane_${process.id}`),
      bpmnElement: process,
      planeElement: elements,
    });
    return create("bpmndi:BPMNDiagram", { id: freshId(conversion, `BPMNDiagram_${process.id}`), plane: further });
  });
}

function keyOf(element: BaseElement | undefined): string {
  for (let outer: ModelElement | undefined = element; outer !== undefined; outer = outer.$parent) {
    if (is(outer, "bpmn:Process")) return outer.id ?? "";
    if (is(outer, "bpmn:FlowElement")) return processKeyOf(outer);
  }
  return "";
}
