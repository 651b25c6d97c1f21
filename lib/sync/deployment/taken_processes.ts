/**
 * Processes that another diagram has already. A copy of a diagram keeps the ids of its processes, which are Camunda's keys:
 * deployed in turns, each would replace the other.
 */
import { calledIn } from "../../bpmn/convert/report.ts";
import type { Problem } from "../../bpmn/convert/result.ts";
import { BpmnParseError } from "../../bpmn/bpmn_parse_error.ts";
import { deployedFacts } from "../deployed_facts.ts";
import type { Deployable } from "./deployable.ts";
import type { Standing } from "./standing.ts";

/** `diagramId`: of the file, where its processes do not say it. */
export function takenProcesses(
  { processes }: Deployable,
  standings: readonly Standing[],
  diagramId: string | undefined,
): Problem[] {
  const problems: Problem[] = [];
  for (const { key, element, diagramId: own = diagramId } of processes) {
    const newest = standings.find((standing) => standing.key === key)?.newest;
    if (newest === undefined || own === undefined) continue;
    const other = diagramIdIn(newest.xml, key);
    if (other === undefined || other === own) continue;
    problems.push({
      reason:
        `${calledIn(element)}: Camunda's version ${newest.definition.version} of this process was made of another ` +
        `diagram, ${other}. A copy of a diagram keeps the ids of its processes: give the process an id of its own, or ` +
        "take the process over on purpose.",
      elementId: key,
    });
  }
  return problems;
}

/** `undefined` when the deployed text does not say it. */
function diagramIdIn(xml: string, processKey: string): string | undefined {
  try {
    return deployedFacts(xml, processKey)?.id;
  } catch (error) {
    if (error instanceof BpmnParseError) return undefined;
    throw error;
  }
}
