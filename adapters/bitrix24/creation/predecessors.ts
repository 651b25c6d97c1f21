/** The portal's tasks of the elements before this one in the same process instance, and what came out of them. */
import { Bitrix24Error } from "../../../lib/bitrix24/bitrix24_error.ts";
import { isJsonObject, type JsonObject } from "../../../lib/messages/json.ts";
import { listedTasks } from "../portal_task.ts";
import type { Element } from "../element.ts";
import type { PortalCalls } from "./portal_calls.ts";
import { plainResult, type ResultFile, type TaskResult, type TaskResults } from "./results_block.ts";
import { idOf, mapOf, rowsOf, textOf } from "../values.ts";

/**
 * One task for each element that has one, in the elements' order. An element that was passed several times has several:
 * the newest counts. Without an instance id none are sought: tasks of other instances must not be linked or quoted.
 * @throws {Bitrix24Error}
 */
export async function findPredecessors(
  elementIds: readonly string[],
  { processInstanceId, elementId }: Element,
  calls: PortalCalls,
): Promise<string[]> {
  if (processInstanceId === "") return [];
  const found = await Promise.all(
    elementIds.filter((id) => id !== elementId).map(async (id) => {
      const filter = { UF_ELEMENT_ID: id, UF_PROCESS_INSTANCE_ID: processInstanceId };
      const select = ["ID", "UF_ELEMENT_ID", "UF_PROCESS_INSTANCE_ID"];
      const params = { order: { ID: "desc" }, filter, select, start: -1 };
      const listed = listedTasks.safeParse(await calls.read({ method: "tasks.task.list", params })).data;
      if (listed === undefined) {
        throw new Bitrix24Error(
          "fault",
          "strange_answer",
          "Bitrix24 answered a search for earlier tasks with something else.",
        );
      }
      // A filter by a field that the portal does not have is ignored.
      const own = listed.filter(({ raw }) =>
        textOf(raw["ufElementId"]) === id && textOf(raw["ufProcessInstanceId"]) === processInstanceId
      );
      return own[0]?.id;
    }),
  );
  return [...new Set(found.filter((id) => id !== undefined))];
}

/**
 * What people wrote and attached as results of these tasks.
 * @throws {Bitrix24Error}
 */
export function readResults(taskIds: readonly string[], calls: PortalCalls): Promise<TaskResults[]> {
  return Promise.all(taskIds.map(async (taskId) => {
    const rows = rowsOf(await calls.read({ method: "tasks.task.result.list", params: { taskId } }));
    const results = await Promise.all(rows.filter(isJsonObject).map((row) => readResult(taskId, row, calls)));
    return { taskId, results };
  }));
}

async function readResult(taskId: string, row: JsonObject, calls: PortalCalls): Promise<TaskResult> {
  const text = plainResult(textOf(row["text"]) || textOf(row["formattedText"]));
  const attachments = await attachmentsOf(taskId, row, calls);
  const files = await Promise.all(attachments.map((attachment) => fileOf(attachment, calls)));
  return { text, files };
}

interface Attachment {
  readonly id: number | undefined;
  readonly name: string;
}

/** A result of the old task card lists its files with its comment; one of the new card, which has none, with itself. */
async function attachmentsOf(taskId: string, row: JsonObject, calls: PortalCalls): Promise<Attachment[]> {
  const files = rowsOf(row["files"]);
  const commentId = idOf(row["commentId"]);
  if (files.length === 0) return [];
  if (commentId === undefined) return files.map((file) => ({ id: idOf(mapOf(file)["id"] ?? file), name: "" }));
  // An old method that reads its parameters by position: TASKID comes first.
  const params = { TASKID: Number(taskId), ITEMID: commentId };
  const comment = mapOf(await calls.readOptional({ method: "task.commentitem.get", params }));
  return Object.entries(mapOf(comment["ATTACHED_OBJECTS"])).map(([id, attached]) => ({
    id: idOf(mapOf(attached)["ATTACHMENT_ID"]) ?? idOf(id),
    name: textOf(mapOf(attached)["NAME"]),
  }));
}

/** Only the drive's object can be attached again: the id of an attachment is that of one task's link to it. */
async function fileOf({ id, name }: Attachment, calls: PortalCalls): Promise<ResultFile> {
  if (id === undefined) return { name, objectId: undefined };
  const object = mapOf(await calls.readOptional({ method: "disk.attachedObject.get", params: { id } }));
  return { name: name || textOf(object["NAME"]), objectId: idOf(object["OBJECT_ID"]) };
}
