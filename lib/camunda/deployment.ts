/** Deploying and starting processes: for sync and the demo; the worker does neither. */
import { z } from "zod";
import type { TypedVariables } from "../messages/typed_variables.ts";
import type { CamundaClient } from "./client.ts";

export interface Deployment {
  readonly name: string;
  /** File names (the suffix decides what is parsed: `.bpmn`, `.dmn`…) to their contents. */
  readonly resources: ReadonlyMap<string, string>;
  readonly tenantId?: string;
  /** Who deploys; part of what duplicates are recognised by. */
  readonly source?: string;
}

export interface DeployedProcess {
  readonly id: string;
  readonly key: string;
  readonly version: number;
}

const deployed = z.object({
  id: z.string(),
  deployedProcessDefinitions: z.record(
    z.string(),
    z.object({ id: z.string(), key: z.string(), version: z.number() }),
  ).nullish(),
});

/**
 * Deploys what has changed since the last deployment of this name and source.
 * @returns the new versions; none when nothing has changed.
 */
export async function deploy(
  camunda: CamundaClient,
  deployment: Deployment,
  signal?: AbortSignal,
): Promise<{ readonly id: string; readonly processes: readonly DeployedProcess[] }> {
  const form = new FormData();
  form.set("deployment-name", deployment.name);
  form.set("enable-duplicate-filtering", "true");
  form.set("deploy-changed-only", "true");
  if (deployment.source !== undefined) form.set("deployment-source", deployment.source);
  if (deployment.tenantId !== undefined) form.set("tenant-id", deployment.tenantId);
  for (const [name, content] of deployment.resources) form.set(name, new File([content], name, { type: "text/xml" }));
  const answer = await camunda.rest.read(deployed, { method: "POST", path: "/deployment/create", body: form, signal });
  return { id: answer.id, processes: Object.values(answer.deployedProcessDefinitions ?? {}) };
}

export interface ProcessStart {
  readonly businessKey?: string;
  readonly variables?: TypedVariables;
  readonly tenantId?: string;
}

/** Starts the newest version of a process; returns the id of its instance. */
export async function startProcess(
  camunda: CamundaClient,
  processKey: string,
  { tenantId, ...start }: ProcessStart = {},
  signal?: AbortSignal,
): Promise<string> {
  const tenant = tenantId === undefined ? "" : `/tenant-id/${encodeURIComponent(tenantId)}`;
  const path = `/process-definition/key/${encodeURIComponent(processKey)}${tenant}/start`;
  return (await camunda.rest.read(z.object({ id: z.string() }), { method: "POST", path, json: start, signal })).id;
}
