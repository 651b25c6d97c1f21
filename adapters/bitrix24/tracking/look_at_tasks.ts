/** Reads tasks by id: 2,500 of them with one request, 50 ids to a search and 50 searches to a batch. */
import { BATCH_LIMIT, type Bitrix24Client, type Command, type CommandResult } from "../../../lib/bitrix24/client.ts";
import type { Progress } from "../../target_system.ts";
import { listedTasks, type PortalTask } from "../portal_task.ts";

/** Why something about a task is not known now. */
export type Failure = Extract<Progress, { readonly kind: "retry" | "down" }>;
export type Look = { readonly kind: "shown"; readonly task: PortalTask } | Failure;

const SHOWN_FIELDS = [
  "ID",
  "TITLE",
  "STATUS",
  "TASK_CONTROL",
  "RESPONSIBLE_ID",
  "DEADLINE",
  "CLOSED_BY",
  "CLOSED_DATE",
  "UF_RESULT_EXPECTED",
  "UF_RESULT_QUESTION",
  "UF_RESULT_ANSWER",
];
/** The page size of `tasks.task.list`. */
const IDS_PER_SEARCH = 50;

export interface Looks {
  /** By id; an id that the portal does not show has no entry. */
  readonly tasks: ReadonlyMap<string, Look>;
  /** To the questions, in order. */
  readonly answers: readonly CommandResult[];
}

/** `questions` ride along where the last request has room. Never rejects. */
export async function lookAtTasks(
  ids: ReadonlySet<string>,
  client: Bitrix24Client,
  signal: AbortSignal,
  questions: readonly Command[] = [],
): Promise<Looks> {
  const all = [...ids];
  const groups = Array.from(
    { length: Math.ceil(all.length / IDS_PER_SEARCH) },
    (_, index) => all.slice(index * IDS_PER_SEARCH, (index + 1) * IDS_PER_SEARCH),
  );
  const commands = groups.map((group) => ({
    method: "tasks.task.list",
    params: { order: { ID: "asc" }, filter: { ID: group }, select: SHOWN_FIELDS, start: -1 },
  }));
  const results = await client.runAll([...commands, ...questions], BATCH_LIMIT, signal);
  const tasks = results.slice(0, commands.length).flatMap((result, index) => looksIn(result, groups[index] ?? []));
  return { tasks: new Map(tasks), answers: results.slice(commands.length) };
}

function looksIn(result: CommandResult, group: readonly string[]): [string, Look][] {
  const each = (look: Look): [string, Look][] => group.map((id) => [id, look]);
  if (!result.ok) return each({ kind: result.error.isAboutPortal ? "down" : "retry", reason: result.error.message });
  const tasks = listedTasks.safeParse(result.result).data;
  // Anything else would make tasks look deleted that are there.
  if (tasks === undefined || tasks.some(({ id }) => !group.includes(id))) {
    return each({ kind: "retry", reason: "Bitrix24 answered a search by id with something else." });
  }
  return tasks.map((task) => [task.id, { kind: "shown", task }]);
}
