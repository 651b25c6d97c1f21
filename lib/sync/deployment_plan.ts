/** What deploying a file would do, without doing it. */
import type { Problem } from "../bpmn/convert/result.ts";
import type { CamundaClient } from "../camunda/client.ts";
import { readDeployable } from "./deployment/deployable.ts";
import { type DeployedDefinition, shown } from "./deployment/deploy_outcome.ts";
import { areOf, definitionsIn, standingOf } from "./deployment/standing.ts";
import { takenProcesses } from "./deployment/taken_processes.ts";

export interface PlannedProcess {
  readonly key: string;
  /** The newest version that Camunda has; `undefined` for a new process. */
  readonly version: number | undefined;
}

export type DeploymentPlan =
  | { readonly kind: "planned"; readonly processes: readonly PlannedProcess[] }
  | { readonly kind: "unchanged"; readonly definitions: readonly DeployedDefinition[] }
  | { readonly kind: "refused"; readonly problems: readonly Problem[] };

/** Camunda's own look at the file is not part of it: the engine checks a file only by deploying it. */
export async function planDeployment(
  { xml, fileName, diagramId }: {
    readonly xml: string;
    readonly fileName: string;
    readonly diagramId: string | undefined;
  },
  { tenantId, takeOver }: { readonly tenantId: string | undefined; readonly takeOver: boolean },
  camunda: CamundaClient,
  signal: AbortSignal,
): Promise<DeploymentPlan> {
  const read = await readDeployable(xml, fileName);
  if (read.kind === "refused") return read;
  const { processes } = read.file;
  const standings = await Promise.all(processes.map(({ key }) => standingOf(camunda, key, tenantId, signal)));
  if (areOf(xml, standings)) return { kind: "unchanged", definitions: definitionsIn(standings).map(shown) };
  const taken = takeOver ? [] : takenProcesses(read.file, standings, diagramId);
  if (taken.length > 0) return { kind: "refused", problems: taken };
  return {
    kind: "planned",
    processes: standings.map(({ key, newest }) => ({ key, version: newest?.definition.version })),
  };
}
