/** What a BPMN element does when a token reaches it. */
import { parseExpression } from "./expression.ts";
import type { Behavior, Body } from "./process_graph.ts";
import type { XmlElement } from "./xml_element.ts";

/** `problem` is a fault for which the deployment is refused. */
export function readBehavior(
  element: XmlElement,
  body: Body | null,
  errorCodeOf: (errorRef: string) => string,
): Behavior | { readonly problem: string } {
  switch (element.name) {
    case "serviceTask":
    case "sendTask":
    case "businessRuleTask":
      return serviceBehavior(element, element.name, element);
    case "intermediateThrowEvent":
    case "endEvent":
      return throwingBehavior(element, errorCodeOf);
    case "userTask":
    case "receiveTask":
    case "intermediateCatchEvent":
      return { kind: "wait" };
    case "scriptTask":
      return {
        kind: "broken",
        message: `Can't find scripting engine for '${
          element.attributes["scriptFormat"] ?? "javascript"
        }': scriptEngine is null`,
      };
    case "exclusiveGateway":
      return { kind: "exclusive" };
    case "parallelGateway":
      return { kind: "parallel" };
    case "inclusiveGateway":
      return { kind: "inclusive" };
    case "eventBasedGateway":
      return { kind: "eventGateway" };
    case "subProcess":
    case "transaction":
      if (body === null) return { problem: `${element.name} has no content` };
      if (body.start === null) return { problem: "subProcess must define a startEvent element" };
      return { kind: "subProcess", body };
    case "callActivity":
    case "adHocSubProcess":
    case "complexGateway":
      return { problem: `The simulator does not run ${element.name}; use a sub-process or the real engine` };
    default: // startEvent, boundaryEvent, task, manualTask
      return { kind: "pass" };
  }
}

/** `attributes` sit on the task itself, or on a throwing message event's definition. */
function serviceBehavior(
  element: XmlElement,
  tag: string,
  { attributes }: XmlElement,
): Behavior | { readonly problem: string } {
  if (attributes["type"] === "external") {
    if (attributes["topic"] === undefined) {
      return { problem: "External tasks must specify a 'topic' attribute in the camunda namespace" };
    }
    const priority = element.attributes["taskPriority"];
    return {
      kind: "external",
      topic: parseExpression(attributes["topic"]),
      priority: priority === undefined ? null : parseExpression(priority),
    };
  }
  if (attributes["expression"] !== undefined) {
    return {
      kind: "evaluate",
      expression: parseExpression(attributes["expression"]),
      resultVariable: attributes["resultVariable"] ?? null,
    };
  }
  const className = attributes["class"];
  if (className !== undefined) {
    return { kind: "broken", message: `ENGINE-09008 Exception while instantiating class '${className}'` };
  }
  const delegate = attributes["delegateExpression"] ?? attributes["decisionRef"] ?? attributes["type"];
  if (delegate !== undefined) {
    return { kind: "broken", message: `Unknown property used in expression: ${delegate}` };
  }
  return {
    problem:
      `One of the attributes 'class', 'delegateExpression', 'type', or 'expression' is mandatory on ${tag}. If you are using a connector, make sure the connect process engine plugin is registered with the process engine.`,
  };
}

function throwingBehavior(
  element: XmlElement,
  errorCodeOf: (errorRef: string) => string,
): Behavior | { readonly problem: string } {
  const error = element.first("errorEventDefinition");
  if (error !== undefined) {
    const errorRef = error.attributes["errorRef"];
    if (errorRef === undefined) return { problem: "'errorRef' is mandatory for error end events" };
    return { kind: "errorEnd", code: errorCodeOf(errorRef) };
  }
  if (element.first("terminateEventDefinition") !== undefined) return { kind: "terminateEnd" };
  const message = element.first("messageEventDefinition");
  if (message?.attributes["type"] === "external") {
    return serviceBehavior(element, "messageEventDefinition", message);
  }
  return { kind: "pass" };
}
