/** Moves the running instances of one version of a process to another, as far as they can move. */
import { oneLine } from "../../bpmn/convert/report.ts";
import { type CamundaClient, CamundaError } from "../../camunda/client.ts";
import { executeMigration, generateMigration, type MigrationPlan, validateMigration } from "../../camunda/migration.ts";
import type { ProcessDefinition } from "../../camunda/process_definitions.ts";
import { runningInstances } from "../../camunda/process_instances.ts";

/** Moved in one transaction. */
const INSTANCES_AT_ONCE = 100;
/** Of more that stay, the others are only counted. */
const TOLD_INSTANCES = 5;
/** MigrationLogger: another version's by now, or ended. */
const NOT_HERE_ANY_MORE = /^ENGINE-2300[23] /;

/**
 * Where an activity that somebody works on is gone, an instance cannot move.
 * @returns at most one warning, when instances stay
 */
export async function migrateInstances(
  camunda: CamundaClient,
  from: ProcessDefinition,
  to: ProcessDefinition,
  signal: AbortSignal,
): Promise<string[]> {
  const instances = await runningInstances(camunda, from.id, signal);
  if (instances.length === 0) return [];
  const staying = await move(camunda, await generateMigration(camunda, from.id, to.id, signal), instances, signal);
  if (staying.length === 0) return [];
  const told = staying.slice(0, TOLD_INSTANCES).join("; ");
  const more = staying.length - TOLD_INSTANCES;
  return [
    `${staying.length} of ${instances.length} running instances of ${from.key} version ${from.version} stay with it: ` +
    `${told}${more > 0 ? `; and ${more} more` : ""}`,
  ];
}

/** @returns which instances stay, each with the reason */
async function move(
  camunda: CamundaClient,
  plan: MigrationPlan,
  instances: readonly string[],
  signal: AbortSignal,
): Promise<string[]> {
  const faults = oneLine((await validateMigration(camunda, plan, signal)).join("; "));
  if (faults !== "") return instances.map((id) => `${id}: ${faults}`);
  const staying: string[] = [];
  for (let at = 0; at < instances.length; at += INSTANCES_AT_ONCE) {
    staying.push(...await moveTogether(camunda, plan, instances.slice(at, at + INSTANCES_AT_ONCE), signal));
  }
  return staying;
}

/** One that cannot move stops the others of its transaction, so what is refused is halved until it stands alone. */
async function moveTogether(
  camunda: CamundaClient,
  plan: MigrationPlan,
  instances: readonly string[],
  signal: AbortSignal,
): Promise<string[]> {
  try {
    await executeMigration(camunda, plan, instances, signal);
    return [];
  } catch (error) {
    const refusal = refusalIn(error);
    if (refusal === undefined) throw error;
    const [only, ...others] = instances;
    if (only !== undefined && others.length === 0) {
      return NOT_HERE_ANY_MORE.test(refusal) ? [] : [`${only}: ${oneLine(refusal)}`];
    }
    const middle = Math.ceil(instances.length / 2);
    const staying = await moveTogether(camunda, plan, instances.slice(0, middle), signal);
    return [...staying, ...await moveTogether(camunda, plan, instances.slice(middle), signal)];
  }
}

/** Why Camunda would not move an instance, with 400, or with 500 when the instance is gone; `undefined`: it failed. */
function refusalIn(error: unknown): string | undefined {
  if (!(error instanceof CamundaError) || error.type === undefined) return undefined;
  const message = error.camundaMessage ?? "";
  return error.status === 400 || NOT_HERE_ANY_MORE.test(message) ? message : undefined;
}
