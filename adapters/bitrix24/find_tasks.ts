/** Looks for the portal's tasks of external tasks, by the key that each keeps. */
import { BATCH_LIMIT, type Bitrix24Client, type Command, type CommandResult } from "../../lib/bitrix24/client.ts";
import { listedTasks, type PortalTask } from "./portal_task.ts";

/** Keeps the external task id; by it a repeated create finds its task. */
export const KEY_FIELD = "UF_CAMUNDA_ID_EXTERNAL_TASK";

/** What is known of the tasks of one external task. */
export type LookUp =
  /** The oldest first: that is the task, the others are copies. None: surely absent. */
  | { readonly kind: "known"; readonly tasks: readonly PortalTask[] }
  /** Never to be taken for absent. `down` says nothing about this task. */
  | { readonly kind: "unknown"; readonly because: "down" | "retry"; readonly reason: string };

const SHOWN_FIELDS = ["ID", "TITLE", "STATUS", "RESPONSIBLE_ID", "CREATED_BY", KEY_FIELD, "UF_RESULT_EXPECTED"];

/** One result per external task id, in order; 50 of them with one request. */
export async function findTasks(
  taskIds: readonly string[],
  client: Bitrix24Client,
  signal: AbortSignal,
): Promise<LookUp[]> {
  const results = await client.runAll(taskIds.map(search), BATCH_LIMIT, signal);
  return taskIds.map((taskId, index) => foundIn(results[index], taskId));
}

function search(taskId: string): Command {
  const params = { order: { ID: "asc" }, filter: { [KEY_FIELD]: taskId }, select: SHOWN_FIELDS, start: -1 };
  return { method: "tasks.task.list", params };
}

function foundIn(result: CommandResult | undefined, taskId: string): LookUp {
  if (result?.ok === false) {
    const { isAboutPortal, message: reason } = result.error;
    return { kind: "unknown", because: isAboutPortal ? "down" : "retry", reason };
  }
  const listed = listedTasks.safeParse(result?.result).data;
  if (listed === undefined) {
    return { kind: "unknown", because: "retry", reason: "Bitrix24 answered a search with something else." };
  }
  // A filter by a field that the portal does not have is ignored: then any tasks are shown.
  if (listed.some((task) => task.ufCamundaIdExternalTask !== taskId)) {
    const reason = `Bitrix24 cannot search by ${KEY_FIELD}: its tasks lack the field. Run check.`;
    return { kind: "unknown", because: "down", reason };
  }
  return { kind: "known", tasks: listed.toSorted((a, b) => Number(a.id) - Number(b.id)) };
}
