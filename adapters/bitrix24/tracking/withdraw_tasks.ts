/** Tells the people of open tasks that no process waits for them any more and, by setting, closes these tasks. */
import { Bitrix24Error } from "../../../lib/bitrix24/bitrix24_error.ts";
import { BATCH_LIMIT, type Bitrix24Client, type Command } from "../../../lib/bitrix24/client.ts";
import { GatheredCalls } from "../../../lib/bitrix24/gathered_calls.ts";
import type { SentMessage } from "../../../lib/messages/sent_message.ts";
import type { Log } from "../../../lib/telemetry/log.ts";
import type { Withdrawal } from "../../target_system.ts";
import { findTasks } from "../find_tasks.ts";
import { type PortalTask, taskIdIn } from "../portal_task.ts";
import { commentOn, WITHDRAWN } from "./comments.ts";
import { type Failure, lookAtTasks } from "./look_at_tasks.ts";
import { stateOf } from "./task_state.ts";
import type { TrackingSettings } from "./tracking_settings.ts";

export interface WithdrawTasksDeps {
  readonly client: Bitrix24Client;
  readonly log: Log;
}

/**
 * One outcome per message, in order. A message that names no task is about one that was perhaps created: it is sought. A
 * task that is closed or deleted needs no word: most often the process went on because of it.
 */
export async function withdrawTasks(
  sent: readonly SentMessage[],
  settings: TrackingSettings,
  deps: WithdrawTasksDeps,
  signal: AbortSignal,
): Promise<Withdrawal[]> {
  const { client } = deps;
  const ids = await idsOf(sent, client, signal);
  const { tasks } = await lookAtTasks(new Set(ids.filter((id) => typeof id === "string")), client, signal);
  const calls = new GatheredCalls(client, BATCH_LIMIT, signal);
  const withdrawals = new Map(
    await Promise.all([...tasks].map(async ([id, look]): Promise<[string, Withdrawal]> => {
      if (look.kind !== "shown") return [id, look];
      const isOpen = stateOf(look.task, settings) === "open";
      return [id, isOpen ? await withdraw(look.task, settings, calls, deps.log) : { kind: "withdrawn" }];
    })),
  );
  return ids.map((id) => {
    if (typeof id === "object") return id;
    return id === undefined ? { kind: "withdrawn" } : withdrawals.get(id) ?? { kind: "withdrawn" };
  });
}

/** Of each message the portal's task id, none when there is no task, or why that is not known. */
async function idsOf(
  sent: readonly SentMessage[],
  client: Bitrix24Client,
  signal: AbortSignal,
): Promise<(string | undefined | Failure)[]> {
  const unnamed = sent.filter(({ response_data }) => taskIdIn(response_data) === undefined);
  const found = await findTasks(unnamed.map(({ original_message }) => original_message.task_id), client, signal);
  const foundFor = new Map(unnamed.map((message, index) => [message, found[index]]));
  return sent.map((message) => {
    const lookUp = foundFor.get(message);
    if (lookUp?.kind === "unknown") return { kind: lookUp.because, reason: lookUp.reason };
    return lookUp?.kind === "known" ? lookUp.tasks[0]?.id : taskIdIn(message.response_data);
  });
}

async function withdraw(
  task: PortalTask,
  settings: TrackingSettings,
  calls: GatheredCalls,
  log: Log,
): Promise<Withdrawal> {
  const commands = [commentOn(task.id, WITHDRAWN), ...(settings.BITRIX_CLOSE_WITHDRAWN ? closing(task) : [])];
  const results = await Promise.allSettled(commands.map((command) => calls.call(command)));
  for (const result of results) {
    if (result.status === "fulfilled") continue;
    const error: unknown = result.reason;
    if (!(error instanceof Bitrix24Error)) throw error;
    const { failure, isAboutPortal, message: reason } = error;
    if (failure !== "rejected" && failure !== "not_found") return { kind: isAboutPortal ? "down" : "retry", reason };
    // Somebody closed or deleted it meanwhile, or may do what the webhook may not. Nothing waits for it.
    log.warn("bitrix24.not_withdrawn", reason, { portalTaskId: task.id });
  }
  return { kind: "withdrawn" };
}

/** The portal runs the commands of a request in order. */
function closing({ id, status }: PortalTask): Command[] {
  const taskId = Number(id);
  if (status === "4") return [{ method: "tasks.task.approve", params: { taskId } }];
  // Without a demand for a result, and without control, nothing keeps the task from being closed for good.
  const fields = { TASK_CONTROL: "N", SE_PARAMETER: [{ CODE: 3, VALUE: "N" }] };
  return [
    { method: "tasks.task.update", params: { taskId, fields } },
    { method: "tasks.task.complete", params: { taskId } },
  ];
}
