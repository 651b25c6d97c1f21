/** Creating deployments. What a refusal means is in `parse_faults.ts`, what was deployed before in `process_definitions.ts`. */
import { z } from "zod";
import type { CamundaClient } from "./client.ts";
import { type ProcessDefinition, processDefinition } from "./process_definitions.ts";
import { formatCamundaDate } from "./variables.ts";

export interface NewDeployment {
  readonly name: string;
  /** File names (the suffix decides what is parsed: `.bpmn`, `.dmn`…) to their contents. */
  readonly resources: ReadonlyMap<string, string>;
  /** Without one the processes belong to no tenant, and workers that fetch for a tenant do not see their tasks. */
  readonly tenantId?: string | undefined;
  /** Who deploys; part of what duplicates are recognised by. */
  readonly source?: string | undefined;
  /**
   * What happens to resources that the last deployment with this name, source and tenant has already:
   * - `deploy`: they become new versions;
   * - `skip`: nothing is deployed when none has changed, everything when one has;
   * - `skip_unchanged`: only those are deployed that have changed.
   * @default "skip"
   */
  readonly duplicates?: "deploy" | "skip" | "skip_unchanged";
  /**
   * Until then the new versions are suspended. It is done to the versions of the deployment that is answered, even if it is
   * an older one with the same content.
   */
  readonly activateAt?: Date | undefined;
}

export interface CreatedDeployment {
  /** Of an older deployment if nothing has changed. */
  readonly id: string;
  /** The new versions; none when nothing has changed or nothing in it is executable. */
  readonly definitions: readonly ProcessDefinition[];
}

const created = z.object({
  id: z.string(),
  // By definition id; null, not empty, when there are none.
  deployedProcessDefinitions: z.record(z.string(), processDefinition).nullish(),
});

/**
 * All or nothing: one faulty resource and none is deployed.
 * @throws {CamundaError} see `parseFaultsOf`
 */
export async function createDeployment(
  camunda: CamundaClient,
  deployment: NewDeployment,
  signal?: AbortSignal,
): Promise<CreatedDeployment> {
  const { name, source, tenantId, duplicates = "skip", activateAt, resources } = deployment;
  const form = new FormData();
  form.set("deployment-name", name);
  form.set("enable-duplicate-filtering", String(duplicates !== "deploy"));
  form.set("deploy-changed-only", String(duplicates === "skip_unchanged"));
  if (source !== undefined) form.set("deployment-source", source);
  if (tenantId !== undefined) form.set("tenant-id", tenantId);
  if (activateAt !== undefined) form.set("deployment-activation-time", formatCamundaDate(activateAt));
  // A part of type text/plain would be taken for a field, one without a file name is refused (FormPart).
  for (const [file, content] of resources) form.set(file, new File([content], file, { type: "text/xml" }));
  const answer = await camunda.rest.read(created, { method: "POST", path: "/deployment/create", body: form, signal });
  return { id: answer.id, definitions: Object.values(answer.deployedProcessDefinitions ?? {}) };
}
