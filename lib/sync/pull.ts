/** One diagram as StormBPMN has it now, with everything beside the drawing that its conversion needs. */
import type { Checklist } from "../bpmn/checklists/checklist.ts";
import { parseChecklists } from "../bpmn/checklists/parse_checklists.ts";
import type { AssigneeRecord } from "../stormbpmn/assignee_record.ts";
import type { Diagram } from "../stormbpmn/diagram.ts";
import type { StormClient } from "../stormbpmn/storm_client.ts";

/** By the id of the task in Bitrix24. */
export type LinkedChecklists = ReadonlyMap<string, readonly Checklist[]>;

export interface PulledDiagram {
  readonly diagram: Diagram;
  readonly records: readonly AssigneeRecord[];
  /** Those of tasks in Bitrix24 that descriptions link to; empty when nobody fetches them. */
  readonly linkedChecklists: LinkedChecklists;
}

export interface PullDeps {
  readonly storm: Pick<StormClient, "diagram" | "assignees">;
  /** Asked once per diagram, with different ids, only if there are any. Absent when no portal is set. */
  readonly checklistsOf?: (taskIds: readonly string[], signal: AbortSignal) => Promise<LinkedChecklists>;
}

/**
 * Without its records a diagram would silently become a process without assignees: failing to read them fails the pull.
 * @throws {StormError}, and what `checklistsOf` throws
 */
export async function pullDiagram(id: string, deps: PullDeps, signal: AbortSignal): Promise<PulledDiagram> {
  const diagram = await deps.storm.diagram(id, signal);
  const records = await deps.storm.assignees(diagram, signal);
  const taskIds = linkedTaskIds(records);
  const linkedChecklists = taskIds.length === 0 || deps.checklistsOf === undefined
    ? new Map<string, readonly Checklist[]>()
    : await deps.checklistsOf(taskIds, signal);
  return { diagram, records, linkedChecklists };
}

/** Different ids of the tasks in Bitrix24 that descriptions link to. */
export function linkedTaskIds(records: readonly AssigneeRecord[]): string[] {
  const ids = records.flatMap(({ description }) =>
    parseChecklists(description ?? "").flatMap((found) => found.kind === "link" ? [found.taskId] : [])
  );
  return [...new Set(ids)];
}
