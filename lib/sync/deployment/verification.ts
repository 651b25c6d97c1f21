/** A look at Camunda after a deployment: is there what was deployed, and will somebody do its work? */
import { calledIn } from "../../bpmn/convert/report.ts";
import type { Problem } from "../../bpmn/convert/result.ts";
import type { ProcessDefinition } from "../../camunda/process_definitions.ts";
import type { Deployable } from "./deployable.ts";
import type { Standing } from "./standing.ts";
import { unknownTopicWarnings } from "./unknown_topics.ts";

export interface Expected {
  readonly file: Deployable;
  readonly xml: string;
  /** What Camunda said that it has of the file's processes. */
  readonly definitions: readonly ProcessDefinition[];
  readonly tenantId: string | undefined;
  readonly extraTopics: readonly string[];
  /** Until then the versions are meant to be suspended. */
  readonly activateAt: Date | undefined;
}

/** Processes of which Camunda has nothing, although it took the file. */
export function missingProcesses(expected: Expected, standings: readonly Standing[]): Problem[] {
  const { file, tenantId, definitions } = expected;
  const present = new Set(standings.filter(({ newest }) => newest !== undefined).map(({ key }) => key));
  const missing = file.processes.filter(({ key }) =>
    !present.has(key) || !definitions.some((definition) => definition.key === key)
  );
  const where = tenantId === undefined ? "" : ` for the tenant ${tenantId}`;
  return missing.map(({ key, element }) => ({
    reason: `${calledIn(element)}: Camunda took the file but shows no version of this process${where}. ` +
      "May our user read process definitions?",
    elementId: key,
  }));
}

/** What the file and what Camunda has show before anything is deployed. */
export function warningsBefore(
  { file, tenantId, extraTopics }: Pick<Expected, "file" | "tenantId" | "extraTopics">,
  standings: readonly Standing[],
): string[] {
  return [
    ...file.notExecutable.map((process) => `${calledIn(process)} is not executable; Camunda leaves it out.`),
    ...unknownTopicWarnings(file, extraTopics),
    ...standings.flatMap(({ key, tenantless }) =>
      tenantless === undefined ? [] : [
        `${key}: there is also version ${tenantless.version} without a tenant. Whoever starts the process without naming ` +
        `${tenantId} gets that one, and no worker of ${tenantId} takes its tasks.`,
      ]
    ),
  ];
}

export function warningsOf(expected: Expected, standings: readonly Standing[]): string[] {
  return [
    ...warningsBefore(expected, standings),
    ...standings.flatMap((standing) => warningsAbout(standing, expected)),
  ];
}

function warningsAbout(
  { key, newest }: Standing,
  { xml, definitions, activateAt }: Expected,
): string[] {
  const warnings: string[] = [];
  if (newest !== undefined) {
    const { version, suspended, id } = newest.definition;
    if (!definitions.some((definition) => definition.id === id)) {
      warnings.push(`${key}: version ${version} was deployed by somebody else meanwhile and is the newest now.`);
    } else if (newest.xml !== xml) {
      warnings.push(`${key}: Camunda gives back another text than was deployed, so the next run will deploy it again.`);
    }
    if (activateAt !== undefined) {
      // GetDeployedProcessDefinitionCmd takes the newest version, whether it is suspended or not.
      warnings.push(
        `${key}: until ${activateAt.toISOString()} nothing can be started by this key: Camunda takes the newest ` +
          "version also while it is suspended.",
      );
    } else if (suspended) {
      warnings.push(`${key}: version ${version} is suspended, so nothing can be started of it.`);
    }
  }
  return warnings;
}
