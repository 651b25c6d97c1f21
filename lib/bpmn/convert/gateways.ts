/** Gateways that Camunda does not know or refuses as drawn; which way a decision goes is the business of decisions.ts. */
import { type FlowNode, is } from "../model.ts";
import { allNodes, type Conversion, freshId } from "./conversion.ts";
import { addFlow, addNode, retype } from "./edit.ts";
import { calledIn } from "./report.ts";

export function settleGateways(conversion: Conversion): void {
  for (const node of allNodes(conversion)) {
    const isEnd = node.outgoing.length === 0;
    if (is(node, "bpmn:ComplexGateway")) settleComplex(node, conversion);
    else if (is(node, "bpmn:EventBasedGateway")) checkEventGateway(node, conversion);
    else if (isEnd && is(node, "bpmn:ExclusiveGateway")) addEnd(node, conversion);
  }
}

function settleComplex(gateway: FlowNode, conversion: Conversion): void {
  conversion.report.lost(gateway, "Camunda has no complex gateways: it is an inclusive one.");
  retype(conversion, gateway, "bpmn:InclusiveGateway");
}

function checkEventGateway(gateway: FlowNode, { report }: Conversion): void {
  if (gateway.outgoing.length === 0) report.refuse(gateway, "no event follows it, so it would wait for ever.");
  for (const { targetRef: target } of gateway.outgoing) {
    if (!is(target, "bpmn:IntermediateCatchEvent")) {
      report.refuse(
        gateway,
        `${calledIn(target)} follows it; after an event-based gateway there can only be events that wait.`,
      );
    } else if (target.incoming.length > 1) {
      report.refuse(target, `it follows ${calledIn(gateway)} and something else, too; Camunda wants one way to it.`);
    }
  }
}

/** Camunda refuses an exclusive gateway that leads nowhere; in the drawing the path ends there. */
function addEnd(gateway: FlowNode, conversion: Conversion): void {
  conversion.report.mapped(gateway, "Nothing follows it: the path ends in an end event.");
  const end = addNode(conversion, "bpmn:EndEvent", gateway, { id: freshId(conversion, `Event_end_${gateway.id}`) });
  addFlow(conversion, `Flow_end_${gateway.id}`, gateway, end);
  conversion.placements.push({ node: end, side: "after", anchor: gateway, width: 36, height: 36 });
}
