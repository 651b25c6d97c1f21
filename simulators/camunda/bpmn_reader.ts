/** Reads BPMN XML into process graphs and finds the faults for which Camunda refuses a deployment. */
import { parseExpression } from "./expression.ts";
import { readBehavior } from "./bpmn_behavior.ts";
import { readMultiInstance, readParameters } from "./bpmn_parameters.ts";
import type {
  Body,
  BoundaryEvent,
  ErrorCatch,
  EventSubProcess,
  FlowNode,
  ProcessModel,
  SequenceFlow,
} from "./process_graph.ts";
import { parseXml, type TextPosition, type XmlElement } from "./xml_element.ts";

/** One entry of `details` in a ParseException. */
export interface ParseProblem extends TextPosition {
  readonly message: string;
  readonly elementIds: readonly string[];
}

export interface ReadResult {
  /** The executable processes; others are skipped, as the engine does. */
  readonly processes: readonly ProcessModel[];
  readonly problems: readonly ParseProblem[];
}

const flowNodeTags = new Set([
  ...["startEvent", "endEvent", "intermediateThrowEvent", "intermediateCatchEvent", "boundaryEvent"],
  ...["task", "manualTask", "userTask", "receiveTask", "scriptTask", "serviceTask", "sendTask", "businessRuleTask"],
  ...["exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "complexGateway"],
  ...["subProcess", "transaction", "adHocSubProcess", "callActivity"],
]);

export function readBpmn(resource: string, xml: string): ReadResult {
  const root = parseXml(resource, xml);
  const reader = new BpmnReader(root);
  const processes = root.all("process")
    .filter((process) => process.attributes["isExecutable"] === "true")
    .map((process) => reader.process(process, root.attributes["targetNamespace"] ?? ""));
  reader.findRepeatedIds(root);
  return { processes, problems: reader.problems };
}

class BpmnReader {
  readonly problems: ParseProblem[] = [];
  readonly #errorCodes: ReadonlyMap<string, string>;
  readonly #positions = new Map<string, TextPosition>();

  constructor(root: XmlElement) {
    this.#notePositions(root);
    this.#errorCodes = new Map(
      root.all("error").map(({ attributes }) => [attributes["id"] ?? "", attributes["errorCode"] ?? ""]),
    );
  }

  process(element: XmlElement, category: string): ProcessModel {
    const { id = "", name, versionTag, historyTimeToLive, isStartableInTasklist } = element.attributes;
    const days = timeToLiveDays(historyTimeToLive);
    if (days === null) this.#problem(missingTimeToLive, id);
    const body = this.body(element);
    if (body.start === null) this.#problem("process must define a startEvent element", id);
    return {
      key: id,
      name: name ?? null,
      category,
      versionTag: versionTag ?? null,
      historyTimeToLiveDays: days,
      startableInTasklist: isStartableInTasklist !== "false",
      body,
    };
  }

  body(element: XmlElement): Body {
    const nodes = new Map<string, FlowNode>();
    const eventSubProcesses: EventSubProcess[] = [];
    const elements = element.children.filter((child) => flowNodeTags.has(child.name));
    for (const child of elements) {
      const node = this.#node(child);
      nodes.set(node.id, node);
      if (child.attributes["triggeredByEvent"] === "true") eventSubProcesses.push(this.#eventSubProcess(child, node));
    }
    for (const child of elements.filter(({ name }) => name === "boundaryEvent")) this.#attach(child, nodes);
    for (const flow of element.all("sequenceFlow")) this.#connect(flow, nodes);
    for (const child of elements) this.#setDefault(child, nodes);
    const starts = elements.filter(({ name }) => name === "startEvent");
    // A process started by its key begins at the start event without an event definition.
    const start = starts.find((event) => eventDefinitionOf(event) === undefined) ?? starts[0];
    return { nodes, start: nodes.get(start?.attributes["id"] ?? "") ?? null, eventSubProcesses };
  }

  #node(element: XmlElement): FlowNode {
    const id = element.attributes["id"] ?? "";
    const body = element.name === "subProcess" || element.name === "transaction" ? this.body(element) : null;
    const behavior = readBehavior(element, body, (errorRef) => this.#errorCodes.get(errorRef) ?? errorRef);
    const multiInstance = readMultiInstance(element);
    const outputs = readParameters(element, "outputParameter");
    if (multiInstance !== null && outputs.length > 0) {
      this.#problem("camunda:outputParameter not allowed for multi-instance constructs", id);
    }
    if ("problem" in behavior) this.#problem(behavior.problem, id);
    return {
      id,
      name: element.attributes["name"] ?? null,
      behavior: "problem" in behavior ? { kind: "pass" } : behavior,
      incomingCount: 0,
      outgoing: [],
      defaultFlow: null,
      inputs: readParameters(element, "inputParameter"),
      outputs,
      boundaryEvents: [],
      multiInstance,
      extensionProperties: Object.fromEntries(
        (element.extension("properties")?.all("property") ?? [])
          .map(({ attributes }) => [attributes["name"] ?? "", attributes["value"] ?? ""]),
      ),
    };
  }

  #attach(element: XmlElement, nodes: ReadonlyMap<string, FlowNode>): void {
    const { id = "", attachedToRef = "", cancelActivity } = element.attributes;
    const [node, host] = [nodes.get(id), nodes.get(attachedToRef)];
    if (node === undefined) return;
    if (host === undefined) {
      this.#problem(
        `Invalid reference in boundary event. Make sure that the referenced activity is defined in the same scope as the boundary event`,
        id,
      );
      return;
    }
    const event: BoundaryEvent = { node, interrupting: cancelActivity !== "false", error: this.#errorCatch(element) };
    host.boundaryEvents.push(event);
  }

  #eventSubProcess(element: XmlElement, node: FlowNode): EventSubProcess {
    const start = element.first("startEvent");
    return {
      node,
      startEventId: start?.attributes["id"] ?? "",
      interrupting: start?.attributes["isInterrupting"] !== "false",
      error: start === undefined ? null : this.#errorCatch(start),
    };
  }

  #errorCatch(event: XmlElement): ErrorCatch | null {
    const definition = event.first("errorEventDefinition");
    if (definition === undefined) return null;
    const { errorRef, errorCodeVariable, errorMessageVariable } = definition.attributes;
    const code = errorRef === undefined ? null : this.#errorCodes.get(errorRef) ?? errorRef;
    return {
      code: code === "" ? null : code,
      codeVariable: errorCodeVariable ?? null,
      messageVariable: errorMessageVariable ?? null,
    };
  }

  #connect(element: XmlElement, nodes: ReadonlyMap<string, FlowNode>): void {
    const { id = "", sourceRef = "", targetRef = "" } = element.attributes;
    const [source, target] = [nodes.get(sourceRef), nodes.get(targetRef)];
    if (source === undefined) this.#problem(`Invalid source '${sourceRef}' of sequence flow '${id}'`, id);
    else if (target === undefined) this.#problem(`Invalid destination '${targetRef}' of sequence flow '${id}'`, id);
    else {
      const condition = element.first("conditionExpression")?.text.trim();
      const flow: SequenceFlow = { id, target, condition: condition ? parseExpression(condition) : null };
      source.outgoing.push(flow);
      target.incomingCount++;
    }
  }

  #setDefault(element: XmlElement, nodes: ReadonlyMap<string, FlowNode>): void {
    const { id = "", default: defaultId } = element.attributes;
    const node = nodes.get(id);
    if (node === undefined) return;
    node.defaultFlow = node.outgoing.find((flow) => flow.id === defaultId) ?? null;
    if (node.behavior.kind !== "exclusive") return;
    const [only] = node.outgoing;
    if (node.outgoing.length === 1 && only !== undefined && only.condition !== null) {
      this.#placeless(
        `Exclusive Gateway '${id}' has only one outgoing sequence flow ('${only.id}'). This is not allowed to have a condition.`,
        ...[id, only.id],
      );
    } else if (node.outgoing.length > 1 && node.defaultFlow !== null && node.defaultFlow.condition !== null) {
      this.#placeless(
        `Exclusive Gateway '${id}' has outgoing sequence flow '${node.defaultFlow.id}' which is the default flow but has a condition too.`,
        ...[id, node.defaultFlow.id],
      );
    }
  }

  /** What the engine's schema validation says of an id that is used twice. */
  findRepeatedIds(root: XmlElement): void {
    const seen = new Set<string>();
    const visit = ({ attributes: { id }, children, position }: XmlElement) => {
      if (id !== undefined && seen.has(id)) {
        const message = `cvc-id.2: There are multiple occurrences of ID value '${id}'.`;
        this.problems.push({ message, elementIds: [], ...position });
      }
      if (id !== undefined) seen.add(id);
      children.forEach(visit);
    };
    visit(root);
  }

  /** The first of the elements is the one it is about. */
  #problem(message: string, ...elementIds: string[]): void {
    const position = this.#positions.get(elementIds[0] ?? "") ?? { line: 0, column: 0 };
    this.problems.push({ message, elementIds, ...position });
  }

  /** The engine looks at exclusive gateways after it has read the file, when places are forgotten. */
  #placeless(message: string, ...elementIds: string[]): void {
    this.problems.push({ message, elementIds, line: 0, column: 0 });
  }

  #notePositions({ attributes: { id }, children, position }: XmlElement): void {
    if (id !== undefined && !this.#positions.has(id)) this.#positions.set(id, position);
    for (const child of children) this.#notePositions(child);
  }
}

function eventDefinitionOf(event: XmlElement): XmlElement | undefined {
  return event.children.find(({ name }) => name.endsWith("EventDefinition"));
}

/** `P5D` or a number of days. */
function timeToLiveDays(text: string | undefined): number | null {
  const match = /^(?:P(\d+)D|(\d+))$/u.exec(text ?? "");
  return match === null ? null : Number(match[1] ?? match[2]);
}

const missingTimeToLive = [
  "ENGINE-12018 History Time To Live (TTL) cannot be null. TTL is necessary for the History Cleanup to work. The following options are possible:",
  "* Set historyTimeToLive in the model",
  "* Set a default historyTimeToLive as a global process engine configuration",
  "* (Not recommended) Deactivate the enforceTTL config to disable this check",
].join("\n");
