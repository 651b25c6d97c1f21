/** A table of what is done in a process, for analysts: one row for each task, call activity and sub-process. */
import { htmlText } from "../bpmn/checklists/html_lines.ts";
import type { Definitions } from "../bpmn/model.ts";
import type { AssigneeRecord } from "../stormbpmn/assignee_record.ts";
import { csv } from "./csv.ts";
import type { Drawing } from "./drawing.ts";
import { activitiesIn, namesIn, recordsOf } from "./element_records.ts";

export interface AnalysedElement {
  readonly elementId: string;
  /** As in the file, without its prefix: `userTask`. */
  readonly elementType: string;
  readonly elementName: string;
  readonly assigneeEdgeId: string;
  /** In one line, without markup. */
  readonly description: string;
  readonly assigneeName: string;
  readonly assigneeId: string;
  /** Seconds. */
  readonly duration: number | undefined;
}

/** In the order of the file. */
export function analyse(definitions: Definitions, drawing: Drawing): AnalysedElement[] {
  const records = recordsOf(drawing);
  const names = namesIn(definitions, records);
  const byElement = Map.groupBy(records, ({ elementId }) => elementId);
  return activitiesIn(definitions).map(({ id, type }) => ({
    elementId: id,
    elementType: type,
    elementName: names.get(id) ?? "",
    ...known(byElement.get(id) ?? []),
  }));
}

/** Of several records the first that names somebody, and the first that describes something: as in a conversion. */
function known(records: readonly AssigneeRecord[]) {
  const assigned = records.find(({ assigneeId, assigneeName }) => assigneeId || assigneeName?.trim());
  const edge = assigned ?? records.find(({ assigneeEdgeId }) => assigneeEdgeId);
  return {
    assigneeEdgeId: edge?.assigneeEdgeId ?? "",
    description: htmlText(records.find(({ description }) => description)?.description ?? ""),
    assigneeName: assigned?.assigneeName?.trim() ?? "",
    assigneeId: assigned?.assigneeId ?? "",
    duration: records.find(({ duration }) => duration !== undefined)?.duration,
  };
}

/** The first five are the predecessor's, in its order. */
const COLUMNS = [
  "elementId",
  "elementType",
  "elementName",
  "assigneeEdgeId",
  "description",
  "assigneeName",
  "assigneeId",
  "duration",
] as const satisfies readonly (keyof AnalysedElement)[];

export function analysisCsv(elements: readonly AnalysedElement[]): string {
  return csv([COLUMNS, ...elements.map((element) => COLUMNS.map((column) => element[column]))]);
}
