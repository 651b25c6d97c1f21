/** All processes that an engine has, each in its newest version. */
import { z } from "zod";
import type { CamundaClient } from "./client.ts";
import { allPages } from "./pages.ts";
import { ofTenant, type ProcessDefinition, processDefinition } from "./process_definitions.ts";

/** Of a tenant, or (`undefined`) of those that belong to none. */
export async function latestDefinitions(
  camunda: CamundaClient,
  tenantId: string | undefined,
  signal: AbortSignal,
): Promise<ProcessDefinition[]> {
  const definitions = await allPages((page) =>
    camunda.rest.read(z.array(processDefinition), {
      method: "GET",
      path: "/process-definition",
      query: { latestVersion: true, ...ofTenant(tenantId ?? null), sortBy: "key", sortOrder: "asc", ...page },
      signal,
    })
  );
  // A process deployed while pages are read moves those after it.
  return [...new Map(definitions.map((definition) => [definition.id, definition])).values()];
}
