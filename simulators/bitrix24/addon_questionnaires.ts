/** Questionnaires in a task, from those of its template. */
import type { Json, JsonObject } from "../../lib/messages/json.ts";
import type { AddonQuestion, AddonQuestionnaire } from "./addon_records.ts";
import { objectOf, textOf } from "./php_values.ts";

/** `items` are as `tasktemplate.get` gives them; each becomes a questionnaire of its own, also the second with its code. */
export function attachedQuestionnaires(
  taskId: number,
  items: readonly Json[],
  nextId: () => number,
): AddonQuestionnaire[] {
  return items.map(objectOf).map((item, index) => ({
    ID: nextId(),
    TASK_ID: taskId,
    CODE: textOf(item["CODE"]) || null,
    TITLE: textOf(item["TITLE"]),
    SORT: numberOr(item["SORT"], (index + 1) * 10),
    questions: Object.values(objectOf(item["questions"])).map(objectOf)
      .map((question, index) => attachedQuestion(question, nextId(), (index + 1) * 10)),
  }));
}

function attachedQuestion(question: JsonObject, id: number, sort: number): AddonQuestion {
  const type = textOf(question["TYPE"]) || "string";
  const listId = textOf(question["_iblockId"] ?? objectOf(question["ENUM_OPTIONS"])["iblock_id"]);
  return {
    ID: id,
    CODE: textOf(question["CODE"]),
    NAME: textOf(question["NAME"]),
    TYPE: type,
    IS_REQUIRED: textOf(question["IS_REQUIRED"]) || "N",
    SORT: numberOr(question["SORT"], sort),
    DESCRIPTION: question["DESCRIPTION"] ?? null,
    DEFAULT_VALUE: question["DEFAULT_VALUE"] ?? null,
    ENUM_OPTIONS: question["ENUM_OPTIONS"] ?? [],
    ...type === "universal_list" && listId !== "" && { _iblockId: Number(listId) },
    answer: null,
  };
}

function numberOr(value: Json | undefined, otherwise: number): number {
  const text = textOf(value);
  return text === "" || Number.isNaN(Number(text)) ? otherwise : Number(text);
}
