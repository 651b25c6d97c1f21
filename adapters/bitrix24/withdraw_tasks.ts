/** Tells the people of tasks that no process waits for them any more: a comment each, 50 with one request. */
import { BATCH_LIMIT, type Bitrix24Client, type Command } from "../../lib/bitrix24/client.ts";
import type { SentMessage } from "../../lib/messages/sent_message.ts";
import type { Withdrawal } from "../target_system.ts";
import { findTasks } from "./find_tasks.ts";
import { taskIdIn } from "./portal_task.ts";

/** In the language of the portal's people. */
const POST_MESSAGE = "Процесс больше не ждёт эту задачу: он завершён, отменён или пошёл другим путём.";

/** One outcome per message, in order. A message that names no task is about one that was perhaps created: it is sought. */
export async function withdrawTasks(
  sent: readonly SentMessage[],
  client: Bitrix24Client,
  signal: AbortSignal,
): Promise<Withdrawal[]> {
  const unnamed = sent.filter(({ response_data }) => taskIdIn(response_data) === undefined);
  const found = await findTasks(unnamed.map(({ original_message }) => original_message.task_id), client, signal);
  const foundFor = new Map(unnamed.map((message, index) => [message, found[index]]));
  const withdrawals = new Map<SentMessage, Withdrawal>();
  const comments: { readonly message: SentMessage; readonly command: Command }[] = [];
  for (const message of sent) {
    const lookUp = foundFor.get(message);
    if (lookUp?.kind === "unknown") withdrawals.set(message, { kind: "retry", reason: lookUp.reason });
    const id = lookUp?.kind === "known" ? lookUp.tasks[0]?.id : taskIdIn(message.response_data);
    if (id !== undefined) comments.push({ message, command: comment(id) });
  }
  const results = await client.runAll(comments.map(({ command }) => command), BATCH_LIMIT, signal);
  results.forEach((result, index) => {
    const message = comments[index]?.message;
    // Nobody needs to be told about a task that was deleted.
    if (message === undefined || result.ok || ["rejected", "not_found"].includes(result.error.failure)) return;
    withdrawals.set(message, { kind: "retry", reason: result.error.message });
  });
  return sent.map((message) => withdrawals.get(message) ?? { kind: "withdrawn" });
}

/** This old method reads its parameters by position: TASKID comes first. */
function comment(id: string): Command {
  return { method: "task.commentitem.add", params: { TASKID: Number(id), FIELDS: { POST_MESSAGE } } };
}
