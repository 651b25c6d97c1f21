/**
 * What the worker tells about an activity: its Camunda extensions, its process's properties, whether it loops and which
 * errors are caught for it. Read once per process definition; the XML is not kept.
 */
import { BpmnParseError } from "./bpmn_parse_error.ts";
import { BPMN, camundaAttribute, childrenOf, extensionsOf, idOf } from "./element.ts";
import {
  boundaryCatches,
  type ErrorCodes,
  errorCodesOf,
  eventSubProcessCatches,
  isEventSubProcess,
} from "./error_catches.ts";
import { type ActivityExtensions, activityExtensions, extensionProperties, type Texts } from "./extensions.ts";
import { type Loop, loopOf } from "./loop.ts";
import { parseXml, type XmlElement } from "./xml_tree.ts";

export { BpmnParseError } from "./bpmn_parse_error.ts";

/** What is known of one activity, without its process. */
interface Activity extends ActivityExtensions {
  readonly activityInfo: { readonly id: string; readonly name: string; readonly type: string; readonly topic: string };
  readonly loop?: Loop;
  /** Codes caught for an error thrown here, nearest first; `*` catches all. Catches of a calling process are not seen. */
  readonly errorCatches: readonly string[];
}

/** The `metadata` of a task message. An unknown activity has only its process's properties. */
export interface ActivityMetadata extends Partial<Activity> {
  readonly processProperties: Texts;
}

/** A parsed BPMN file. Ids are unique within one file, so activities of several processes share a map. */
export interface ProcessMetadata {
  readonly activities: ReadonlyMap<string, { readonly activity: Activity; readonly processKey: string }>;
  /** The `camunda:properties` of each process itself, by its key. */
  readonly processProperties: ReadonlyMap<string, Texts>;
}

export interface ParseOptions {
  /** @default 16 MiB */
  readonly maxBytes?: number;
}

/** @throws {BpmnParseError} too large, not well-formed, or no BPMN 2.0 definitions. */
export function parseProcessMetadata(bpmnXml: string, options: ParseOptions = {}): ProcessMetadata {
  const definitions = parseXml(bpmnXml, { maxBytes: options.maxBytes ?? 16 * 1024 * 1024 });
  if (definitions.namespace !== BPMN || definitions.name !== "definitions") {
    throw new BpmnParseError("The root element is not <definitions> of BPMN 2.0");
  }
  const codes = errorCodesOf(definitions);
  const processes = childrenOf(definitions, BPMN, "process");
  return {
    activities: new Map(processes.flatMap((process) => {
      const processKey = idOf(process) ?? "";
      const found = [...activitiesIn(process, { codes, caught: [] })];
      return found.map((activity) => [activity.activityInfo.id, { activity, processKey }]);
    })),
    processProperties: new Map(
      processes.map((process) => [idOf(process) ?? "", extensionProperties(extensionsOf(process))]),
    ),
  };
}

/** The metadata of an activity; `processDefinitionKey` says whose properties an unknown one gets. */
export function metadataOf(
  process: ProcessMetadata,
  activityId: string,
  processDefinitionKey: string,
): ActivityMetadata {
  const known = process.activities.get(activityId);
  const processProperties = process.processProperties.get(known?.processKey ?? processDefinitionKey) ?? {};
  return { ...known?.activity, processProperties };
}

/** What surrounds the elements of a process or sub-process. */
interface Surroundings {
  readonly codes: ErrorCodes;
  /** Errors caught outside of it. */
  readonly caught: readonly string[];
  readonly loop?: Loop;
}

const TASKS: ReadonlySet<string> = new Set([
  "task",
  "serviceTask",
  "sendTask",
  "businessRuleTask",
  "scriptTask",
  "userTask",
  "manualTask",
  "receiveTask",
  "callActivity",
]);
const THROW_EVENTS: ReadonlySet<string> = new Set(["intermediateThrowEvent", "endEvent"]);
const SUB_PROCESSES: ReadonlySet<string> = new Set(["subProcess", "transaction", "adHocSubProcess"]);

function* activitiesIn(scope: XmlElement, around: Surroundings): Iterable<Activity> {
  const { codes } = around;
  const boundaries = boundaryCatches(scope, codes);
  const starts = eventSubProcessCatches(scope, codes);
  for (const element of scope.children) {
    const id = idOf(element);
    if (element.namespace !== BPMN || id === undefined) continue;
    const inScope = isEventSubProcess(element) ? eventSubProcessCatches(scope, codes, element) : starts;
    const loop = loopOf(element) ?? around.loop;
    const here = {
      codes,
      caught: [...boundaries.get(id) ?? [], ...inScope, ...around.caught],
      ...(loop && { loop }),
    };
    if (SUB_PROCESSES.has(element.name)) yield* activitiesIn(element, here);
    else if (TASKS.has(element.name)) yield activityOf(id, element, [element], here);
    else if (THROW_EVENTS.has(element.name)) {
      const message = childrenOf(element, BPMN, "messageEventDefinition").find(isExternal);
      if (message !== undefined) yield activityOf(id, element, [element, message], here);
    }
  }
}

function isExternal(element: XmlElement): boolean {
  return camundaAttribute(element, "type") !== undefined || camundaAttribute(element, "topic") !== undefined;
}

/** `parts`: the element, and for an event its message definition, which then carries `camunda:type` and fields. */
function activityOf(id: string, element: XmlElement, parts: readonly XmlElement[], around: Surroundings): Activity {
  const implementation = parts.at(-1) ?? element;
  return {
    ...activityExtensions(parts.flatMap(extensionsOf)),
    activityInfo: {
      id,
      name: element.attributes.get("name") ?? "",
      type: camundaAttribute(implementation, "type") ?? "",
      topic: camundaAttribute(implementation, "topic") ?? "",
    },
    ...(around.loop && { loop: around.loop }),
    errorCatches: [...new Set(around.caught)],
  };
}
