/** What StormBPMN records beside a drawing: one link between an element and an assignee, or a description alone. */
import { z } from "zod";
import { listOfTolerated, tolerantId, tolerantNumber, tolerantText } from "./tolerant.ts";

/** The field names are the vendor's, and those of the predecessor's `…_assignees.json`. */
export interface AssigneeRecord {
  /** The BPMN element's id. */
  readonly elementId: string;
  readonly elementName: string | undefined;
  /** Of the link itself. */
  readonly assigneeEdgeId: string | undefined;
  /** StormBPMN's id of a person or role; no user id of Bitrix24. */
  readonly assigneeId: string | undefined;
  /** Of a person or, mostly, a role. Only the web application's API knows it. */
  readonly assigneeName: string | undefined;
  /** `HUMAN`, or something else for systems. */
  readonly assigneeType: string | undefined;
  /** Seconds that the work takes. */
  readonly duration: number | undefined;
  /** HTML; carries checklists and markers. */
  readonly description: string | undefined;
  /** Local time of StormBPMN's server, without a zone. */
  readonly updatedOn: string | undefined;
}

const fields = z.looseObject({
  elementId: z.string().min(1),
  elementName: tolerantText,
  assigneeEdgeId: tolerantId,
  assigneeId: tolerantId,
  assigneeName: tolerantText,
  assigneeType: tolerantText,
  duration: tolerantNumber,
  description: tolerantText,
  updatedOn: tolerantText,
}).transform((raw): AssigneeRecord => ({
  elementId: raw.elementId,
  elementName: raw.elementName,
  assigneeEdgeId: raw.assigneeEdgeId,
  assigneeId: raw.assigneeId,
  assigneeName: raw.assigneeName,
  assigneeType: raw.assigneeType,
  duration: raw.duration,
  description: raw.description,
  updatedOn: raw.updatedOn,
}));

/** StormBPMN's answer, or a file that was made of it; records that name no element are left out. */
export const assigneeRecords: z.ZodType<AssigneeRecord[]> = listOfTolerated(fields);
