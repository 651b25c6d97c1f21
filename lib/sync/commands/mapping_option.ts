/** `--mapping FILE`, or the file that SYNC_MAPPING_FILE names. */
import type { Mapping } from "../../bpmn/convert/mapping.ts";
import { readMappingFile } from "../mapping/mapping_file.ts";
import type { CommandContext } from "./context.ts";

export const mappingFlags = "--mapping <file>";
export const mappingHelp = "topics, assignees, conditions… that are not drawn (YAML); without it SYNC_MAPPING_FILE";

/** @throws {CommandError} that names the file, and each line in which something is wrong */
export async function mappingOf(
  path: string | undefined,
  { settings, signal }: Pick<CommandContext, "settings" | "signal">,
): Promise<Mapping | undefined> {
  const chosen = path ?? settings.SYNC_MAPPING_FILE;
  return chosen === undefined ? undefined : await readMappingFile(chosen, signal);
}
