import assert from "node:assert/strict";
import { type AnswerSources, questionnaireBlock } from "../../../../adapters/bitrix24/creation/questionnaire_block.ts";
import type { JsonObject } from "../../../../lib/messages/json.ts";

function sources(variables: JsonObject, elementIds: readonly string[] = ["Y"]): AnswerSources {
  return {
    variables,
    elementIds,
    zone: "Europe/Moscow",
    userName: (id) => Promise.resolve(id === 9 ? "Петров Пётр" : undefined),
    listElementName: (listId, id) => Promise.resolve(listId === 16 && id === 3 ? "Орг" : undefined),
  };
}

const questionnaire = (CODE: string | null, ...questions: JsonObject[]) => ({ CODE, TITLE: "", questions });

Deno.test("the answer given at this element counts, where the predecessor took any element's", async () => {
  const q = questionnaire("q", { CODE: "A", NAME: "" });
  assert.equal(await questionnaireBlock([q], sources({ X_q_A: 1, Y_q_A: 2 })), "[B]q[/B]\n• A: 2");
});

Deno.test("then those of the elements before, in their order, then that of any other step", async () => {
  const q = questionnaire("q", { CODE: "A", NAME: "" });
  const answer = async (variables: JsonObject, ...elements: string[]) =>
    (await questionnaireBlock([q], sources(variables, elements))).split(": ")[1];
  assert.equal(await answer({ X_q_A: 1, W_q_A: 2 }, "Y", "W", "X"), "2");
  assert.equal(await answer({ X_q_A: 1 }, "Y", "W"), "1");
  assert.equal(await answer({}, "Y"), "-");
});

Deno.test("an answer to a question with a longer name is not that of a shorter one", async () => {
  const both = [questionnaire("A_B", { CODE: "C", NAME: "long" }), questionnaire("B", { CODE: "C", NAME: "short" })];
  assert.equal(
    await questionnaireBlock(both, sources({ X_A_B_C: "1" })),
    "[B]A_B[/B]\n• long: 1\n\n[B]B[/B]\n• short: -",
  );
});

Deno.test("questions and questionnaires without a name are shown all the same", async () => {
  assert.equal(await questionnaireBlock([questionnaire(null, {})], sources({})), "[B]Анкета[/B]\n• Вопрос: -");
  assert.equal(await questionnaireBlock([questionnaire("q")], sources({})), "");
});

Deno.test("users and list elements are shown by name, or by id when the portal has none", async () => {
  const q = questionnaire(
    "q",
    { CODE: "U", NAME: "Юз", TYPE: "user" },
    { CODE: "V", NAME: "Юз2", TYPE: "user" },
    { CODE: "L", NAME: "Лист", TYPE: "universal_list", ENUM_OPTIONS: { iblock_id: 16 } },
    { CODE: "M", NAME: "Лист2", TYPE: "universal_list", ENUM_OPTIONS: [], _iblockId: "17" },
  );
  const block = await questionnaireBlock([q], sources({ Y_q_U: "9", Y_q_V: "404", Y_q_L: "3", Y_q_M: "zz" }));
  assert.equal(block, "[B]q[/B]\n• Юз: Петров Пётр\n• Юз2: 404\n• Лист: Орг\n• Лист2: zz");
});

Deno.test("what people typed cannot act as markup", async () => {
  const q = questionnaire("q", { CODE: "A", NAME: "[b]x" });
  const block = await questionnaireBlock([q], sources({ Y_q_A: "[URL=http://evil]click[/URL] [1]" }));
  assert.doesNotMatch(block, /\[(URL|\/URL|b)/);
  assert.match(block, /click.*\[1\]/);
});
