/**
 * From a response to the process variables it sets: the predecessor's names and strings exactly, without what it did
 * wrong. Only what the answer says is written: never the snapshot of all variables the task was fetched with (it would
 * undo what parallel branches did meanwhile), and always the fresh decision, so that a loop can end.
 */
import { isJsonObject, type Json, type JsonObject } from "../messages/json.ts";
import type { ResponseMessage } from "../messages/response_message.ts";

/** A `bigint` is stored as `Long`. */
export type PlainValue = string | boolean | null | bigint;

const YES = new Set(["true", "1", "y", "yes", "да"]);

/** The values by variable name, and what looked odd on the way, in words for the log. */
export interface MappedResponse {
  readonly values: ReadonlyMap<string, PlainValue>;
  readonly oddities: readonly string[];
}

export function mapResponse(response: ResponseMessage): MappedResponse {
  const values = new Map<string, PlainValue>();
  const oddities: string[] = [];
  const result = objectOr(response.response_data["result"]);
  const task = objectOr(result["task"]);

  for (const [name, keys] of TASK_FACTS) {
    const value = keys.map((key) => task[key]).find(Boolean);
    if (value !== undefined) values.set(name, textOf(value));
  }

  const answer = answerOf(response, task);
  const asked = answersAskedFor(response);
  if (answer === "") oddities.push("an answer was expected, none came");
  else if (answer !== undefined && isInWords(answer) && !asked?.includes(answer.toUpperCase())) {
    oddities.push("the answer is neither ДА nor НЕТ");
  }
  for (const prefix of prefixesOf(response, oddities)) {
    for (const [name, value] of questionnaireAnswers(objectOr(result["questionnaires"]))) {
      values.set(`${prefix}_${name}`, value);
    }
    if (answer === undefined) continue;
    values.set(prefix, answer.toUpperCase() === "ДА" ? "ok" : "no");
    if (asked !== undefined || isInWords(answer)) values.set(`${prefix}_answer`, answer);
  }
  return { values, oddities: [...new Set(oddities)] };
}

const TASK_FACTS: readonly (readonly [string, readonly string[]])[] = [
  ["bitrix_task_id", ["ID", "id"]],
  ["bitrix_task_title", ["TITLE", "title"]],
  ["bitrix_task_status", ["STATUS", "status"]],
];

/**
 * `<activity>` and, in a multi-instance activity, `<activity>_<loopCounter>` as well: instances that run side by side
 * would otherwise overwrite each other's answer, and a local variable would be gone with its instance.
 */
function prefixesOf(response: ResponseMessage, oddities: string[]): string[] {
  const activity = response.original_message.activity_id;
  if (!activity) {
    oddities.push("the response names no activity_id: no decision or questionnaire variable can be set");
    return [];
  }
  const counter = response.original_message.variables["loopCounter"];
  return typeof counter === "number" ? [activity, `${activity}_${counter}`] : [activity];
}

/** In the words of the task; empty when one is expected and none came, `undefined` when none is expected. */
function answerOf(response: ResponseMessage, task: JsonObject): string | undefined {
  const expected = task["ufResultExpected"] ?? task["UF_RESULT_EXPECTED"];
  if (!isYes(expected) && response.answer === null) return undefined;
  return textOf(task["ufResultAnswer_text"] ?? response.answer ?? "").trim();
}

function isInWords(answer: string): boolean {
  return !["ДА", "НЕТ", ""].includes(answer.toUpperCase());
}

/**
 * Of a decision with other ways than yes and no the model's property `answers` has their words, as a JSON list; without such
 * a decision `undefined`. It asks for the words every time, since those of an earlier round would still be there.
 */
function answersAskedFor({ original_message: { metadata } }: ResponseMessage): readonly string[] | undefined {
  const { answers } = objectOr(metadata["extensionProperties"]);
  if (typeof answers !== "string") return undefined;
  try {
    const words: Json = JSON.parse(answers);
    return Array.isArray(words) ? words.map((word) => textOf(word).toUpperCase()) : undefined;
  } catch {
    return undefined; // a property of that name that means something else
  }
}

function* questionnaireAnswers(questionnaires: JsonObject): Iterable<[string, PlainValue]> {
  for (const item of arrayOr(questionnaires["items"]).map(objectOr)) {
    if (!item["CODE"]) continue;
    for (const question of arrayOr(item["questions"]).map(objectOr)) {
      if (!question["CODE"]) continue;
      const type = textOf(question["TYPE"] ?? "").trim().toLowerCase();
      yield [
        `${textOf(item["CODE"])}_${textOf(question["CODE"])}`,
        questionnaireAnswer(type, question["answer"] ?? null),
      ];
    }
  }
}

/** A boolean question without an answer is `false`: gateways compare with it. */
function questionnaireAnswer(type: string, answer: Json): PlainValue {
  if (type === "boolean") return isYes(answer);
  if (answer === null) return null;
  const text = textOf(answer);
  const digits = /^\+?(-?\d{1,18})$/.exec(text.trim())?.[1];
  return type === "integer" && digits !== undefined ? BigInt(digits) : text;
}

function isYes(value: Json | undefined): boolean {
  return value === true || (value !== undefined && value !== null && YES.has(textOf(value).trim().toLowerCase()));
}

function textOf(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function objectOr(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

function arrayOr(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}
