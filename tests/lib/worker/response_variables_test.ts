import assert from "node:assert/strict";
import fc from "fast-check";
import type { JsonObject } from "../../../lib/messages/json.ts";
import { responseMessage } from "../../../lib/messages/response_message.ts";
import { mapResponse } from "../../../lib/worker/response_variables.ts";

function map(task: JsonObject, more: JsonObject = {}, original: JsonObject = {}) {
  const { values, oddities } = mapResponse(responseMessage.parse({
    original_message: { task_id: "t", activity_id: "Approve", ...original },
    response_data: { result: { task, ...more } },
    processing_status: "completed_by_tracker",
  }));
  return { values: Object.fromEntries(values), oddities };
}

const question = (code: string, type: string, answer: JsonObject[string]) => ({ CODE: code, TYPE: type, answer });
const questionnaire = (...questions: JsonObject[]) => ({ questionnaires: { items: [{ CODE: "Q", questions }] } });

Deno.test("a Bitrix24 task's id, title and status become strings under the predecessor's names", () => {
  assert.deepEqual(map({ id: 7, title: "Договор", status: "5" }).values, {
    bitrix_task_id: "7",
    bitrix_task_title: "Договор",
    bitrix_task_status: "5",
  });
  assert.deepEqual(map({ ID: "8", TITLE: "T", STATUS: "4" }).values, {
    bitrix_task_id: "8",
    bitrix_task_title: "T",
    bitrix_task_status: "4",
  });
});

Deno.test("an expected answer becomes the decision variable of the activity: ok, no, and no with a warning otherwise", () => {
  const decide = (answer: JsonObject[string] | undefined) =>
    map({ ufResultExpected: "1", ...(answer === undefined ? {} : { ufResultAnswer_text: answer }) });
  assert.equal(decide(" да ").values["Approve"], "ok");
  assert.equal(decide("НЕТ").values["Approve"], "no");
  assert.deepEqual(decide("НЕТ").oddities, []);
  assert.equal(decide("27").values["Approve"], "no");
  assert.equal(decide("27").oddities.length, 1);
  assert.equal(decide(undefined).values["Approve"], "no");
  for (const expected of ["y", "YES", "Да", "true", true, 1]) {
    assert.equal(map({ UF_RESULT_EXPECTED: expected, ufResultAnswer_text: "ДА" }).values["Approve"], "ok");
  }
});

Deno.test("the words of an answer are kept, and are nothing odd when the model asks for them", () => {
  const answered = (answer: string, answers: string) =>
    map(
      { ufResultExpected: "1", ufResultAnswer_text: answer },
      {},
      { metadata: { extensionProperties: { answers } } },
    );
  const asked = answered(" to the Lawyers", '["To the lawyers","Archive"]');
  assert.deepEqual(asked, { values: { Approve: "no", Approve_answer: "to the Lawyers" }, oddities: [] });
  assert.equal(answered("Elsewhere", '["To the lawyers","Archive"]').oddities.length, 1);
  const { values, oddities } = answered("Elsewhere", "not JSON");
  assert.deepEqual([values, oddities.length], [{ Approve: "no", Approve_answer: "Elsewhere" }, 1]);
});

Deno.test("a decision with other ways than yes and no never finds the words of an earlier round", () => {
  const answered = (answer: string) =>
    map(
      { ufResultExpected: "1", ufResultAnswer_text: answer },
      {},
      { metadata: { extensionProperties: { answers: '["ДА","НЕТ","Partly"]' } } },
    ).values;
  assert.deepEqual(answered("Нет"), { Approve: "no", Approve_answer: "Нет" });
  assert.deepEqual(answered(""), { Approve: "no", Approve_answer: "" });
});

Deno.test("no decision variable is set when no answer is expected", () => {
  for (const expected of ["0", "N", "", null, false, "нет"]) {
    assert.equal("Approve" in map({ ufResultExpected: expected, ufResultAnswer_text: "ДА" }).values, false);
  }
});

Deno.test("the fresh answer is written whatever the process held before, so that a loop back can end", () => {
  const values =
    map({ ufResultExpected: "1", ufResultAnswer_text: "ДА" }, {}, { variables: { Approve: "no", i: 1 } }).values;
  assert.deepEqual(values, { Approve: "ok" });
});

Deno.test("questionnaire answers are typed by their question and named activity_questionnaire_question", () => {
  const { values } = map(
    {},
    questionnaire(
      question("B1", " Boolean ", "да"),
      question("B2", "boolean", null),
      question("B3", "boolean", "нет"),
      question("I1", "integer", " 42 "),
      question("I2", "integer", "7.5"),
      question("I3", "integer", "90071992547409931"),
      question("I4", "integer", "1".repeat(30)),
      question("S1", "string", "текст"),
      question("U1", "user", null),
      question("L1", "universal_list", ["1"]),
    ),
  );
  assert.deepEqual(values, {
    Approve_Q_B1: true,
    Approve_Q_B2: false,
    Approve_Q_B3: false,
    Approve_Q_I1: 42n,
    Approve_Q_I2: "7.5",
    Approve_Q_I3: 90071992547409931n,
    Approve_Q_I4: "1".repeat(30),
    Approve_Q_S1: "текст",
    Approve_Q_U1: null,
    Approve_Q_L1: '["1"]',
  });
});

Deno.test("a multi-instance answer is kept under the loop counter too, so that instances do not overwrite each other", () => {
  const { values } = map(
    { ufResultExpected: "1", ufResultAnswer_text: "НЕТ" },
    questionnaire(question("S", "string", "a")),
    { variables: { loopCounter: 2 } },
  );
  assert.deepEqual(values, { Approve: "no", Approve_2: "no", Approve_Q_S: "a", Approve_2_Q_S: "a" });
});

Deno.test("a response without an activity id still reports the task, and says what it could not set", () => {
  const { values, oddities } = map({ id: "1", ufResultExpected: "1" }, {}, { activity_id: null });
  assert.deepEqual(values, { bitrix_task_id: "1" });
  assert.match(oddities.join(), /activity_id/);
});

Deno.test("mapping never throws, whatever stands in response_data", () => {
  const anything = fc.oneof(fc.jsonValue(), fc.constant(null));
  fc.assert(fc.property(anything, anything, anything, (task, questionnaires, result) => {
    const shapes = [{ result: { task, questionnaires } }, { result }, result];
    for (const response_data of shapes) {
      const parsed = responseMessage.safeParse({
        original_message: { task_id: "t", activity_id: "A", variables: result, metadata: task },
        response_data,
        processing_status: "completed",
      });
      assert.ok(parsed.success);
      for (const name of mapResponse(parsed.data).values.keys()) assert.match(name, /^(bitrix_task_|A)/);
    }
  }));
});
