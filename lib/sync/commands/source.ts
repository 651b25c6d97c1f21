/** What people name as `FILE|ID`: a file, or a diagram in StormBPMN. */
import { type CommandContext, CommandError } from "./context.ts";
import { type Drawing, drawingIn, drawingOf } from "../drawing.ts";
import { type ConvertChoices, DrawingConverter } from "../drawing_converter.ts";
import { LinkedDiagrams } from "../linked_diagrams.ts";
import { openLinkedTasks } from "../linked_checklists.ts";
import { LinkedFiles } from "../linked_files.ts";
import { pullDiagram } from "../pull.ts";

export type Source =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "diagram"; readonly id: string };

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i;

/** An id, or the address of a diagram as a browser shows it; everything else is a file. */
export function sourceOf(text: string): Source {
  const id = UUID.exec(text)?.[0];
  const isDiagram = id !== undefined && (id === text || /^https?:\/\//i.test(text));
  return isDiagram ? { kind: "diagram", id } : { kind: "file", path: text };
}

/** Where only a diagram will do. @throws {CommandError} */
export function diagramIdOf(text: string): string {
  const source = sourceOf(text);
  if (source.kind === "diagram") return source.id;
  throw new CommandError(`"${text}" is no diagram id; \`exchanger-sync list\` shows them.`);
}

export interface LoadedSource {
  readonly drawing: Drawing;
  readonly converter: DrawingConverter;
}

/** A file needs no StormBPMN, and the portal only if one is set and a description links to it. */
export async function loadSource(
  source: Source,
  { choices, assignees }: { readonly choices: ConvertChoices; readonly assignees?: string | undefined },
  context: CommandContext,
): Promise<LoadedSource> {
  const { signal } = context;
  if (source.kind === "file") {
    using tasks = openLinkedTasks(context.settings, context.clock);
    const checklistsOf = tasks && ((ids: readonly string[]) => tasks.checklistsOf(ids, signal));
    const drawing = await drawingIn(source.path, { assignees, ...(checklistsOf && { checklistsOf }) }, signal);
    return { drawing, converter: new DrawingConverter(choices, new LinkedFiles(source.path)) };
  }
  using pull = context.openPull();
  context.status(`StormBPMN: diagram ${source.id}`);
  const linked = new LinkedDiagrams(pull.storm);
  const drawing = drawingOf(await pullDiagram(source.id, pull, signal));
  // While StormBPMN is open.
  const keys = await linked.keysFor(drawing.xml, drawing.links, signal);
  context.status(undefined);
  return { drawing, converter: new DrawingConverter(choices, { keysFor: () => Promise.resolve(keys) }) };
}
