/** From checked text to a model in which nothing is missing, twice there, or mentioned without being there. */
import { type ForeignElement, is, isAny, type ModelElement } from "../model.ts";
import { type ReadModel, readModel, type ReadWarning } from "../moddle.ts";
import { errorText } from "../../telemetry/error_text.ts";
import { oneLine, type Report } from "./report.ts";

/** Deeper nesting is no diagram; passes go down by recursion. */
const MAX_DEPTH = 200;

/** What a conversion begins with. */
export type Source = Pick<ReadModel, "definitions" | "byId" | "mentions">;

/** `undefined` when there is no model at all; what is wrong with one that is there is in the report's problems. */
export async function readSource(text: string, report: Report): Promise<Source | undefined> {
  report.begin("source");
  const comments = text.match(/<!--/g)?.length ?? 0;
  if (comments > 0) report.leftOut(undefined, `XML comments are not kept (${comments}).`);
  try {
    const { definitions, elements, depth, byId, mentions, warnings } = await readModel(text);
    for (const warning of warnings) tell(warning, report);
    if (depth > MAX_DEPTH) {
      report.refuse(undefined, `Elements are nested more than ${MAX_DEPTH} levels deep.`);
      return undefined;
    }
    for (const element of elements) {
      if (isForeign(element)) tidy(element);
      else checkId(element, report);
    }
    definitions.targetNamespace ??= "http://bpmn.io/schema/bpmn"; // the schema asks for one; any will do
    return { definitions, byId, mentions };
  } catch (error) {
    report.refuse(undefined, `The file is not BPMN 2.0: ${oneLine(errorText(error))}`);
    return undefined;
  }
}

function tell(warning: ReadWarning, report: Report): void {
  const { message, element, property = "", value = "" } = warning;
  if (element !== undefined && message.startsWith("unresolved reference")) {
    tellDangling(element, property, value, report);
  } else if (element !== undefined && message.startsWith("unknown attribute")) {
    tellUnknownAttribute(element, property, report);
  } else tellUnreadable(message, report);
}

/** `«x» (Flow_1): its targetRef names "Task_9", …` */
function tellDangling(element: ModelElement, property: string, value: string, report: Report): void {
  const name = property.slice(property.indexOf(":") + 1);
  if (name === "incoming" || name === "outgoing") return; // made anew from the sequence flows
  const isPicture = element.$type.startsWith("bpmndi:");
  if (isPicture || isAny(element, ["bpmn:Association", "bpmn:Group"])) {
    if (name === "bpmnElement" || !isPicture) {
      report.leftOut(element, `It belongs to "${value}", which the file does not have.`);
    }
  } else if (name === "default") {
    report.mapped(element, `Its default flow "${value}" does not exist; it has none now.`);
  } else if (is(element, "bpmn:MultiInstanceLoopCharacteristics") && name === "loopDataInputRef") {
    element.collection ??= value; // the engine takes it for the name of a variable
  } else {
    report.refuse(element, `its ${name} names "${value}", which the file does not have.`);
  }
}

/** The schema allows attributes of other namespaces only. */
function tellUnknownAttribute(element: ModelElement, property: string, report: Report): void {
  if (property.includes(":")) return;
  element.set(property, undefined);
  report.leftOut(element, `BPMN has no attribute ${property} here.`);
}

function tellUnreadable(message: string, report: Report): void {
  if (message.startsWith("unsupported document encoding")) return; // the text has been decoded already
  const [, what = "", line = "", reason = message] =
    /^unparsable content (.*?) ?detected\s+line: (\d+)\s+column: \d+\s+nested error: ([\s\S]*)$/.exec(message) ?? [];
  const at = line === "" ? undefined : Number(line) + 1; // counted from 0 there
  const where = at === undefined ? "" : `Line ${at}: `;
  const duplicate = /^duplicate ID <(.*)>$/.exec(reason)?.[1];
  const illegal = /^illegal ID <(.*)>$/.exec(reason)?.[1];
  const tag = /^unrecognized element <(.*)>$/.exec(reason)?.[1];
  if (duplicate !== undefined) report.refuse(undefined, `Two elements have the id "${duplicate}".`, at);
  else if (illegal !== undefined) {
    report.refuse(undefined, `The id "${illegal}" is not a name of Latin letters, digits, "_", "-" and ".".`, at);
  } else if (tag !== undefined && !/^(bpmn|bpmndi|di|dc):/.test(tag)) {
    report.leftOut(
      undefined,
      `${where}<${tag}> stands outside extensionElements, where BPMN allows no foreign elements.`,
    );
  } else if (reason.startsWith("unexpected body text")) {
    report.leftOut(undefined, `${where}there is text where BPMN has only elements.`);
  } else report.refuse(undefined, `${oneLine(what)} cannot be read: ${oneLine(reason)}.`, at);
}

/** Ids are what everything else hangs on: the process key, the activity in Bitrix24, the variable with the answer. */
function checkId(element: ModelElement, report: Report): void {
  if (isAny(element, ["bpmn:FlowNode", "bpmn:Process"]) && !element.id) report.refuse(element, "it has no id.");
}

/** What the writer would indent anew each time: text beside child elements. */
function tidy(element: ForeignElement): void {
  if (element.$children !== undefined && element.$body !== undefined) element.$body = element.$body.trim();
}

function isForeign(element: ModelElement): element is ForeignElement {
  return element.$attrs === undefined;
}
