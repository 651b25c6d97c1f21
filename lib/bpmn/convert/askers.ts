/** Who can answer the question of a decision: the one external task that every way into it comes from. */
import { type FlowNode, is, type ModelElement, type Scope, type ServiceTaskLike } from "../model.ts";
import { nodesIn, scopeOf } from "./conversion.ts";
import { isExternal } from "./implementation.ts";

/** The task, or `undefined` when there is none, when ways come from different ones, or when the answer would be old. */
export function taskBefore(node: FlowNode): ServiceTaskLike | undefined {
  const tasks = new Set<ServiceTaskLike>();
  const seen = new Set<FlowNode>([node]);
  const waiting: FlowNode[] = [node];
  for (let current = waiting.pop(); current !== undefined; current = waiting.pop()) {
    const before = nodesBefore(current);
    if (before.length === 0) return undefined;
    for (const source of before) {
      if (is(source, "bpmn:Activity")) {
        if (!isExternal(source) || source.loopCharacteristics !== undefined) return undefined;
        tasks.add(source);
      } else if (!isPassed(source)) return undefined;
      else if (!seen.has(source)) {
        seen.add(source);
        waiting.push(source);
      }
    }
    if (tasks.size > 1) return undefined;
  }
  return [...tasks][0];
}

/** Whether the task is right before the node on every way. */
export function isDirectlyBefore(task: FlowNode, node: FlowNode): boolean {
  return node.incoming.every(({ sourceRef }) => sourceRef === task);
}

/**
 * Merges, parallel gateways and events that throw are passed in no time. After another decision a new question is asked; after
 * a wait the answer given before it may not be true any more.
 */
function isPassed(node: FlowNode): boolean {
  const isMerge = node.outgoing.length === 1;
  if (is(node, "bpmn:ParallelGateway") || is(node, "bpmn:IntermediateThrowEvent") || isLink(node)) return true;
  return isMerge && is(node, "bpmn:Gateway") && !is(node, "bpmn:EventBasedGateway");
}

function nodesBefore(node: FlowNode): FlowNode[] {
  const sources = node.incoming.map(({ sourceRef }) => sourceRef);
  if (!is(node, "bpmn:IntermediateCatchEvent") || !isLink(node)) return sources;
  const scope = scopeOf(node);
  return [...sources, ...scope === undefined ? [] : throwsTo(node, scope)];
}

function throwsTo(node: FlowNode, scope: Scope): FlowNode[] {
  const name = linkOf(node);
  return nodesIn(scope).filter((other) => is(other, "bpmn:IntermediateThrowEvent") && linkOf(other) === name);
}

function isLink(node: FlowNode): boolean {
  return linkOf(node) !== undefined;
}

function linkOf(node: ModelElement): string | undefined {
  if (!is(node, "bpmn:Event")) return undefined;
  const link = node.eventDefinitions.find((definition) => is(definition, "bpmn:LinkEventDefinition"));
  return is(link, "bpmn:LinkEventDefinition") ? link.name : undefined;
}
