/** `camunda:inputOutput` parameters and multi-instance settings of an activity. */
import { type Expression, parseExpression } from "./expression.ts";
import type { MultiInstance, Parameter, ParameterValue } from "./process_graph.ts";
import type { XmlElement } from "./xml_element.ts";

export function readParameters(element: XmlElement, tag: "inputParameter" | "outputParameter"): Parameter[] {
  return (element.extension("inputOutput")?.all(tag) ?? [])
    .map((parameter) => ({ name: parameter.attributes["name"] ?? "", value: parameterValue(parameter) }));
}

function parameterValue(element: XmlElement): ParameterValue {
  const [child] = element.children;
  if (child?.name === "list") return { kind: "list", items: child.children.map(parameterValue) };
  if (child?.name === "map") {
    const entries = child.all("entry").map((entry): [string, ParameterValue] => [
      entry.attributes["key"] ?? "",
      parameterValue(entry),
    ]);
    return { kind: "map", entries: new Map(entries) };
  }
  const text = element.text.trim();
  return text === "" ? { kind: "none" } : { kind: "expression", expression: parseExpression(text) };
}

export function readMultiInstance(element: XmlElement): MultiInstance | null {
  const loop = element.first("multiInstanceLoopCharacteristics");
  if (loop === undefined) return null;
  const collection = loop.attributes["collection"] ?? loop.first("loopDataInputRef")?.text.trim();
  return {
    sequential: loop.attributes["isSequential"] === "true",
    cardinality: childExpression(loop, "loopCardinality"),
    // A bare name is a variable.
    collection: collection === undefined
      ? null
      : parseExpression(collection.includes("{") ? collection : `\${${collection}}`),
    elementVariable: loop.attributes["elementVariable"] ?? loop.first("inputDataItem")?.attributes["name"] ?? null,
    completionCondition: childExpression(loop, "completionCondition"),
  };
}

function childExpression(element: XmlElement, tag: string): Expression | null {
  const text = element.first(tag)?.text.trim();
  return text ? parseExpression(text) : null;
}
