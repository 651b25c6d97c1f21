/** What is known of the elements of a drawing beside the drawing. */
import { type Definitions, is, type ModelElement } from "../bpmn/model.ts";
import { allElements } from "../bpmn/moddle.ts";
import { oneLine } from "../bpmn/convert/report.ts";
import type { AssigneeRecord } from "../stormbpmn/assignee_record.ts";
import { drawnRecords } from "../stormbpmn/drawn_records.ts";
import type { Drawing } from "./drawing.ts";

/** The records given, then what the drawing itself says of elements that have none: as conversion takes them. */
export function recordsOf({ records, xml }: Pick<Drawing, "records" | "xml">): AssigneeRecord[] {
  const recorded = new Set(records.map(({ elementId }) => elementId));
  return [...records, ...drawnRecords(xml).filter(({ elementId }) => !recorded.has(elementId))];
}

/** What people call an element: by its record, else by the drawing; empty without a name. */
export function namesIn(definitions: Definitions, records: readonly AssigneeRecord[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { elementId, elementName } of records) {
    const name = oneLine(elementName);
    if (name !== "" && !names.has(elementId)) names.set(elementId, name);
  }
  for (const element of allElements(definitions)) {
    const id = idOf(element);
    if (id !== undefined && !names.has(id)) names.set(id, oneLine(element.get("name")));
  }
  return names;
}

export interface DrawnActivity {
  readonly id: string;
  /** As in the file, without its prefix: `userTask`. */
  readonly type: string;
}

/** Tasks of all kinds, call activities and sub-processes, in the order of the file. */
export function activitiesIn(definitions: Definitions): DrawnActivity[] {
  return allElements(definitions).flatMap((element) => {
    const id = idOf(element);
    return id === undefined || !is(element, "bpmn:Activity") ? [] : [{ id, type: typeOf(element) }];
  });
}

function typeOf({ $type }: ModelElement): string {
  const name = $type.replace(/^.*:/, "");
  return name.charAt(0).toLowerCase() + name.slice(1);
}

function idOf(element: ModelElement): string | undefined {
  const id = element.get("id");
  return typeof id === "string" && id !== "" ? id : undefined;
}
