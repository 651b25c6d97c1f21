/**
 * Sequence flows connect nodes of one scope, and nodes know their flows: `incoming` and `outgoing` are made anew from the
 * flows, since drawing tools leave them out or leave them behind.
 */
import { type FlowNode, is, type SequenceFlow } from "../model.ts";
import { allNodes, type Conversion, scopeOf, scopesOf } from "./conversion.ts";
import { calledIn } from "./report.ts";

export function repairFlows(conversion: Conversion): void {
  const flows = scopesOf(conversion).flatMap(({ flowElements }) =>
    flowElements.filter((element) => is(element, "bpmn:SequenceFlow"))
  );
  const whole = flows.filter((flow) => isWhole(flow, conversion));
  const leaving = Map.groupBy(whole, ({ sourceRef }) => sourceRef);
  const arriving = Map.groupBy(whole, ({ targetRef }) => targetRef);
  for (const node of allNodes(conversion)) {
    complete(node.incoming, arriving.get(node) ?? []);
    complete(node.outgoing, leaving.get(node) ?? []);
    repairDefault(node, conversion);
  }
}

function isWhole(flow: SequenceFlow, { report }: Conversion): boolean {
  const ends: [string, FlowNode | undefined][] = [["begins", flow.sourceRef], ["ends", flow.targetRef]];
  for (const [verb, end] of ends) {
    if (is(end, "bpmn:FlowNode")) continue;
    report.refuse(
      flow,
      end === undefined
        ? `the sequence flow ${verb} nowhere.`
        : `the sequence flow ${verb} at ${calledIn(end)}, which is no step.`,
    );
    return false;
  }
  const scope = scopeOf(flow.sourceRef);
  if (scope === undefined || scope !== scopeOf(flow.targetRef)) {
    report.refuse(
      flow,
      `the sequence flow from ${calledIn(flow.sourceRef)} to ${
        calledIn(flow.targetRef)
      } crosses the border of a process or sub-process.`,
    );
    return false;
  }
  const drawnIn = scopeOf(flow);
  if (drawnIn !== undefined && drawnIn !== scope) { // Camunda looks for both ends where the flow is written
    drawnIn.flowElements.splice(drawnIn.flowElements.indexOf(flow), 1);
    scope.flowElements.push(flow);
    flow.$parent = scope;
  }
  return true;
}

/** Keeps the order that the file has, where it says something. */
function complete(listed: SequenceFlow[], flows: readonly SequenceFlow[]): void {
  const kept = [...new Set([...listed.filter((flow) => flows.includes(flow)), ...flows])];
  listed.splice(0, listed.length, ...kept);
}

function repairDefault(node: FlowNode, { report }: Conversion): void {
  if (node.default === undefined || node.outgoing.includes(node.default)) return;
  report.mapped(node, `Its default flow ${calledIn(node.default)} does not begin here; it has none now.`);
  node.set("default", undefined);
}
