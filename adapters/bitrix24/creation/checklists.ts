/** Adds to a task the checklist items that it lacks, level by level: an item names its parent by the id the portal gave. */
import { Bitrix24Error } from "../../../lib/bitrix24/bitrix24_error.ts";
import { isJsonObject } from "../../../lib/messages/json.ts";
import type { ChecklistNode } from "./checklist_tree.ts";
import type { MadeTask } from "./made_task.ts";
import type { PortalCalls } from "./portal_calls.ts";
import { idOf, mapOf, rowsOf, textOf } from "../values.ts";

/** Items that a task has, by the id of their parent; `"0"` for checklists themselves. */
type ItemsByParent = ReadonlyMap<string, readonly { readonly id: string; readonly title: string }[]>;

/** @throws {Bitrix24Error} */
export async function completeChecklists(
  checklists: readonly ChecklistNode[],
  { taskId, isNew }: MadeTask,
  calls: PortalCalls,
): Promise<void> {
  if (checklists.length === 0) return;
  const existing = isNew ? new Map() : await readItems(taskId, calls);
  await addMissing(checklists, "0", existing, taskId, calls);
}

async function readItems(taskId: number, calls: PortalCalls): Promise<ItemsByParent> {
  const rows = rowsOf(await calls.read({ method: "task.checklistitem.getlist", params: { TASKID: taskId } }));
  const items = rows.filter(isJsonObject).map((row) => ({
    id: textOf(row["ID"]),
    parentId: textOf(row["PARENT_ID"]) || "0",
    title: textOf(row["TITLE"]).trim(),
  }));
  return Map.groupBy(items, ({ parentId }) => parentId);
}

/** Each existing item stands for one node only, so that two with one title both come about. */
async function addMissing(
  nodes: readonly ChecklistNode[],
  parentId: string,
  existing: ItemsByParent,
  taskId: number,
  calls: PortalCalls,
): Promise<void> {
  const unmatched = [...existing.get(parentId) ?? []];
  const withIds = nodes.map((node, index) => {
    const at = unmatched.findIndex(({ title }) => title === node.title);
    const id = at < 0 ? undefined : unmatched.splice(at, 1)[0]?.id;
    return { node, id: id === undefined ? addItem(node, index, parentId, taskId, calls) : Promise.resolve(id) };
  });
  const added = await Promise.allSettled(withIds.map(async ({ node, id }) => {
    const ownId = await id;
    await addMissing(node.children, ownId, existing, taskId, calls);
  }));
  // Only now: an addition still under way when the task comes again would be seen by nobody, and made twice.
  for (const one of added) if (one.status === "rejected") throw one.reason;
}

/** An old method that reads its parameters by position: TASKID comes first. */
async function addItem(
  node: ChecklistNode,
  index: number,
  parentId: string,
  taskId: number,
  calls: PortalCalls,
): Promise<string> {
  const { title, complete, important, members } = node;
  const FIELDS = {
    TITLE: title,
    PARENT_ID: Number(parentId),
    SORT_INDEX: index,
    IS_COMPLETE: complete ? "Y" : "N",
    IS_IMPORTANT: important ? "Y" : "N",
    MEMBERS: Object.fromEntries(members.map(([userId, TYPE]) => [userId, { TYPE }])),
  };
  const answer = await calls.write({ method: "task.checklistitem.add", params: { TASKID: taskId, FIELDS } });
  const id = idOf(answer) ?? idOf(mapOf(answer)["ID"] ?? mapOf(answer)["id"]);
  if (id !== undefined) return String(id);
  throw new Bitrix24Error("fault", "strange_answer", "Bitrix24 answered a new checklist item without its id.", true);
}
