/** Camunda wants one beginning per process and sub-process; a process may begin with messages and signals besides. */
import { type FlowNode, is, isAny, type Scope, type StartEvent } from "../model.ts";
import { type Conversion, freshId, nodesIn, scopesOf } from "./conversion.ts";
import { addFlow, addNode, retype } from "./edit.ts";
import { awaitOwnMessage } from "./messages.ts";
import { calledIn } from "./report.ts";

export function settleStarts(conversion: Conversion): void {
  for (const scope of scopesOf(conversion)) {
    const nodes = nodesIn(scope);
    const starts = nodes.filter((node) => is(node, "bpmn:StartEvent"));
    if (is(scope, "bpmn:SubProcess") && scope.triggeredByEvent) checkEventSubProcess(scope, starts, conversion);
    else if (nodes.length > 0 && starts.length === 0) addStart(scope, nodes, conversion);
    else if (is(scope, "bpmn:SubProcess")) joinStarts(starts, conversion);
    else separateStarts(starts, conversion);
  }
}

function checkEventSubProcess(
  scope: Scope & FlowNode,
  starts: readonly StartEvent[],
  { report }: Conversion,
): void {
  if (starts.length !== 1) {
    report.refuse(scope, `an event sub-process begins with exactly one event; this one has ${starts.length}.`);
  }
  const [flow] = [...scope.incoming, ...scope.outgoing];
  if (flow !== undefined) {
    report.refuse(
      scope,
      `an event sub-process begins by its event; the sequence flow ${calledIn(flow)} has no meaning.`,
    );
  }
}

/** Without a start event a process begins with everything that nothing leads to. */
function addStart(scope: Scope, nodes: readonly FlowNode[], conversion: Conversion): void {
  const { report, placements } = conversion;
  const first = nodes.filter(isBeginning);
  const [anchor] = first;
  if (anchor === undefined) {
    report.refuse(scope, "it has no start event, and every step follows another, so it cannot begin.");
    return;
  }
  report.mapped(scope, `It has no start event: it begins with ${first.map(calledIn).join(", ")}.`);
  const start = addNode(conversion, "bpmn:StartEvent", anchor, { id: freshId(conversion, `StartEvent_${scope.id}`) });
  for (const node of first) addFlow(conversion, `Flow_start_${node.id}`, start, node);
  placements.push({ node: start, side: "before", anchor, width: 36, height: 36 });
}

function isBeginning(node: FlowNode): boolean {
  if (node.incoming.length > 0 || is(node, "bpmn:BoundaryEvent")) return false;
  if (is(node, "bpmn:Activity") && node.isForCompensation) return false;
  if (is(node, "bpmn:SubProcess") && node.triggeredByEvent) return false;
  return !(is(node, "bpmn:IntermediateCatchEvent") &&
    node.eventDefinitions.some((definition) => is(definition, "bpmn:LinkEventDefinition")));
}

/** A process has one plain or timer start; the others start it by a message each. */
function separateStarts(starts: readonly StartEvent[], conversion: Conversion): void {
  const byItself = starts.filter((start) => !startsByOthers(start));
  const main = byItself.find(({ eventDefinitions }) => eventDefinitions.length === 0) ?? byItself[0];
  for (const start of byItself) {
    if (start === main || main === undefined) continue;
    const hadTimer = start.eventDefinitions.length > 0;
    const reason = `A process has one start of this kind, here ${calledIn(main)}: this one begins with the message ${
      awaitOwnMessage(start, conversion)
    }.`;
    if (hadTimer) conversion.report.lost(start, reason);
    else conversion.report.mapped(start, reason);
  }
}

function startsByOthers({ eventDefinitions }: StartEvent): boolean {
  return eventDefinitions.some((definition) =>
    isAny(definition, ["bpmn:MessageEventDefinition", "bpmn:SignalEventDefinition", "bpmn:ConditionalEventDefinition"])
  );
}

/** A sub-process begins once: its further starts follow the first one. */
function joinStarts([first, ...others]: readonly StartEvent[], conversion: Conversion): void {
  if (first === undefined) return;
  for (const start of others) {
    conversion.report.mapped(start, `A sub-process has one start: this one follows ${calledIn(first)}.`);
    const event = retype(conversion, start, "bpmn:IntermediateThrowEvent");
    addFlow(conversion, `Flow_start_${start.id}`, first, event);
  }
}
