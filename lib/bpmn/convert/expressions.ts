/** Expressions of the engine (JUEL), which it evaluates; other text it takes as it is. */
import type { Expression } from "../model.ts";
import { create } from "../moddle.ts";

export function isExpression(text: string | undefined): boolean {
  return /[$#]\{[^}]*\}/.test(text ?? "");
}

/** Whether the engine can tell true or false from it: an expression, or a script in a language that is named. */
export function isCondition(expression: Expression | undefined): boolean {
  if (expression === undefined) return false;
  const { body, language } = expression;
  return isExpression(body) || (Boolean(language?.trim()) && Boolean(body?.trim())) ||
    Boolean(expression.get("camunda:resource"));
}

export function formalExpression(body: string): Expression {
  return create("bpmn:FormalExpression", { body });
}
