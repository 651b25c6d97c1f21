/**
 * Any part of the model as one text: equal parts give equal texts, however they are written. Own ids say nothing there, and
 * neither does the order of what lies side by side.
 */
import { is, type ModelElement } from "../../bpmn/model.ts";
import { isElement, mentionsBy } from "../../bpmn/moddle.ts";
import { oneLine } from "../../bpmn/convert/report.ts";

/** Names with a prefix, told apart by their namespace: `{http://storm.bpmn2.ru/ns}StormAssignee`. */
export type Namespaces = ReadonlyMap<string, string>;

export function canonical(value: unknown, namespaces: Namespaces): string {
  if (Array.isArray(value)) return value.map((item) => canonical(item, namespaces)).sort().join(" · ");
  if (!isElement(value)) return typeof value === "string" ? lines(value) : String(value);
  const foreign = Object.entries(value.$attrs ?? {}).filter(([name]) => !isDeclaration(name) && name !== "xsi:type");
  const parts = [
    ...ownValues(value).map(([name, part]) => `${name}=${canonical(part, namespaces)}`),
    ...mentionsBy(value).map(({ target, property }) => `${property}=${meant(target)}`),
    ...foreign.map(([name, part]) => `${expanded(name, namespaces)}=${String(part)}`),
  ].sort();
  const kind = value.$attrs === undefined
    ? expanded(value.$type, namespaces)
    : value.$type.replace(/^bpmn:(?:Formal(?=Expression))?/, "");
  return parts.length === 0 ? kind : `${kind}(${parts.join(", ")})`;
}

/** What the element has of its own, except its id and what its type says anyway. */
export function ownValues(element: ModelElement): [name: string, value: unknown][] {
  const usual: unknown = Object.getPrototypeOf(element);
  return Object.entries(element).filter(([name, value]) => {
    if (name === "id" || (name.startsWith("$") && name !== "$body" && name !== "$children")) return false;
    if (value === undefined || typeof value === "function" || (Array.isArray(value) && value.length === 0)) {
      return false;
    }
    const isUsual = typeof usual === "object" && usual !== null && Reflect.get(usual, name) === value;
    return !isUsual;
  });
}

/** Messages, signals and errors are known by what they are called, other elements by their ids. */
export function meant(target: ModelElement): string {
  if (is(target, "bpmn:Error")) return oneLine(target.errorCode) || oneLine(target.name) || (target.id ?? "");
  if (is(target, "bpmn:Escalation")) return oneLine(target.escalationCode) || oneLine(target.name) || (target.id ?? "");
  if (is(target, "bpmn:Message") || is(target, "bpmn:Signal")) return oneLine(target.name) || (target.id ?? "");
  const id = target.get("id");
  return typeof id === "string" ? id : target.$type;
}

/** The name with its namespace in the place of its prefix. */
export function expanded(name: string, namespaces: Namespaces): string {
  const colon = name.indexOf(":");
  const uri = namespaces.get(name.slice(0, Math.max(colon, 0)));
  return colon < 0 || uri === undefined ? name : `{${uri}}${name.slice(colon + 1)}`;
}

export function isDeclaration(name: string): boolean {
  return name === "xmlns" || name.startsWith("xmlns:");
}

/** Line ends and white space around a text say nothing; inside a script they do. */
export function lines(text: string): string {
  return text.replace(/\r\n?/g, "\n").trim();
}
