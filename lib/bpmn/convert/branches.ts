/** The ways out of a decision, and by which answer each is taken. */
import { type FlowNode, is, type SequenceFlow } from "../model.ts";
import { isCondition } from "./expressions.ts";
import { type Label, readLabel } from "./labels.ts";
import { oneLine } from "./report.ts";

export type Answer =
  | { readonly kind: "yes" }
  | { readonly kind: "no" }
  /** `others`: the words of the other branches, of which «no» must not be one. */
  | { readonly kind: "no words"; readonly others: readonly string[] }
  | { readonly kind: "words"; readonly text: string };

/** What a gateway needs in order to decide. */
export interface Decision {
  /** Branches that get a condition. */
  readonly asked: readonly { readonly flow: SequenceFlow; readonly answer: Answer }[];
  /** Taken when no condition holds; the gateway's default, or the one branch that says nothing. */
  readonly otherwise?: SequenceFlow;
  /** Branches that nothing tells from another. */
  readonly alike: readonly SequenceFlow[];
}

interface Open {
  readonly flow: SequenceFlow;
  readonly label: Label;
}

/** Branches that have a condition already are not asked about. */
export function decisionOf(gateway: FlowNode): Decision {
  const open = gateway.outgoing.filter((flow) => !isCondition(flow.conditionExpression))
    .map((flow): Open => ({ flow, label: readLabel(flow.name) }));
  const yesOrNo = pairOf(open);
  if (yesOrNo !== undefined) return yesOrNo;
  const drawnDefault = defaultOf(gateway, open);
  const rest = open.filter(({ flow }) => flow !== drawnDefault);
  const isDecided = rest.length < gateway.outgoing.length - (drawnDefault === undefined ? 0 : 1);
  const otherwise = drawnDefault ?? onlySilent(rest, isDecided);
  const asked = rest.filter(({ flow }) => flow !== otherwise).map(named);
  return {
    asked: answersOf(asked),
    ...(otherwise && { otherwise }),
    alike: asked.filter(({ label }, index) =>
      label.text === "" || asked.some((other, at) => at !== index && sameWords(label, other.label))
    )
      .map(({ flow }) => flow),
  };
}

/** «Да» and «нет» and nothing else: together they take every answer, and a default would never be taken. */
function pairOf(open: readonly Open[]): Decision | undefined {
  const [yes, ...moreYes] = open.filter(({ label }) => label.meaning === "yes");
  const [no, ...moreNo] = open.filter(({ label }) => label.meaning === "no");
  if (yes === undefined || no === undefined || moreYes.length + moreNo.length > 0 || open.length > 2) return undefined;
  return {
    asked: [{ flow: yes.flow, answer: { kind: "yes" } }, { flow: no.flow, answer: { kind: "no" } }],
    alike: [],
  };
}

/** Beside «да» and «нет», which take every answer, a default would never be taken: one with words of its own is an answer. */
function defaultOf(gateway: FlowNode, open: readonly Open[]): SequenceFlow | undefined {
  const meanings = new Map(open.map(({ flow, label }) => [flow, label.meaning]));
  const isAnswer = gateway.default !== undefined && meanings.get(gateway.default) === "words";
  const others = new Set(meanings.values());
  return isAnswer && others.has("yes") && others.has("no") ? undefined : gateway.default;
}

/** The branch that is left over when every other one has its condition: of one silent branch, or next to «да» or «нет». */
function onlySilent(rest: readonly Open[], othersAreDecided: boolean): SequenceFlow | undefined {
  if (othersAreDecided && rest.length === 1) return rest[0]?.flow;
  const silent = rest.filter(({ label }) => label.meaning === "nothing");
  if (silent.length === 1 && rest.length > 1) return silent[0]?.flow;
  if (rest.length !== 2) return undefined;
  const words = rest.filter(({ label }) => label.meaning === "words");
  return words.length === 1 ? words[0]?.flow : undefined;
}

/** A branch without a label is called after what it leads to. */
function named(open: Open): Open {
  if (open.label.meaning !== "nothing") return open;
  const text = oneLine(open.flow.targetRef.name);
  return { ...open, label: { meaning: "words", text } };
}

function answersOf(asked: readonly Open[]): { flow: SequenceFlow; answer: Answer }[] {
  const count = (meaning: Label["meaning"]) => asked.filter(({ label }) => label.meaning === meaning).length;
  const plainYes = count("yes") === 1;
  const plainNo = count("no") === 1;
  const isWords = ({ meaning }: Label) => meaning === "words" || (meaning === "yes" ? !plainYes : !plainNo);
  const words = asked.flatMap(({ label }) => isWords(label) ? [label.text] : []);
  return asked.map(({ flow, label }) => {
    if (isWords(label)) return { flow, answer: { kind: "words", text: label.text } };
    if (label.meaning === "yes") return { flow, answer: { kind: "yes" } };
    return { flow, answer: words.length === 0 ? { kind: "no" } : { kind: "no words", others: words } };
  });
}

function sameWords(one: Label, other: Label): boolean {
  return one.text.toLowerCase() === other.text.toLowerCase();
}

/** Whether the node chooses among its ways out; others take all of them. */
export function chooses(node: FlowNode): boolean {
  return is(node, "bpmn:ExclusiveGateway") || is(node, "bpmn:InclusiveGateway");
}
