/** Reads the mapping file. What it may say is decided where it is used, in lib/bpmn/convert/mapping.ts. */
import { type Mapping, mappingSchema } from "../../bpmn/convert/mapping.ts";
import { CommandError } from "../commands/context.ts";
import { readTextFile } from "../text_file.ts";
import { mappingFaults } from "./mapping_faults.ts";
import { readYaml, type YamlFault } from "./yaml_text.ts";

/** Thousands of elements. The parser's time grows with the square of what is wrong with a file. */
const MAX_BYTES = 256 * 1024;
/** After so many, what is wrong is something else. */
const MAX_TOLD = 20;

/** @throws {CommandError} that names the file and, for each fault, where it is: `mapping.yaml:4:12: …` */
export async function readMappingFile(path: string, signal: AbortSignal): Promise<Mapping> {
  return mappingIn(await readTextFile(path, MAX_BYTES, signal), path);
}

/** JSON is YAML, too. An empty file says nothing. @param label what messages call the file @throws {CommandError} */
export function mappingIn(text: string, label: string): Mapping {
  const yaml = readYaml(text);
  if (yaml.kind === "refused") throw refusal(label, yaml.faults);
  const parsed = mappingSchema.safeParse(yaml.value ?? {});
  if (parsed.success) return parsed.data;
  throw refusal(label, mappingFaults(parsed.error.issues, yaml));
}

function refusal(label: string, faults: readonly YamlFault[]): CommandError {
  const lines = faults.toSorted((one, other) => one.line - other.line || one.column - other.column)
    .slice(0, MAX_TOLD).map(({ line, column, reason }) => `${label}:${line}:${column}: ${reason}`);
  const untold = faults.length - lines.length;
  return new CommandError([...lines, ...untold > 0 ? [`${label}: and ${untold} more.`] : []].join("\n"));
}
