/** Finds the portal's task of each external task, or creates it: first all look-ups, then all creations. */
import type { Bitrix24Error } from "../../lib/bitrix24/bitrix24_error.ts";
import { BATCH_LIMIT, type Bitrix24Client, type Command, type CommandResult } from "../../lib/bitrix24/client.ts";
import type { TaskMessage } from "../../lib/messages/task_message.ts";
import type { Log } from "../../lib/telemetry/log.ts";
import type { CreateOutcome } from "../target_system.ts";
import { addedTask, listedTasks, type PortalTask } from "./portal_task.ts";
import { type FieldSettings, KEY_FIELD, taskFields } from "./task_fields.ts";

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

/** It is not known whether there is a task. */
type UnknownOutcome = Extract<CreateOutcome, { readonly kind: "retry" | "down" }>;

/** What a look for the task of one external task came to. */
type Lookup = { readonly kind: "absent" } | { readonly kind: "settled"; readonly outcome: CreateOutcome };

const SHOWN_FIELDS = ["ID", "TITLE", "STATUS", "RESPONSIBLE_ID", "CREATED_BY", KEY_FIELD, "UF_RESULT_EXPECTED"];

/** One outcome per task, in order. */
export async function createTasks(
  tasks: readonly TaskMessage[],
  options: CreateTasksOptions,
  deps: CreateTasksDeps,
  signal: AbortSignal,
): Promise<CreateOutcome[]> {
  const lookups = await lookUp(tasks, options, deps, signal);
  const absent = tasks.filter((_, index) => lookups[index]?.kind === "absent");
  const additions = (await add(absent, options, deps, signal)).values();
  return lookups.map((lookup): CreateOutcome =>
    lookup.kind === "settled" ? lookup.outcome : additions.next().value ?? { kind: "retry", reason: "not tried" }
  );
}

async function lookUp(
  tasks: readonly TaskMessage[],
  options: CreateTasksOptions,
  { client, log }: CreateTasksDeps,
  signal: AbortSignal,
): Promise<Lookup[]> {
  const results = await client.runAll(tasks.map(({ task_id }) => search(task_id)), BATCH_LIMIT, signal);
  return tasks.map(({ task_id: taskId }, index): Lookup => {
    const found = foundIn(results[index], taskId);
    if (!Array.isArray(found)) return { kind: "settled", outcome: found };
    const [task, ...others] = found;
    if (task === undefined) return { kind: "absent" };
    if (others.length > 0) {
      log.warn("bitrix24.duplicates", `Bitrix24 has ${found.length} tasks for one external task; the oldest counts`, {
        taskId,
        used: task.id,
        others: others.map(({ id }) => id).join(", "),
      });
    }
    return { kind: "settled", outcome: created(task, options.portalOrigin) };
  });
}

function search(taskId: string): Command {
  const params = { order: { ID: "asc" }, filter: { [KEY_FIELD]: taskId }, select: SHOWN_FIELDS, start: -1 };
  return { method: "tasks.task.list", params };
}

/**
 * The portal's task of an external task, if it shows one.
 * @throws {Error} when that cannot be said
 */
export async function findTask(
  taskId: string,
  client: Bitrix24Client,
  signal: AbortSignal,
): Promise<PortalTask | undefined> {
  const [result] = await client.runAll([search(taskId)], 1, signal);
  const found = foundIn(result, taskId);
  if (Array.isArray(found)) return found[0];
  throw new Error(found.reason);
}

/** The tasks with this key, the oldest first, or why that is not known: only what is surely absent may be created. */
function foundIn(result: CommandResult | undefined, taskId: string): PortalTask[] | UnknownOutcome {
  if (result?.ok === false) {
    const reason = `Cannot look for the task: ${result.error.message}`;
    return { kind: result.error.isAboutPortal ? "down" : "retry", reason };
  }
  const listed = listedTasks.safeParse(result?.result).data;
  if (listed === undefined) {
    return { kind: "retry", reason: "Bitrix24 answered a search for the task with something else." };
  }
  // A filter by a field that the portal does not have is ignored: then any tasks are shown.
  if (listed.every((task) => task.ufCamundaIdExternalTask === taskId)) {
    return listed.toSorted((a, b) => Number(a.id) - Number(b.id));
  }
  return { kind: "down", reason: `Bitrix24 cannot search by ${KEY_FIELD}: its tasks lack the field. Run check.` };
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
