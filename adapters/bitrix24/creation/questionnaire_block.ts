/** The block of a description that shows what was answered in earlier questionnaires. */
import { isJsonObject, type Json, type JsonObject } from "../../../lib/messages/json.ts";
import { escapeBb } from "./description.ts";
import { shownAnswer } from "./shown_values.ts";
import { idOf, mapOf, rowsOf, textOf } from "../values.ts";

export interface AnswerSources {
  readonly variables: JsonObject;
  /** This element, then those before it: a form may have been filled at several steps, the nearest counts. */
  readonly elementIds: readonly string[];
  readonly zone: string;
  /** `undefined` for nobody. */
  userName(id: number): Promise<string | undefined>;
  /** Of an element of a portal's list; `undefined` for none. */
  listElementName(listId: number, id: number): Promise<string | undefined>;
}

/** `[B]title[/B]` and a line for each question; a blank line between questionnaires. */
export async function questionnaireBlock(
  questionnaires: readonly JsonObject[],
  sources: AnswerSources,
): Promise<string> {
  const shown = questionnaires.map((questionnaire) => ({
    code: textOf(questionnaire["CODE"]),
    title: textOf(questionnaire["TITLE"]) || textOf(questionnaire["CODE"]) || "Анкета",
    questions: rowsOf(questionnaire["questions"]).filter(isJsonObject),
  })).filter(({ questions }) => questions.length > 0);
  const names = shown.flatMap(({ code, questions }) =>
    questions.map((question) => variableSuffix(code, textOf(question["CODE"])))
  );
  const blocks = await Promise.all(shown.map(async ({ code, title, questions }) => {
    const lines = await Promise.all(questions.map(async (question) => {
      const suffix = variableSuffix(code, textOf(question["CODE"]));
      const answer = await shownAnswerTo(question, answerOf(suffix, names, sources), sources);
      const name = textOf(question["NAME"]) || textOf(question["CODE"]) || "Вопрос";
      return `• ${escapeBb(name)}: ${escapeBb(answer ?? "-")}`;
    }));
    return [`[B]${escapeBb(title)}[/B]`, ...lines].join("\n");
  }));
  return blocks.join("\n\n");
}

/** The worker names an answer `<element>_<questionnaire>_<question>`. */
function variableSuffix(questionnaire: string, question: string): string | undefined {
  return questionnaire === "" || question === "" ? undefined : `_${questionnaire}_${question}`;
}

/**
 * Of this element or of one before it; else of any other step, unless the variable's name belongs to a question with a
 * longer name (`X_A_B_C` answers C of A_B, not C of B).
 */
function answerOf(
  suffix: string | undefined,
  all: readonly (string | undefined)[],
  { variables, elementIds }: AnswerSources,
): Json | undefined {
  if (suffix === undefined) return undefined;
  const near = elementIds.find((elementId) => Object.hasOwn(variables, elementId + suffix));
  if (near !== undefined) return variables[near + suffix];
  const longer = all.filter((other) => other !== undefined && other.length > suffix.length && other.endsWith(suffix));
  const far = Object.keys(variables).find((name) =>
    name.endsWith(suffix) && !longer.some((other) => other !== undefined && name.endsWith(other))
  );
  return far === undefined ? undefined : variables[far];
}

async function shownAnswerTo(
  question: JsonObject,
  answer: Json | undefined,
  sources: AnswerSources,
): Promise<string | undefined> {
  const type = textOf(question["TYPE"]);
  const shown = shownAnswer(type, answer, sources.zone);
  const id = idOf(shown);
  if (id === undefined) return shown;
  if (type === "user") return await sources.userName(id) ?? shown;
  if (type !== "universal_list") return shown;
  const listId = idOf(mapOf(question["ENUM_OPTIONS"])["iblock_id"]) ?? idOf(question["_iblockId"]);
  return listId === undefined ? shown : await sources.listElementName(listId, id) ?? shown;
}
