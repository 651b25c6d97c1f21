/** Which version of which diagram a deployed definition was made of: what the conversion wrote into its process. */
import { parseXml, type XmlElement } from "../bpmn/xml_tree.ts";
import type { DiagramFacts } from "../bpmn/convert/options.ts";

const BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL";
const CAMUNDA = "http://camunda.org/schema/1.0/bpmn";
const LARGEST_BYTES = 64 * 1024 * 1024;

/**
 * Absent when the process was deployed by something else, or by the predecessor.
 * @throws {BpmnParseError} when the text is no XML
 */
export function deployedFacts(xml: string, processKey: string): DiagramFacts | undefined {
  if (!xml.includes("stormDiagramId")) return undefined;
  const process = named(parseXml(xml, { maxBytes: LARGEST_BYTES }), BPMN, "process")
    .find(({ attributes }) => attributes.get("id") === processKey);
  const properties = [process]
    .flatMap((element) => element === undefined ? [] : named(element, BPMN, "extensionElements"))
    .flatMap((element) => named(element, CAMUNDA, "properties"))
    .flatMap((element) => named(element, CAMUNDA, "property"));
  const value = (name: string) =>
    properties.find(({ attributes }) => attributes.get("name") === name)?.attributes.get("value");
  const id = value("stormDiagramId");
  if (id === undefined) return undefined;
  return { id, version: value("stormVersion") ?? "", updatedOn: value("stormUpdatedOn") ?? "" };
}

/**
 * - `none`: StormBPMN has what is deployed;
 * - `touched`: the drawing is the same, but something beside it changed, which may be an assignee, a description, or nothing
 *   that a process knows of;
 * - `redrawn`: another version, or not deployed at all.
 */
export type Change = "none" | "touched" | "redrawn";

/** StormBPMN's version tells of the drawing, the time of the last change of everything. */
export function changeOf(drawn: DiagramFacts, deployed: DiagramFacts | undefined): Change {
  if (deployed === undefined || drawn.id !== deployed.id) return "redrawn";
  if (drawn.updatedOn === deployed.updatedOn && drawn.version === deployed.version) return "none";
  const isSameVersion = drawn.version !== "" && drawn.version === deployed.version;
  return isSameVersion ? "touched" : "redrawn";
}

function named(parent: XmlElement, namespace: string, name: string): XmlElement[] {
  return parent.children.filter((child) => child.namespace === namespace && child.name === name);
}
