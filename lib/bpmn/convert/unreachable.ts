/** Steps that nothing leads to are deployed, but never run; a person who drew them would not expect that. */
import { type FlowNode, is, isAny, type Scope } from "../model.ts";
import { type Conversion, nodesIn, scopesOf } from "./conversion.ts";

export function noteUnreachable(conversion: Conversion): void {
  for (const scope of scopesOf(conversion)) {
    const reached = reachedIn(scope, conversion);
    for (const node of nodesIn(scope)) {
      if (!reached.has(node)) conversion.report.lost(node, "Nothing leads to it, so it never runs.");
    }
  }
}

function reachedIn(scope: Scope, { references }: Conversion): Set<FlowNode> {
  const nodes = nodesIn(scope);
  const boundaries = Map.groupBy(
    nodes.filter((node) => is(node, "bpmn:BoundaryEvent")),
    ({ attachedToRef }) => attachedToRef,
  );
  const catches = new Map(
    nodes.flatMap((node) =>
      is(node, "bpmn:IntermediateCatchEvent") && linkOf(node) !== undefined ? [[linkOf(node), node]] : []
    ),
  );
  const reached = new Set<FlowNode>();
  const waiting = nodes.filter(begins);
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (reached.has(node)) continue;
    reached.add(node);
    for (const { targetRef } of node.outgoing) waiting.push(targetRef);
    if (is(node, "bpmn:Activity")) waiting.push(...boundaries.get(node) ?? []);
    const jump = is(node, "bpmn:IntermediateThrowEvent") ? catches.get(linkOf(node)) : undefined;
    if (jump !== undefined) waiting.push(jump);
    // A compensation event leads to its handler by an association, not by a flow.
    for (const { owner } of is(node, "bpmn:BoundaryEvent") ? references.to(node) : []) {
      if (is(owner, "bpmn:Association") && is(owner.targetRef, "bpmn:FlowNode")) waiting.push(owner.targetRef);
    }
  }
  return reached;
}

function begins(node: FlowNode): boolean {
  if (is(node, "bpmn:StartEvent")) return true;
  return is(node, "bpmn:SubProcess") && node.triggeredByEvent === true;
}

function linkOf(node: FlowNode): string | undefined {
  if (!isAny(node, ["bpmn:IntermediateCatchEvent", "bpmn:IntermediateThrowEvent"])) return undefined;
  const link = node.eventDefinitions.find((definition) => is(definition, "bpmn:LinkEventDefinition"));
  return is(link, "bpmn:LinkEventDefinition") ? link.name : undefined;
}
