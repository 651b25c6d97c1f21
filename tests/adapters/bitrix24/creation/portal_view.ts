/** What the portal shows of a task, asked of it as anybody could. */
import type { Bitrix24Client } from "../../../../lib/bitrix24/client.ts";
import { isJsonObject, type Json, type JsonObject } from "../../../../lib/messages/json.ts";
import { rowsOf, textOf } from "../../../../adapters/bitrix24/values.ts";
import { never } from "../portal_place.ts";

const SELECT = ["*", "UF_*", "TAGS", "SUBORDINATE", "SE_PARAMETER"];

/** The task's fields, camelCase as in answers. */
export async function shownTask(client: Bitrix24Client, id: string): Promise<JsonObject> {
  const answer = await client.call("tasks.task.get", { taskId: id, select: SELECT }, never);
  return isJsonObject(answer) && isJsonObject(answer["task"]) ? answer["task"] : {};
}

/** Names of the files that are attached to the task itself. */
export async function shownFiles(client: Bitrix24Client, id: string): Promise<string[]> {
  const attached = rowsOf((await shownTask(client, id))["ufTaskWebdavFiles"]);
  const files = await Promise.all(
    attached.map((attachment) => client.call("disk.attachedObject.get", { id: attachment }, never)),
  );
  return files.map((file) => isJsonObject(file) ? textOf(file["NAME"]) : "");
}

export type ShownItem = string | readonly [string, ...ShownItem[]];

/** Checklists as `[title, …items]`, items with items below them alike. */
export async function shownChecklists(client: Bitrix24Client, id: string): Promise<ShownItem[]> {
  const answer: Json = await client.call("task.checklistitem.getlist", { TASKID: id }, never);
  const rows = rowsOf(answer).filter(isJsonObject)
    .toSorted((a, b) => Number(a["SORT_INDEX"]) - Number(b["SORT_INDEX"]));
  const below = (parentId: string): ShownItem[] =>
    rows.filter((row) => (textOf(row["PARENT_ID"]) || "0") === parentId).map((row) => {
      const children = below(textOf(row["ID"]));
      return children.length === 0 ? textOf(row["TITLE"]) : [textOf(row["TITLE"]), ...children];
    });
  return below("0");
}
