/**
 * Every decision has a task whose answer decides it. The task before it asks, if it can; else a question task is put in front
 * of the decision, once for all ways into it, in its scope and its lanes. Ids come from the gateway's: the same diagram gives
 * the same ids, and what people set up for them in Bitrix24 stays.
 */
import type { FlowNode, ServiceTaskLike } from "../model.ts";
import { isDirectlyBefore, taskBefore } from "./askers.ts";
import type { Decision } from "./branches.ts";
import { allNodes, type Conversion, freshId } from "./conversion.ts";
import { addFlow, addNode, redirect } from "./edit.ts";
import { isExternal, makeExternal, topicOf } from "./implementation.ts";
import { defaultTopic } from "./options.ts";
import { propertyOf, setProperty } from "./properties.ts";
import { calledIn, oneLine } from "./report.ts";

const EXPECTED = "UF_RESULT_EXPECTED";
const QUESTION = "UF_RESULT_QUESTION";
/** Of a question that is not answered by yes or no: the answers, as JSON. */
const ANSWERS = "answers";

const UNNAMED = "условие";

/** Which question each task asks already. */
export type Asked = Map<ServiceTaskLike, string>;

export function questionsAsked(conversion: Conversion): Asked {
  return new Map(
    allNodes(conversion).flatMap((node): [ServiceTaskLike, string][] => {
      const question = isExternal(node) ? propertyOf(node, QUESTION) : undefined;
      return question === undefined || !isExternal(node) ? [] : [[node, question]];
    }),
  );
}

/** Decisions right after a task come first: the question fits it best. */
export function nearestFirst(nodes: readonly FlowNode[]): FlowNode[] {
  const isNear = (node: FlowNode) => {
    const task = taskBefore(node);
    return task !== undefined && isDirectlyBefore(task, node);
  };
  const near = new Set(nodes.filter(isNear));
  return [...nodes.filter((node) => near.has(node)), ...nodes.filter((node) => !near.has(node))];
}

/** The task whose answer decides; it asks from now on. */
export function askFor(gateway: FlowNode, decision: Decision, conversion: Conversion, asked: Asked): ServiceTaskLike {
  const task = taskBefore(gateway);
  if (task !== undefined && canAsk(task, gateway, decision, conversion, asked)) {
    ask(task, questionBy(task, gateway, decision, conversion), decision, conversion, asked);
    return task;
  }
  return insertQuestion(gateway, decision, conversion, asked);
}

/** A task with several labelled ways out decides by its own answer, if it can be asked. */
export function askItself(task: ServiceTaskLike, decision: Decision, conversion: Conversion, asked: Asked): boolean {
  if (task.loopCharacteristics !== undefined || !canAsk(task, task, decision, conversion, asked)) return false;
  ask(task, questionBy(task, task, decision, conversion), decision, conversion, asked);
  return true;
}

function canAsk(
  task: ServiceTaskLike,
  gateway: FlowNode,
  decision: Decision,
  conversion: Conversion,
  asked: Asked,
): boolean {
  if (!answers(task, conversion)) return false;
  const question = asked.get(task);
  return question === undefined || question === questionBy(task, gateway, decision, conversion);
}

/** Whether the topic is one of a system in which people answer questions. */
function answers({ topic }: ServiceTaskLike, { options }: Conversion): boolean {
  return topic === defaultTopic || topic === options.topic;
}

/** What is decided for the task, then for the gateway, then the name of the gateway, then that of the task. */
function questionBy(task: ServiceTaskLike, gateway: FlowNode, decision: Decision, { settings }: Conversion): string {
  const question = settings.own(task.id ?? "").question ?? settings.own(gateway.id ?? "").question ??
    (oneLine(gateway.name) || oneLine(task.name) || UNNAMED);
  return withAnswers(question, decision);
}

function insertQuestion(
  gateway: FlowNode,
  decision: Decision,
  conversion: Conversion,
  asked: Asked,
): ServiceTaskLike {
  const { settings, report, placements } = conversion;
  const id = freshId(conversion, `Activity_ask_${gateway.id}`);
  const question = settings.own(id).question ?? settings.own(gateway.id ?? "").question ??
    (oneLine(gateway.name) || UNNAMED);
  const task = addNode(conversion, "bpmn:ServiceTask", gateway, { id, name: `Выяснить: ${question}` });
  makeExternal(task, topicOf(settings.of(id, gateway.id), conversion));
  for (const flow of [...gateway.incoming]) redirect(flow, task);
  addFlow(conversion, `Flow_ask_${gateway.id}`, task, gateway);
  placements.push({ node: task, side: "before", anchor: gateway, width: 100, height: 80 });
  report.mapped(gateway, `No task gives the answer on every way to it: the task ${id} asks «${question}».`);
  ask(task, withAnswers(question, decision), decision, conversion, asked);
  return task;
}

function ask(
  task: ServiceTaskLike,
  question: string,
  decision: Decision,
  { report }: Conversion,
  asked: Asked,
): void {
  asked.set(task, question);
  setProperty(task, EXPECTED, "true");
  setProperty(task, QUESTION, question);
  const texts = answerTexts(decision);
  if (texts !== undefined) setProperty(task, ANSWERS, JSON.stringify(texts));
  const branches = decision.asked.map(({ flow }) =>
    flow.name === undefined ? calledIn(flow.targetRef) : `«${oneLine(flow.name)}»`
  );
  report.mapped(
    task,
    `Its answer to «${question}» decides between ${branches.join(", ")}${decision.otherwise ? " and the rest" : ""}.`,
  );
}

function withAnswers(question: string, decision: Decision): string {
  const texts = answerTexts(decision);
  return texts === undefined ? question : `${question} (${texts.join(" / ")})`;
}

/** `undefined` when yes or no is the answer. */
function answerTexts({ asked }: Decision): string[] | undefined {
  if (asked.every(({ answer }) => answer.kind === "yes" || answer.kind === "no")) return undefined;
  return asked.map(({ answer }) => {
    switch (answer.kind) {
      case "yes":
        return "ДА";
      case "no":
      case "no words":
        return "НЕТ";
      case "words":
        return answer.text;
    }
  });
}
