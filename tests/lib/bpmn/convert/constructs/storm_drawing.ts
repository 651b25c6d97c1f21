/**
 * A sketch of a process, completed to what StormBPMN saves: a pool around it that gives it its name, steps that list their
 * flows, not executable, and a picture of everything.
 */
import assert from "node:assert/strict";
import { is } from "../../../../../lib/bpmn/model.ts";
import { allElements, readModel, writeModel } from "../../../../../lib/bpmn/moddle.ts";
import { file } from "../drawing.ts";
import { addPictures } from "./picture_of.ts";

export interface Sketch {
  /** Inside the process `P`; see `node`, `flow` and `path`. */
  readonly content: string;
  /** Further root elements: messages, errors, another process… */
  readonly beside?: string;
  /** The name of the pool; without one there is no collaboration. @default "Orders" */
  readonly pool?: string | undefined;
  /** Further pools, and messages between them. */
  readonly inCollaboration?: string;
  /** Sub-processes that are drawn closed, with a picture of their own. */
  readonly collapsed?: readonly string[];
  /** Whether steps list the flows that come and go. @default true */
  readonly listsFlows?: boolean;
  /** By how much everything in the picture is off whole pixels. @default 0 */
  readonly shift?: number;
}

export async function drawn(sketch: Sketch): Promise<string> {
  const { content, beside = "", inCollaboration = "" } = sketch;
  const pool = "pool" in sketch ? sketch.pool : "Orders";
  const collaboration = pool === undefined ? "" : `<bpmn:collaboration id="Collaboration_1">
    <bpmn:participant id="Participant_1" name="${pool}" processRef="P" />${inCollaboration}</bpmn:collaboration>`;
  const { definitions, warnings } = await readModel(
    file(`${collaboration}${beside}<bpmn:process id="P" isExecutable="false">${content}</bpmn:process>`),
  );
  assert.deepEqual(warnings.map(({ message }) => message), [], "the sketch has a slip");
  if (sketch.listsFlows ?? true) {
    for (const element of allElements(definitions)) {
      if (!is(element, "bpmn:SequenceFlow")) continue;
      element.sourceRef.outgoing.push(element);
      element.targetRef.incoming.push(element);
    }
  }
  addPictures(definitions, { collapsed: sketch.collapsed ?? [], shift: sketch.shift ?? 0 });
  return await writeModel(definitions);
}
