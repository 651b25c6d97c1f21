/** Labels of branches become conditions on the answer of a task: «да» is "ok", «нет» anything else, other labels their words. */
import { type FlowNode, is, type SequenceFlow } from "../model.ts";
import { chooses, type Decision, decisionOf } from "./branches.ts";
import { allNodes, type Conversion } from "./conversion.ts";
import { setCondition } from "./conditions.ts";
import { formalExpression, isCondition } from "./expressions.ts";
import { isExternal } from "./implementation.ts";
import { readLabel } from "./labels.ts";
import { type Asked, askFor, askItself, nearestFirst, questionsAsked } from "./questions.ts";
import { calledIn, oneLine } from "./report.ts";

export function settleDecisions(conversion: Conversion): void {
  const splits = allNodes(conversion).filter(({ outgoing }) => outgoing.length > 1);
  for (const flow of allNodes(conversion).flatMap(({ outgoing }) => outgoing)) settleExpression(flow, conversion);
  const asked = questionsAsked(conversion);
  for (const gateway of nearestFirst(splits.filter(chooses))) {
    const decision = decisionOf(gateway);
    if (refuseAlike(gateway, decision, conversion)) continue;
    if (decision.asked.length > 0) {
      const task = askFor(gateway, decision, conversion, asked);
      for (const { flow, answer } of decision.asked) setCondition(flow, answer, task);
      noteInclusive(gateway, decision, conversion);
      noteNeverTaken(decision, conversion);
    }
    settleDefault(gateway, decision.otherwise, conversion);
  }
  for (const node of splits.filter((split) => !chooses(split))) settleOther(node, conversion, asked);
  for (const gateway of allNodes(conversion).filter(chooses)) dropSingleCondition(gateway, conversion);
}

/** What is decided for a flow; a text that the engine cannot evaluate is a label at best. */
function settleExpression(flow: SequenceFlow, { settings, report }: Conversion): void {
  const decided = settings.own(flow.id ?? "").expression;
  if (decided !== undefined) {
    if (flow.conditionExpression?.body === decided) return;
    flow.conditionExpression = formalExpression(decided);
    flow.conditionExpression.$parent = flow;
    report.mapped(flow, `It is taken when ${decided}, as decided.`);
    return;
  }
  const { conditionExpression: drawn } = flow;
  if (drawn === undefined || isCondition(drawn)) return;
  const text = oneLine(drawn.body);
  flow.set("conditionExpression", undefined);
  if (text === "") return;
  if (oneLine(flow.name) === "") {
    flow.name = text;
    report.mapped(flow, `Its condition «${text}» is no expression of the engine; it is its label.`);
  } else report.lost(flow, `Its condition «${text}» is no expression of the engine.`);
}

function refuseAlike(gateway: FlowNode, { alike }: Decision, { report }: Conversion): boolean {
  if (alike.length === 0) return false;
  report.refuse(
    gateway,
    `nothing tells its ways ${
      alike.map(calledIn).join(", ")
    } apart: give each a label of its own, such as «да» and «нет».`,
  );
  return true;
}

/** A default is taken when no condition holds, so it has none itself. */
function settleDefault(gateway: FlowNode, otherwise: SequenceFlow | undefined, { report }: Conversion): void {
  gateway.set("default", otherwise);
  if (otherwise?.conditionExpression === undefined) return;
  report.mapped(otherwise, `It is the default of ${calledIn(gateway)}, so its condition is not asked.`);
  otherwise.set("conditionExpression", undefined);
}

/** One answer takes one way. */
function noteInclusive(gateway: FlowNode, { asked }: Decision, { report }: Conversion): void {
  const byWords = asked.filter(({ answer }) => answer.kind === "words" || answer.kind === "no words");
  if (is(gateway, "bpmn:InclusiveGateway") && byWords.length > 0) {
    report.lost(gateway, "Several ways cannot be taken at once: people give one answer.");
  }
}

/** «Да» and «нет» leave no answer for a way without words of its own. */
function noteNeverTaken({ asked, otherwise }: Decision, { report }: Conversion): void {
  const yes = asked.find(({ answer }) => answer.kind === "yes");
  const no = asked.find(({ answer }) => answer.kind === "no" || answer.kind === "no words");
  if (otherwise === undefined || yes === undefined || no === undefined) return;
  report.lost(
    otherwise,
    `Nobody goes this way: «${oneLine(yes.flow.name)}» and «${oneLine(no.flow.name)}» take every answer.`,
  );
}

/** Tasks, events and parallel gateways take all their ways out; a task with «да» and «нет» means its own answer. */
function settleOther(node: FlowNode, conversion: Conversion, asked: Asked): void {
  const labels = node.outgoing.filter((flow) => !isCondition(flow.conditionExpression)).map(({ name }) =>
    readLabel(name)
  );
  const meanings = new Set(labels.map(({ meaning }) => meaning));
  if (!meanings.has("yes") && !meanings.has("no")) return;
  if (isExternal(node) && meanings.has("yes") && meanings.has("no") && labels.length === 2) {
    const decision = decisionOf(node);
    if (askItself(node, decision, conversion, asked)) {
      for (const { flow, answer } of decision.asked) setCondition(flow, answer, node);
      if (decision.otherwise === undefined) node.set("default", undefined);
      return;
    }
  }
  conversion.report.lost(
    node,
    "All its ways out are taken at once, whatever their labels say: a gateway would decide.",
  );
}

/** The engine refuses a condition where there is nothing to choose. */
function dropSingleCondition(gateway: FlowNode, { report }: Conversion): void {
  const [only, ...others] = gateway.outgoing;
  if (only?.conditionExpression === undefined || others.length > 0) return;
  report.lost(only, `It is the only way out of ${calledIn(gateway)}, so its condition has no effect.`);
  only.set("conditionExpression", undefined);
}
