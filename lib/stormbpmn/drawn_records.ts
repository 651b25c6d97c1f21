/** What a drawing itself says about assignees and descriptions: StormBPMN's own attributes on BPMN elements. */
import { BpmnParseError } from "../bpmn/bpmn_parse_error.ts";
import { parseXml, type XmlElement } from "../bpmn/xml_tree.ts";
import type { AssigneeRecord } from "./assignee_record.ts";

/** The namespace of those attributes. */
export const STORM_NAMESPACE = "http://storm.bpmn2.ru/ns";

const LARGEST_DRAWING_BYTES = 32 * 1024 * 1024;

/**
 * One record per element with a description or an assignee, in the order of the drawing. The attributes know no names. None
 * from a text that is no XML: what is wrong with a drawing is said by whoever converts it.
 */
export function drawnRecords(xml: string): AssigneeRecord[] {
  if (!xml.includes(STORM_NAMESPACE)) return [];
  try {
    return recordsIn(parseXml(xml, { maxBytes: LARGEST_DRAWING_BYTES }));
  } catch (error) {
    if (error instanceof BpmnParseError) return [];
    throw error;
  }
}

function recordsIn(element: XmlElement): AssigneeRecord[] {
  return [...recordOf(element), ...element.children.flatMap(recordsIn)];
}

function recordOf(element: XmlElement): AssigneeRecord[] {
  const elementId = element.attributes.get("id");
  const description = stormAttribute(element, "HTMLDescription");
  const assigneeId = stormAttribute(element, "StormAssignee");
  if (elementId === undefined || (description === undefined && assigneeId === undefined)) return [];
  return [{
    elementId,
    elementName: element.attributes.get("name"),
    assigneeEdgeId: stormAttribute(element, "StormEdgeId"),
    assigneeId,
    assigneeName: undefined,
    assigneeType: undefined,
    duration: undefined,
    description,
    updatedOn: undefined,
  }];
}

/** StormBPMN writes the word `null` for what is not there. */
function stormAttribute(element: XmlElement, name: string): string | undefined {
  const value = element.attributes.get(`{${STORM_NAMESPACE}}${name}`)?.trim();
  return value === "" || value === "null" ? undefined : value;
}
