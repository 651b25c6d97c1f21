/** A diagram with everything that its conversion needs, wherever it came from. */
import { basename } from "node:path";
import type { DiagramFacts } from "../bpmn/convert/options.ts";
import type { AssigneeRecord } from "../stormbpmn/assignee_record.ts";
import type { DiagramLink } from "../stormbpmn/diagram.ts";
import { diagramFacts } from "./diagram_facts.ts";
import { readDiagram } from "./diagram_files.ts";
import { type LinkedChecklists, linkedTaskIds, type PullDeps, type PulledDiagram } from "./pull.ts";

export interface Drawing {
  /** What messages call it: the path of a file, or the name of a diagram. */
  readonly label: string;
  /** What deployments are called. */
  readonly name: string;
  readonly xml: string;
  readonly records: readonly AssigneeRecord[];
  readonly linkedChecklists: LinkedChecklists;
  /** Those that StormBPMN keeps beside the drawing. */
  readonly links: readonly DiagramLink[];
  /** Absent for a file that nobody pulled. */
  readonly facts: DiagramFacts | undefined;
}

export function drawingOf({ diagram, records, linkedChecklists }: PulledDiagram): Drawing {
  return {
    label: diagram.name || diagram.id,
    name: diagram.name || diagram.id,
    xml: diagram.xml,
    records,
    linkedChecklists,
    links: diagram.outgoingLinks,
    facts: diagramFacts(diagram),
  };
}

/** @throws {CommandError} that names the file; and what `checklistsOf` throws */
export async function drawingIn(
  path: string,
  { assignees, checklistsOf }: Pick<PullDeps, "checklistsOf"> & { readonly assignees: string | undefined },
  signal: AbortSignal,
): Promise<Drawing> {
  const { xml, records, facts } = await readDiagram(path, assignees, signal);
  const taskIds = checklistsOf === undefined ? [] : linkedTaskIds(records);
  return {
    label: path,
    name: facts?.name || basename(path).replace(/\.[^.]+$/, ""),
    xml,
    records,
    linkedChecklists: taskIds.length === 0 ? new Map() : await checklistsOf?.(taskIds, signal) ?? new Map(),
    links: facts?.outgoingLinks ?? [],
    facts: facts && diagramFacts(facts),
  };
}
