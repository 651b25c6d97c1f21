/** What sketches have in common. */
import { flow, node, path } from "../../drawing.ts";

export const start = node("startEvent", "S", "Order came");
export const end = node("endEvent", "E", "Done");

/** Start, the step `X`, end. */
export function around(step: string): string {
  return start + step + end + path("S", "X", "E");
}

/** Two ways out of `from`: `A` after «да» and `B` after «нет», each to an end of its own. */
export function yesOrNo(from: string, yes = "да", no = "нет"): string {
  return node("task", "A", "Ship") + node("endEvent", "EA", "Shipped") + node("task", "B", "Refuse") +
    node("endEvent", "EB", "Refused") + flow(from, "A", yes) + flow(from, "B", no) + path("A", "EA") + path("B", "EB");
}

/** An expression as `kind` (`timeDuration`, `condition`…). */
export function expression(kind: string, text: string): string {
  return `<bpmn:${kind} xsi:type="bpmn:tFormalExpression">${text}</bpmn:${kind}>`;
}

export const byMessage = (ref?: string) =>
  `<bpmn:messageEventDefinition${ref === undefined ? "" : ` messageRef="${ref}"`} />`;
export const bySignal = (ref: string) => `<bpmn:signalEventDefinition signalRef="${ref}" />`;

export const answerMessage = '<bpmn:message id="M" name="answer" />';
export const goSignal = '<bpmn:signal id="Si" name="go" />';
