/** What the attributes and inner parts of an element say, each under the aspect that people know it by. */
import type { ModelElement } from "../../bpmn/model.ts";
import { isElement, mentionsBy } from "../../bpmn/moddle.ts";
import { oneLine } from "../../bpmn/convert/report.ts";
import { canonical, lines, meant, type Namespaces, ownValues } from "./canonical.ts";
import type { Fact } from "./element_facts.ts";
import type { Aspect } from "./model_diff.ts";

/** Of parts that are elements of their own in the comparison, or the other end of what they say. */
const ELSEWHERE: ReadonlySet<string> = new Set([
  "artifacts",
  "childLaneSet",
  "extensionElements",
  "flowElements",
  "flowNodeRef",
  "incoming",
  "laneSets",
  "lanes",
  "outgoing",
]);

const ASPECTS: Readonly<Record<string, Aspect>> = {
  calledElement: "called process",
  cancelActivity: "interrupting",
  conditionExpression: "condition",
  dataInputAssociations: "data",
  dataOutputAssociations: "data",
  decisionRef: "decision",
  documentation: "documentation",
  eventDefinitions: "event",
  isExecutable: "executable",
  isInterrupting: "interrupting",
  loopCharacteristics: "loop",
  name: "name",
  script: "script",
  text: "text",
  topic: "topic",
};

/** Together they say who does the work of a task. */
const IMPLEMENTATION: ReadonlySet<string> = new Set(["class", "delegateExpression", "expression", "type"]);

export function valueFacts(name: string, value: unknown, namespaces: Namespaces): Fact[] {
  if (ELSEWHERE.has(name)) return [];
  const local = name.slice(name.indexOf(":") + 1);
  const aspect = IMPLEMENTATION.has(local) ? "implementation" : ASPECTS[local];
  if (aspect === undefined) return [{ aspect: "attribute", detail: name, ...said(value, namespaces) }];
  if (aspect === "event") return [{ aspect, ...eventWords(value, namespaces) }];
  if (aspect === "condition" || aspect === "documentation") return bodies(aspect, value, namespaces);
  const detail = aspect === "implementation" || aspect === "data" ? { detail: local } : {};
  const isLine = aspect === "name" || aspect === "topic";
  if (isLine && typeof value === "string") {
    const shown = oneLine(value);
    return shown === "" ? [] : [{ aspect, compared: shown, shown }];
  }
  return [{ aspect, ...detail, ...said(value, namespaces) }];
}

function said(value: unknown, namespaces: Namespaces): Pick<Fact, "compared" | "shown"> {
  const compared = canonical(value, namespaces);
  return { compared, shown: oneLine(compared) };
}

/** Expressions and documentation are what their text says; nothing, if that is empty. */
function bodies(aspect: Aspect, value: unknown, namespaces: Namespaces): Fact[] {
  const parts = (Array.isArray(value) ? value : [value]).filter(isElement);
  const texts = parts.map((part) => {
    const more = ownValues(part).filter(([name]) => name !== "body" && name !== "text");
    const body = textIn(part);
    return more.length === 0
      ? body
      : `${body} (${more.map(([name, word]) => `${name} ${canonical(word, namespaces)}`)})`;
  }).filter((words) => words !== "");
  if (texts.length === 0) return [];
  return [{ aspect, compared: texts.join("\n"), shown: texts.map(oneLine).join(" / ") }];
}

function textIn(part: ModelElement): string {
  const body = part.get("body") ?? part.get("text");
  return typeof body === "string" ? lines(body) : "";
}

/** `timer: timeDuration PT1H`, `message «Оплата получена»`. */
function eventWords(value: unknown, namespaces: Namespaces): Pick<Fact, "compared" | "shown"> {
  const definitions = (Array.isArray(value) ? value : []).filter(isElement);
  const compared = definitions.map((definition) => canonical(definition, namespaces)).sort().join(" · ");
  return { compared, shown: definitions.map((definition) => wordsOf(definition, namespaces)).sort().join(", ") };
}

function wordsOf(definition: ModelElement, namespaces: Namespaces): string {
  const kind = definition.$type.replace(/^bpmn:/, "").replace("EventDefinition", "").toLowerCase();
  const parts = ownValues(definition).map(([name, part]) => {
    const body = isElement(part) ? textIn(part) : "";
    return `${name} ${body === "" ? oneLine(canonical(part, namespaces)) : body}`;
  });
  const named = mentionsBy(definition).map(({ target }) => `«${meant(target)}»`);
  return [kind, ...named, ...parts].join(" ");
}
