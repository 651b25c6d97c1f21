/** Loads what people name as `FILE|ID` for commands that look at it and convert nothing. */
import type { Definitions } from "../../bpmn/model.ts";
import { errorText } from "../../telemetry/error_text.ts";
import { type Drawing, drawingIn, drawingOf } from "../drawing.ts";
import { openLinkedTasks } from "../linked_checklists.ts";
import { pullDiagram, type PulledDiagram } from "../pull.ts";
import { readBpmn } from "../read_bpmn.ts";
import { type CommandContext, CommandError } from "./context.ts";
import type { Source } from "./source.ts";

/**
 * How much is asked for, so that nothing is spent of StormBPMN's few requests a minute in vain:
 * the drawing alone; with the records of its elements; and with the checklists in Bitrix24 that these link to.
 */
export type DrawingNeed = "drawing" | "records" | "checklists";

/** @param assignees file with records; for a file only, and without it `<name>_assignees.json` beside it */
export async function loadDrawing(
  source: Source,
  need: DrawingNeed,
  context: CommandContext,
  assignees?: string,
): Promise<Drawing> {
  const { settings, clock, signal } = context;
  if (source.kind === "file") {
    using tasks = need === "checklists" ? openLinkedTasks(settings, clock) : undefined;
    const checklistsOf = tasks && ((ids: readonly string[]) => tasks.checklistsOf(ids, signal));
    return await drawingIn(source.path, { assignees, ...(checklistsOf && { checklistsOf }) }, signal);
  }
  context.status(`StormBPMN: diagram ${source.id}`);
  const drawing = drawingOf(await pulled(source.id, need, context));
  context.status(undefined);
  return drawing;
}

async function pulled(id: string, need: DrawingNeed, context: CommandContext): Promise<PulledDiagram> {
  const { signal } = context;
  if (need === "checklists") {
    using pull = context.openPull();
    return await pullDiagram(id, pull, signal);
  }
  using storm = context.openStorm();
  if (need === "records") return await pullDiagram(id, { storm }, signal);
  return { diagram: await storm.diagram(id, signal), records: [], linkedChecklists: new Map() };
}

/** @throws {CommandError} it is not BPMN */
export async function modelOf({ xml, label }: Drawing): Promise<Definitions> {
  return await aboutDrawing(label, () => readBpmn(xml, "The file cannot be read"));
}

/** What is wrong with a drawing is told by its name. @throws {CommandError} */
export async function aboutDrawing<T>(label: string, look: () => Promise<T>): Promise<T> {
  try {
    return await look();
  } catch (error) {
    throw new CommandError(`${label}: ${errorText(error)}`);
  }
}
