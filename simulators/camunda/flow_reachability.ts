/** Whether a token can still get from one node to another: what an inclusive join has to wait for. */
import type { FlowNode } from "./process_graph.ts";

export function canReach(from: FlowNode, to: FlowNode): boolean {
  const seen = new Set<FlowNode>();
  const ahead = [from];
  for (let node = ahead.pop(); node !== undefined; node = ahead.pop()) {
    for (
      const next of [
        ...node.outgoing.map((flow) => flow.target),
        ...node.boundaryEvents.map((event) => event.node),
      ]
    ) {
      if (next === to) return true;
      if (!seen.has(next)) ahead.push(next);
      seen.add(next);
    }
  }
  return false;
}
