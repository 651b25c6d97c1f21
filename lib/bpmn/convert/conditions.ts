/**
 * The condition of a branch, as an expression of the engine. `<task>` holds "ok" or "no" and `<task>_answer` the words of the
 * answer; `getVariable` gives null for a variable that does not exist, where the bare name would fail.
 */
import { is, type Scope, type SequenceFlow, type ServiceTaskLike } from "../model.ts";
import type { Answer } from "./branches.ts";
import { scopeOf } from "./conversion.ts";
import { formalExpression } from "./expressions.ts";

export function setCondition(flow: SequenceFlow, answer: Answer, task: ServiceTaskLike): void {
  flow.conditionExpression = formalExpression(`\${${conditionOf(answer, variablesOf(task))}}`);
  flow.conditionExpression.$parent = flow;
}

interface Variables {
  readonly decision: string;
  readonly words: string;
}

function conditionOf(answer: Answer, { decision, words }: Variables): string {
  switch (answer.kind) {
    case "yes":
      return `${decision} == "ok"`;
    case "no":
      return `${decision} != "ok"`;
    case "no words":
      return [`${decision} != "ok"`, ...answer.others.map((text) => `!${isAnswer(text, words)}`)].join(" && ");
    case "words":
      return isAnswer(answer.text, words);
  }
}

/** Null-safe: the engine's expression language makes "" of null where a text is wanted. */
function isAnswer(text: string, words: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}".equalsIgnoreCase(${words})`;
}

/** Instances of a multi-instance sub-process each have an answer of their own, `<task>_<loopCounter>`. */
function variablesOf(task: ServiceTaskLike): Variables {
  if (!isInMultiInstance(scopeOf(task))) {
    return { decision: `execution.getVariable("${task.id}")`, words: `execution.getVariable("${task.id}_answer")` };
  }
  const name = `"${task.id}_".concat(loopCounter)`;
  return { decision: `execution.getVariable(${name})`, words: `execution.getVariable(${name}.concat("_answer"))` };
}

function isInMultiInstance(scope: Scope | undefined): boolean {
  if (!is(scope, "bpmn:SubProcess")) return false;
  return is(scope.loopCharacteristics, "bpmn:MultiInstanceLoopCharacteristics") || isInMultiInstance(scopeOf(scope));
}
