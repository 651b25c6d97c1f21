/** What Camunda has of a process now. */
import type { CamundaClient } from "../../camunda/client.ts";
import { newestDefinitions, type ProcessDefinition } from "../../camunda/process_definitions.ts";

export interface Standing {
  readonly key: string;
  /** The newest version of our tenant, with its XML as it was deployed. */
  readonly newest: { readonly definition: ProcessDefinition; readonly xml: string } | undefined;
  /** The newest version that belongs to no tenant, when we have one. */
  readonly tenantless: ProcessDefinition | undefined;
}

export async function standingOf(
  camunda: CamundaClient,
  key: string,
  tenantId: string | undefined,
  signal: AbortSignal,
): Promise<Standing> {
  const found = await newestDefinitions(camunda, key, signal);
  const definition = found.find((one) => one.tenantId === (tenantId ?? null));
  return {
    key,
    newest: definition && { definition, xml: await camunda.processDefinitionXml(definition.id, signal) },
    tenantless: tenantId === undefined ? undefined : found.find((one) => one.tenantId === null),
  };
}

/** Whether the newest version of each is of this text. */
export function areOf(xml: string, standings: readonly Standing[]): boolean {
  return standings.every(({ newest }) => newest?.xml === xml);
}

/** The newest versions. */
export function definitionsIn(standings: readonly Standing[]): ProcessDefinition[] {
  return standings.flatMap(({ newest }) => newest?.definition ?? []);
}
