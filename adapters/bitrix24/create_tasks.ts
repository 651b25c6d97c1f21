/** Finds the portal's task of each external task, or creates it: first all look-ups, then all creations. */
import type { Bitrix24Error } from "../../lib/bitrix24/bitrix24_error.ts";
import type { Bitrix24Client } from "../../lib/bitrix24/client.ts";
import type { TaskMessage } from "../../lib/messages/task_message.ts";
import type { Log } from "../../lib/telemetry/log.ts";
import type { CreateOutcome } from "../target_system.ts";
import { findTasks, type LookUp } from "./find_tasks.ts";
import { addedTask, type PortalTask } from "./portal_task.ts";
import { type FieldSettings, taskFields } from "./task_fields.ts";

export interface CreateTasksOptions {
  readonly fields: FieldSettings;
  /** Most tasks created with one request. */
  readonly createBatch: number;
  /** Scheme and host, for links that people open. */
  readonly portalOrigin: string;
}

export interface CreateTasksDeps {
  readonly client: Bitrix24Client;
  readonly log: Log;
}

/** One outcome per task, in order. */
export async function createTasks(
  tasks: readonly TaskMessage[],
  options: CreateTasksOptions,
  deps: CreateTasksDeps,
  signal: AbortSignal,
): Promise<CreateOutcome[]> {
  const found = await findTasks(tasks.map(({ task_id }) => task_id), deps.client, signal);
  const settled = found.map((lookUp, index) => outcomeOf(lookUp, tasks[index]?.task_id ?? "", options, deps.log));
  const absent = tasks.filter((_, index) => settled[index] === undefined);
  const additions = (await add(absent, options, deps, signal)).values();
  return settled.map((outcome): CreateOutcome =>
    outcome ?? additions.next().value ?? { kind: "retry", reason: "not tried" }
  );
}

/** `undefined` for a task that is surely absent: only those may be created. */
function outcomeOf(
  lookUp: LookUp,
  taskId: string,
  { portalOrigin }: CreateTasksOptions,
  log: Log,
): CreateOutcome | undefined {
  if (lookUp.kind === "unknown") return { kind: lookUp.because, reason: `Cannot look for the task: ${lookUp.reason}` };
  const [task, ...others] = lookUp.tasks;
  if (others.length > 0) {
    log.warn("bitrix24.duplicates", "Bitrix24 has several tasks for one external task; the oldest counts", {
      taskId,
      used: task?.id,
      others: others.map(({ id }) => id).join(", "),
    });
  }
  return task && created(task, portalOrigin);
}

async function add(
  tasks: readonly TaskMessage[],
  options: CreateTasksOptions,
  { client, log }: CreateTasksDeps,
  signal: AbortSignal,
): Promise<CreateOutcome[]> {
  const commands = tasks.map((task) => {
    const fields = taskFields(task, options.fields);
    if (task.variables["deadline"] && fields["DEADLINE"] === undefined) {
      log.warn("bitrix24.deadline_ignored", "The variable deadline is no date", { taskId: task.task_id });
    }
    return { method: "tasks.task.add", params: { fields } };
  });
  const results = await client.runAll(commands, options.createBatch, signal);
  return results.map((result): CreateOutcome => {
    if (!result.ok) return failedAddition(result.error);
    const task = addedTask.safeParse(result.result).data;
    if (task !== undefined) return created(task, options.portalOrigin);
    return { kind: "retry", reason: "Bitrix24 answered a creation without the task.", ambiguous: true };
  });
}

function failedAddition(error: Bitrix24Error): CreateOutcome {
  const { failure, code, message: reason, ambiguous } = error;
  switch (failure) {
    case "limited":
    case "unavailable":
    case "denied":
      return { kind: "down", reason, ambiguous };
    case "fault":
      return { kind: "retry", reason, ambiguous };
    case "not_found":
    case "rejected":
      // The predecessor's name for an assignee that the portal does not know.
      return { kind: "refused", code: /Исполнитель|Ответственный/.test(reason) ? "ASSIGNEE_ID_ERROR" : code, reason };
  }
}

function created(task: PortalTask, portalOrigin: string): CreateOutcome {
  const url = `${portalOrigin}/company/personal/user/${task.responsibleId ?? "0"}/tasks/task/view/${task.id}/`;
  return { kind: "created", id: task.id, url, response: { result: { task: task.raw } } };
}
