/** The diagrams that a file's call activities lead to, among the files beside it: as `pull` put them there together. */
import { dirname, join } from "node:path";
import { defaultMaxBytes } from "../bpmn/convert/options.ts";
import type { DiagramLink } from "../stormbpmn/diagram.ts";
import { readFacts } from "./diagram_files.ts";
import type { CalledProcesses } from "./drawing_converter.ts";
import { drawnLinks, processKeyOf } from "./linked_diagrams.ts";
import { readIfThere } from "./text_file.ts";

const FACTS = "_diagram.json";

export class LinkedFiles implements CalledProcesses {
  constructor(private readonly path: string) {}

  /** @throws {CommandError} a file beside it cannot be read */
  async keysFor(
    xml: string,
    links: readonly DiagramLink[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, string>> {
    const wanted = new Set([...drawnLinks(xml), ...links.map(({ toDiagramId }) => toDiagramId)]);
    const keys = new Map<string, string>();
    if (wanted.size === 0) return keys;
    const folder = dirname(this.path);
    for await (const { name } of Deno.readDir(folder)) {
      if (!name.endsWith(FACTS)) continue;
      const facts = await readFacts(join(folder, name), signal);
      if (facts === undefined || !wanted.has(facts.id)) continue;
      const bpmn = join(folder, `${name.slice(0, -FACTS.length)}.bpmn`);
      const key = processKeyOf(await readIfThere(bpmn, defaultMaxBytes, signal) ?? "");
      if (key !== undefined) keys.set(facts.id, key);
    }
    return keys;
  }
}
