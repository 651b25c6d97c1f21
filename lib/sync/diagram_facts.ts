/** Which version of which diagram it is. */
import type { DiagramFacts } from "../bpmn/convert/options.ts";

/** Empty where StormBPMN does not say. */
export function diagramFacts(
  { id, versionNumber, updatedOn }: {
    readonly id: string;
    readonly versionNumber?: number | undefined;
    readonly updatedOn?: string | undefined;
  },
): DiagramFacts {
  return { id, version: versionNumber === undefined ? "" : String(versionNumber), updatedOn: updatedOn ?? "" };
}
