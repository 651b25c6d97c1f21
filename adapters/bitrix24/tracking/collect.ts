/** What people said in a task that they finished, beyond their answer: questionnaires, results, checklists. */
import { z } from "zod";
import { addon, readAddonAnswer } from "../../../lib/bitrix24/addon.ts";
import { Bitrix24Error } from "../../../lib/bitrix24/bitrix24_error.ts";
import type { GatheredCalls } from "../../../lib/bitrix24/gathered_calls.ts";
import { isJsonObject, type Json, json, type JsonObject } from "../../../lib/messages/json.ts";
import { plainResult } from "../creation/results_block.ts";
import { idOf, mapOf, rowsOf } from "../values.ts";
import { checklistRows, checklistTrees } from "./checklists.ts";

export const collectable = ["questionnaires", "results", "checklists"] as const;
export type Collectable = typeof collectable[number];

export interface Collected {
  /** The add-on's data, unchanged; absent when it was not asked. */
  readonly questionnaires?: JsonObject;
  /** Of all results, oldest first, a line each; `""` without any. */
  readonly resultText: string;
  /** `{name, attachmentId}`; without a name when the portal does not show the file. */
  readonly resultFiles: readonly JsonObject[];
  readonly checklists: readonly JsonObject[];
}

/**
 * Tasks asked about side by side share their requests: 50 questions to each, one per task and kind, then the names of files.
 * @throws {Bitrix24Error} when any part cannot be read: nobody may take it for empty.
 */
export async function collect(
  taskId: string,
  what: ReadonlySet<Collectable>,
  calls: GatheredCalls,
): Promise<Collected> {
  const id = Number(taskId);
  const [questionnaires, results, checklists] = await Promise.all([
    what.has("questionnaires") ? questionnairesOf(id, calls) : undefined,
    what.has("results") ? resultsOf(id, calls) : { resultText: "", resultFiles: [] },
    what.has("checklists") ? checklistsOf(id, calls) : [],
  ]);
  return { ...(questionnaires === undefined ? {} : { questionnaires }), ...results, checklists };
}

async function questionnairesOf(taskId: number, calls: GatheredCalls): Promise<JsonObject | undefined> {
  const answer = readAddonAnswer(await calls.call(addon.questionnaires(taskId)));
  if (answer.ok && isJsonObject(answer.data)) return answer.data;
  if (answer.ok && Array.isArray(answer.data) && answer.data.length === 0) return undefined; // PHP's empty map
  const reason = answer.ok ? "an answer of another kind" : answer.reason;
  throw new Bitrix24Error("fault", "no_questionnaires", `The add-on does not give the questionnaires: ${reason}`);
}

const resultRows = z.array(z.looseObject({
  id: z.union([z.string(), z.number()]).transform(Number),
  text: z.string().nullish(),
  formattedText: z.string().nullish(),
  files: json.optional(),
}));

async function resultsOf(taskId: number, calls: GatheredCalls): Promise<Pick<Collected, "resultText" | "resultFiles">> {
  const answer = await calls.call({ method: "tasks.task.result.list", params: { taskId } });
  const rows = usable(resultRows, answer, "results").toSorted((a, b) => a.id - b.id);
  const texts = rows.map(({ text, formattedText }) => plainResult(text || formattedText || "").trim());
  const attachments = new Set(rows.flatMap(({ files }) => rowsOf(files).flatMap((file) => attachmentIdOf(file) ?? [])));
  return {
    resultText: texts.filter((text) => text !== "").join("\n"),
    resultFiles: await Promise.all([...attachments].map((id) => fileOf(id, calls))),
  };
}

/** The vendor's list is one of ids; newer cards may tell more. */
function attachmentIdOf(file: Json): number | undefined {
  const { attachmentId, ATTACHMENT_ID, id, ID } = mapOf(file);
  return idOf(attachmentId ?? ATTACHMENT_ID ?? id ?? ID ?? file);
}

/** Nothing else of the portal's answer: its DOWNLOAD_URL carries a token that acts as the webhook's user. */
async function fileOf(attachmentId: number, calls: GatheredCalls): Promise<JsonObject> {
  try {
    const { NAME: name } = mapOf(await calls.call({ method: "disk.attachedObject.get", params: { id: attachmentId } }));
    return typeof name === "string" && name !== "" ? { name, attachmentId } : { attachmentId };
  } catch (error) {
    // No right to the drive, or a file that was deleted: that will not change, and the work is done.
    const isFinal = error instanceof Bitrix24Error && ["denied", "not_found", "rejected"].includes(error.failure);
    if (isFinal) return { attachmentId };
    throw error;
  }
}

async function checklistsOf(taskId: number, calls: GatheredCalls): Promise<readonly JsonObject[]> {
  const answer = await calls.call({ method: "task.checklistitem.getlist", params: { TASKID: taskId } });
  return checklistTrees(usable(checklistRows, answer, "checklists"));
}

function usable<T>(schema: z.ZodType<T>, answer: Json, what: string): T {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new Bitrix24Error("fault", "strange_answer", `Bitrix24 answered the ${what} of a task with something else.`);
}
