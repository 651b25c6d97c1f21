/** Tells the people of finished tasks that the process could not take their answers. */
import { BATCH_LIMIT, type Bitrix24Client } from "../../../lib/bitrix24/client.ts";
import { findTasks } from "../find_tasks.ts";
import { ANSWER_REFUSED, commentOn } from "./comments.ts";

/**
 * One comment for each external task that has a task on the portal.
 * @throws {Error} when somebody could not be told, in words
 */
export async function tellRefused(
  taskIds: readonly string[],
  client: Bitrix24Client,
  signal: AbortSignal,
): Promise<void> {
  const found = await findTasks(taskIds, client, signal);
  const ids = found.flatMap((lookUp) => lookUp.kind === "known" ? lookUp.tasks[0]?.id ?? [] : []);
  const results = await client.runAll(ids.map((id) => commentOn(id, ANSWER_REFUSED)), BATCH_LIMIT, signal);
  const unknown = found.flatMap((lookUp) => lookUp.kind === "unknown" ? lookUp.reason : []);
  const problems = [...unknown, ...results.flatMap((result) => result.ok ? [] : result.error.message)];
  if (problems.length > 0) throw new Error([...new Set(problems)].join("; "));
}
