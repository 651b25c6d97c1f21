/** Moving running instances from one version of a process to another. */
import { z } from "zod";
import type { CamundaClient } from "./client.ts";

const instruction = z.looseObject({
  sourceActivityIds: z.array(z.string()).nullish(),
  targetActivityIds: z.array(z.string()).nullish(),
});

/** Which activity becomes which; sent back as it came. */
const migrationPlan = z.looseObject({
  sourceProcessDefinitionId: z.string(),
  targetProcessDefinitionId: z.string(),
  instructions: z.array(instruction).nullish(),
});
export type MigrationPlan = z.infer<typeof migrationPlan>;

const validation = z.object({
  instructionReports: z.array(z.object({
    instruction: instruction.nullish(),
    failures: z.array(z.string()).nullish(),
  })).nullish(),
});

/** Activities with the same id and of the same kind are mapped; what has no counterpart is not in the plan. */
export async function generateMigration(
  camunda: CamundaClient,
  sourceId: string,
  targetId: string,
  signal?: AbortSignal,
): Promise<MigrationPlan> {
  return await camunda.rest.read(migrationPlan, {
    method: "POST",
    path: "/migration/generate",
    json: {
      sourceProcessDefinitionId: sourceId,
      targetProcessDefinitionId: targetId,
      // A timer that runs takes the time of the new version.
      updateEventTriggers: true,
    },
    signal,
  });
}

/** What is wrong with the plan itself, a line for each fault; empty when it can be executed. */
export async function validateMigration(
  camunda: CamundaClient,
  plan: MigrationPlan,
  signal?: AbortSignal,
): Promise<string[]> {
  const { instructionReports } = await camunda.rest.read(validation, {
    method: "POST",
    path: "/migration/validate",
    json: plan,
    signal,
  });
  return (instructionReports ?? []).flatMap(({ instruction, failures }) =>
    (failures ?? []).map((failure) => `${(instruction?.sourceActivityIds ?? []).join(", ")}: ${failure}`)
  );
}

/**
 * Moves these instances, all or none of them.
 * @throws {CamundaError} 400 when one stands at an activity for which the plan says nothing; the message names it
 */
export async function executeMigration(
  camunda: CamundaClient,
  plan: MigrationPlan,
  processInstanceIds: readonly string[],
  signal?: AbortSignal,
): Promise<void> {
  await camunda.rest.run({
    method: "POST",
    path: "/migration/execute",
    json: { migrationPlan: plan, processInstanceIds },
    signal,
  });
}
