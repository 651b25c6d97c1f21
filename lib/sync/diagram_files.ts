/** A diagram as files in a folder: the drawing, and beside it what the drawing does not say. */
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { defaultMaxBytes } from "../bpmn/convert/options.ts";
import { type AssigneeRecord, assigneeRecords } from "../stormbpmn/assignee_record.ts";
import type { Diagram } from "../stormbpmn/diagram.ts";
import { CommandError } from "./commands/context.ts";
import { readIfThere, readTextFile, writeOutput } from "./text_file.ts";

/** What is kept of a diagram in `<name>_diagram.json`, so that a process made of the file can tell its version. */
const diagramFile = z.object({
  id: z.string().min(1),
  name: z.string().default(""),
  versionNumber: z.number().optional(),
  updatedOn: z.string().optional(),
  status: z.string().optional(),
  author: z.string().optional(),
  outgoingLinks: z.array(
    z.object({
      fromItemId: z.string(),
      toDiagramId: z.string(),
      toDiagramName: z.string().optional(),
    }).transform(({ toDiagramName, ...link }) => ({ ...link, toDiagramName })),
  ).default([]),
});
export type DiagramFile = z.infer<typeof diagramFile>;

const BESIDE_MAX_BYTES = 64 * 1024 * 1024;
/** File systems allow 255 bytes, of which `camunda_` and `_assignees.json` take some. */
const STEM_MAX_BYTES = 180;
/** Of a UUID. */
const ID_MAX_CHARACTERS = 36;

/** A file name for a diagram, without its suffix; never empty. */
export function stemOf({ name, id }: { readonly name: string; readonly id: string }): string {
  return cleaned(name) || cleaned(id) || "diagram";
}

export interface WrittenDiagram {
  readonly bpmn: string;
  readonly assignees: string;
  readonly facts: string;
}

/**
 * Where a diagram's files go. Names are not unique: one that belongs to another diagram already gets the id behind it.
 * @param taken names used by other diagrams of the same run
 */
export async function placeFor(
  diagram: Pick<Diagram, "id" | "name">,
  folder: string,
  taken: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<WrittenDiagram> {
  const plain = filesOf(join(folder, stemOf(diagram)));
  const there = taken.has(plain.bpmn) ? undefined : await readFacts(plain.facts, signal);
  const isFree = !taken.has(plain.bpmn) && (there === undefined || there.id === diagram.id);
  return isFree
    ? plain
    : filesOf(join(folder, `${stemOf(diagram)} (${cleaned(diagram.id).slice(0, ID_MAX_CHARACTERS)})`));
}

export async function writeDiagram(
  files: WrittenDiagram,
  { xml, ...diagram }: Diagram,
  records: readonly AssigneeRecord[],
  signal: AbortSignal,
): Promise<void> {
  const { id, name, versionNumber, updatedOn, status, author, outgoingLinks } = diagram;
  const facts = { id, name, versionNumber, updatedOn, status, author, outgoingLinks };
  await writeOutput(files.assignees, `${JSON.stringify(records, undefined, 2)}\n`, signal);
  await writeOutput(files.facts, `${JSON.stringify(facts, undefined, 2)}\n`, signal);
  await writeOutput(files.bpmn, xml, signal);
}

export interface ReadDiagram {
  readonly xml: string;
  readonly records: readonly AssigneeRecord[];
  readonly facts: DiagramFile | undefined;
}

/**
 * The drawing, and what stands beside it.
 * @param assigneesPath must be there; without one, `<name>_assignees.json` is taken if it is
 * @throws {CommandError} that names the file
 */
export async function readDiagram(
  path: string,
  assigneesPath: string | undefined,
  signal: AbortSignal,
): Promise<ReadDiagram> {
  const xml = await readTextFile(path, defaultMaxBytes, signal);
  const { assignees, facts } = filesOf(path.replace(/\.(bpmn20\.xml|bpmn|xml)$/i, ""));
  const text = assigneesPath === undefined
    ? await readIfThere(assignees, BESIDE_MAX_BYTES, signal)
    : await readTextFile(assigneesPath, BESIDE_MAX_BYTES, signal);
  const records = text === undefined ? [] : parsed(assigneeRecords, text, assigneesPath ?? assignees);
  return { xml, records, facts: await readFacts(facts, signal) };
}

/** `…/camunda_order.bpmn` for `…/order.bpmn`. */
export function convertedPath(path: string): string {
  return join(dirname(path), `camunda_${basename(path).replace(/\.(bpmn20\.xml|xml)$/i, ".bpmn")}`);
}

function filesOf(stem: string): WrittenDiagram {
  return { bpmn: `${stem}.bpmn`, assignees: `${stem}_assignees.json`, facts: `${stem}_diagram.json` };
}

/** @throws {CommandError} that names the file; `undefined` when there is none */
export async function readFacts(path: string, signal: AbortSignal): Promise<DiagramFile | undefined> {
  const text = await readIfThere(path, BESIDE_MAX_BYTES, signal);
  return text === undefined ? undefined : parsed(diagramFile, text, path);
}

function parsed<T>(schema: z.ZodType<T>, text: string, path: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    throw new CommandError(`${path}: The file is not JSON.`);
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const faults = result.error.issues.slice(0, 3).map(({ path, message }) => `${path.join(".") || "all"}: ${message}`);
  throw new CommandError(`${path}: ${faults.join("; ")}.`);
}

/** What comes from StormBPMN must not lead out of the folder, an id as little as a name. */
function cleaned(text: string): string {
  // deno-lint-ignore no-control-regex -- they are what is replaced
  const clean = text.replace(/[<>:"/\\|?*\u0000-\u001f\u007f]/g, "_").replace(/^[. ]+/, "");
  const encoded = new TextEncoder().encode(clean).subarray(0, STEM_MAX_BYTES);
  return new TextDecoder().decode(encoded).replace(/\uFFFD+$/, "").replace(/[. ]+$/, "");
}
