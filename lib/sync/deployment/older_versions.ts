/** What becomes of the versions of a process before the newest one. Done twice, it changes nothing more. */
import { type CamundaClient, CamundaError } from "../../camunda/client.ts";
import { type ProcessDefinition, suspendDefinition, versionsOf } from "../../camunda/process_definitions.ts";
import { HttpError } from "../../http/http_client.ts";
import { migrateInstances } from "./migrate_instances.ts";
import { repeat, type Repetition } from "./repeat.ts";

/**
 * - `keep`: they stay as they are;
 * - `suspend`: nothing can be started of them any more, what runs goes on;
 * - `migrate`: their running instances move to the newest version where they can.
 */
export type OlderVersions = "keep" | "suspend" | "migrate";

/**
 * A failure is a warning: the new versions are there, and the next run comes back to the older ones.
 * @returns a sentence for whatever stays as it was
 */
export async function settleOlder(
  camunda: CamundaClient,
  newest: readonly ProcessDefinition[],
  { olderVersions, repetition }: { readonly olderVersions: OlderVersions; readonly repetition: Repetition },
  signal: AbortSignal,
): Promise<string[]> {
  const settle = settlers[olderVersions];
  const warnings: string[] = [];
  for (const definition of newest) {
    try {
      warnings.push(...await repeat(() => settle(camunda, definition, signal), repetition, signal));
    } catch (error) {
      if (signal.aborted || !(error instanceof CamundaError || error instanceof HttpError)) throw error;
      warnings.push(`${definition.key}: not all older versions were treated (${olderVersions}): ${error.message}`);
    }
  }
  return warnings;
}

type Settle = (camunda: CamundaClient, newest: ProcessDefinition, signal: AbortSignal) => Promise<readonly string[]>;

const settlers: Readonly<Record<OlderVersions, Settle>> = {
  keep: () => Promise.resolve([]),
  suspend: suspendOlder,
  migrate: migrateOlder,
};

async function suspendOlder(camunda: CamundaClient, newest: ProcessDefinition, signal: AbortSignal): Promise<string[]> {
  for (const { id, suspended } of await olderThan(camunda, newest, signal)) {
    if (!suspended) await suspendDefinition(camunda, id, signal);
  }
  return [];
}

async function migrateOlder(camunda: CamundaClient, newest: ProcessDefinition, signal: AbortSignal): Promise<string[]> {
  const warnings: string[] = [];
  for (const older of await olderThan(camunda, newest, signal)) {
    warnings.push(...await migrateInstances(camunda, older, newest, signal));
  }
  return warnings;
}

async function olderThan(camunda: CamundaClient, { key, tenantId, version }: ProcessDefinition, signal: AbortSignal) {
  return (await versionsOf(camunda, key, tenantId, signal)).filter((definition) => definition.version < version);
}
