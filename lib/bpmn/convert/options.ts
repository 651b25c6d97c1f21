/** How a diagram is to be converted. */
import type { Checklist } from "../checklists/checklist.ts";
import type { Mapping } from "./mapping.ts";

/** What StormBPMN knows of an element beside the drawing; records of lib/stormbpmn are of this shape. */
export interface ElementRecord {
  readonly elementId: string;
  readonly assigneeId?: string | undefined;
  readonly assigneeName?: string | undefined;
  /** Seconds that the work takes; of a timer, how long it waits. */
  readonly duration?: number | undefined;
  /** HTML; carries checklists and markers such as `[[topic: op_create_task]]`. */
  readonly description?: string | undefined;
}

/** Which drawing this is; kept as properties of its processes. */
export interface DiagramFacts {
  readonly id: string;
  readonly version: string;
  /** As StormBPMN says it: local time without a zone. */
  readonly updatedOn: string;
}

export interface ConvertOptions {
  /** A loss is a refusal. @default false */
  readonly strict?: boolean;
  /** Of external tasks for which nothing else says one. @default "bitrix_create_task" */
  readonly topic?: string;
  /** Days that the engine keeps the history of ended instances, for processes that do not say it. @default 365 */
  readonly historyTimeToLiveDays?: number;
  /** Of several records of an element, the first that has an assignee gives it, the first with a checklist that. */
  readonly records?: readonly ElementRecord[];
  readonly mapping?: Mapping;
  /** Checklists of tasks in Bitrix24 that descriptions link to, by task id; fetched before the conversion. */
  readonly linkedChecklists?: ReadonlyMap<string, readonly Checklist[]>;
  /** Keys of the processes made of other diagrams, by diagram id: a call activity that links there calls it. */
  readonly calledProcesses?: ReadonlyMap<string, string>;
  readonly diagram?: DiagramFacts;
  /** Larger sources are refused before they are parsed. @default 16 MiB */
  readonly maxBytes?: number;
}

export const defaultTopic = "bitrix_create_task";
export const defaultHistoryDays = 365;
export const defaultMaxBytes = 16 * 1024 * 1024;
