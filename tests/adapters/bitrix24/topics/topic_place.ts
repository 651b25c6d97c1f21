/** A simulated portal, and messages as the worker writes them, for the tests of these topics. */
import assert from "node:assert/strict";
import { handleOtherTopics } from "../../../../adapters/bitrix24/topics/handle_other_topics.ts";
import type { CreateOutcome } from "../../../../adapters/target_system.ts";
import type { TaskMessage } from "../../../../lib/messages/task_message.ts";
import { logOf } from "../../../../lib/telemetry/log.ts";
import type { Bitrix24Simulator } from "../../../../simulators/bitrix24/simulator.ts";
import { never, openPortal } from "../../../simulators/bitrix24/portal_place.ts";
import { task } from "../messages.ts";

export const OPTIONS = { createBatch: 50, timeZone: "Europe/Moscow" };

export async function openTopics() {
  const { simulator, client, ...place } = await openPortal();
  const handle = (...tasks: readonly TaskMessage[]) =>
    handleOtherTopics(tasks, OPTIONS, { client, log: logOf("test") }, never);
  return { ...place, simulator, client, handle };
}

/** A task whose model has these input parameters, evaluated to these values. */
export function asking(
  topic: string,
  inputs: Readonly<Record<string, unknown>> = {},
  more: Readonly<Record<string, unknown>> = {},
): TaskMessage {
  const { taskId = "ext-1", variables = {}, metadata = {}, ...rest } = more;
  return task(String(taskId), {
    topic,
    ...rest,
    variables: { ...inputs, ...Object(variables) },
    metadata: {
      activityInfo: { id: "Activity_A", name: "A", type: "external", topic },
      inputParameters: Object.fromEntries(Object.keys(inputs).map((name) => [name, "${modelled}"])),
      ...Object(metadata),
    },
  });
}

/** The values of the variables that a finished task sets. */
export function variablesOf(outcome: CreateOutcome | undefined): Record<string, unknown> {
  assert.equal(outcome?.kind, "done", JSON.stringify(outcome));
  return Object.fromEntries(Object.entries(outcome.variables).map(([name, { value }]) => [name, value]));
}

export function refusalOf(outcome: CreateOutcome | undefined): { readonly code: string; readonly reason: string } {
  assert.equal(outcome?.kind, "refused", JSON.stringify(outcome));
  return outcome;
}

/** Ids made for each external task. */
export function ledgerOf({ crm }: Bitrix24Simulator): Record<string, readonly string[]> {
  return Object.fromEntries(crm.ledger());
}
