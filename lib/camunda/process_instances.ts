/** Instances of processes: starting them, for the demo, and those of a version that still run. */
import { z } from "zod";
import type { TypedVariables } from "../messages/typed_variables.ts";
import type { CamundaClient } from "./client.ts";
import { allPages } from "./pages.ts";

export interface ProcessStart {
  readonly businessKey?: string;
  readonly variables?: TypedVariables;
  readonly tenantId?: string;
}

const instance = z.object({ id: z.string() });

/** Starts the newest version of a process; returns the id of its instance. */
export async function startProcess(
  camunda: CamundaClient,
  processKey: string,
  { tenantId, ...start }: ProcessStart = {},
  signal?: AbortSignal,
): Promise<string> {
  const tenant = tenantId === undefined ? "" : `/tenant-id/${encodeURIComponent(tenantId)}`;
  const path = `/process-definition/key/${encodeURIComponent(processKey)}${tenant}/start`;
  return (await camunda.rest.read(instance, { method: "POST", path, json: start, signal })).id;
}

/** The instances of a version that have not ended, suspended ones too. */
export async function runningInstances(
  camunda: CamundaClient,
  processDefinitionId: string,
  signal?: AbortSignal,
): Promise<string[]> {
  const instances = await allPages((page) =>
    camunda.rest.read(z.array(instance), {
      method: "POST",
      path: "/process-instance",
      query: { ...page },
      json: { processDefinitionId, sorting: [{ sortBy: "instanceId", sortOrder: "asc" }] },
      signal,
    })
  );
  return instances.map(({ id }) => id);
}
