/** The versions of processes that are deployed. */
import { z } from "zod";
import { booleanOr } from "../messages/or_else.ts";
import type { CamundaClient } from "./client.ts";
import { allPages } from "./pages.ts";

const nullableText = z.string().nullable().default(null);

/** `ProcessDefinitionDto`, as far as we read it. */
export const processDefinition = z.object({
  /** `key:version:uuid`, or an uuid alone when that would be longer than 64 characters. */
  id: z.string().min(1),
  /** The id of the process in its file. */
  key: z.string(),
  name: nullableText,
  /** Counted per key and tenant. */
  version: z.number(),
  deploymentId: z.string(),
  tenantId: nullableText,
  /** Nothing can be started of it. */
  suspended: booleanOr(false),
});
export type ProcessDefinition = z.infer<typeof processDefinition>;

/** The newest version of a process in each tenant that has it, and of those without a tenant; suspended ones too. */
export async function newestDefinitions(
  camunda: CamundaClient,
  key: string,
  signal?: AbortSignal,
): Promise<ProcessDefinition[]> {
  return await find(camunda, { key, latestVersion: true, sortBy: "tenantId", sortOrder: "asc" }, signal);
}

/** All processes of a tenant, or (null) of those that belong to none, each in its newest version. */
export async function latestDefinitions(
  camunda: CamundaClient,
  tenantId: string | null,
  signal?: AbortSignal,
): Promise<ProcessDefinition[]> {
  return await find(camunda, { latestVersion: true, ...ofTenant(tenantId), sortBy: "key", sortOrder: "asc" }, signal);
}

/** All versions of a process in a tenant, or (null) without one; the newest first. */
export async function versionsOf(
  camunda: CamundaClient,
  key: string,
  tenantId: string | null,
  signal?: AbortSignal,
): Promise<ProcessDefinition[]> {
  return await find(camunda, { key, ...ofTenant(tenantId), sortBy: "version", sortOrder: "desc" }, signal);
}

/** Nothing can be started of a suspended version; what runs of it goes on. */
export async function suspendDefinition(camunda: CamundaClient, id: string, signal?: AbortSignal): Promise<void> {
  await camunda.rest.run({
    method: "PUT",
    path: `/process-definition/${encodeURIComponent(id)}/suspended`,
    json: { suspended: true, includeProcessInstances: false },
    signal,
  });
}

/** @param query with a total order */
async function find(
  camunda: CamundaClient,
  query: Readonly<Record<string, string | boolean>>,
  signal: AbortSignal | undefined,
): Promise<ProcessDefinition[]> {
  const definitions = await allPages((page) =>
    camunda.rest.read(z.array(processDefinition), {
      method: "GET",
      path: "/process-definition",
      query: { ...query, ...page },
      signal,
    })
  );
  // What is deployed while pages are read moves those after it.
  return [...new Map(definitions.map((definition) => [definition.id, definition])).values()];
}

/** The filter for a tenant's definitions, or (null) for those without one. */
function ofTenant(tenantId: string | null): { readonly [name: string]: string | true } {
  return tenantId === null ? { withoutTenantId: true } : { tenantIdIn: tenantId };
}
