import assert from "node:assert/strict";
import { taskFields } from "../../../adapters/bitrix24/task_fields.ts";
import { task } from "./messages.ts";

const SETTINGS = {
  BITRIX_DEFAULT_RESPONSIBLE_ID: 1,
  BITRIX_DEFAULT_PRIORITY: 1,
  BITRIX_MAX_DESCRIPTION_LENGTH: 100,
  BITRIX_TIME_ZONE: "Europe/Moscow",
};

Deno.test("a task without a name or an assignee gets the predecessor's title and the default person", () => {
  const message = task("ext-2", {
    topic: "t",
    activity_id: "A",
    process_instance_id: "pi",
    metadata: {},
    variables: { diagramOwner: "3", deadline: "2030-01-02", groupId: 0 },
  });
  assert.deepEqual(taskFields(message, SETTINGS), {
    TITLE: "Задача из Camunda процесса (t)",
    DESCRIPTION: "Задача из Camunda процесса (t)",
    RESPONSIBLE_ID: 1,
    CREATED_BY: 1,
    PRIORITY: 1,
    UF_CAMUNDA_ID_EXTERNAL_TASK: "ext-2",
    DEADLINE: "2030-01-02T00:00:00+03:00",
    UF_ELEMENT_ID: "A",
    UF_PROCESS_INSTANCE_ID: "pi",
    AUDITORS: [3],
    SE_PARAMETER: [{ CODE: 3, VALUE: "Y" }],
  });
});

Deno.test("the model's assignee comes before the person who started the process, who stays the author", () => {
  const metadata = { extensionProperties: { assigneeId: "7" } };
  const fields = taskFields(task("1", { metadata, variables: { startedBy: "5" } }), SETTINGS);
  assert.deepEqual([fields["RESPONSIBLE_ID"], fields["CREATED_BY"]], [7, 5]);
  const started = taskFields(task("1", { variables: { startedBy: 5 } }), SETTINGS);
  assert.deepEqual([started["RESPONSIBLE_ID"], started["CREATED_BY"]], [5, 5]);
});

Deno.test("an id that is no number from 1 counts as none", () => {
  for (const startedBy of ["0", 0, "", "abc", null, "-3", "1.5", ["5"]]) {
    assert.equal(taskFields(task("1", { variables: { startedBy } }), SETTINGS)["RESPONSIBLE_ID"], 1);
  }
});

Deno.test("the question and whether an answer is expected come from the model", () => {
  const of = (extensionProperties: Readonly<Record<string, unknown>>) => {
    const fields = taskFields(task("1", { metadata: { extensionProperties } }), SETTINGS);
    return [fields["UF_RESULT_EXPECTED"], fields["UF_RESULT_QUESTION"]];
  };
  assert.deepEqual(of({ UF_RESULT_EXPECTED: " Да ", UF_RESULT_QUESTION: " Согласны? " }), ["Y", "Согласны?"]);
  assert.deepEqual(of({ UF_RESULT_EXPECTED: "1" }), ["Y", undefined]);
  assert.deepEqual(of({ UF_RESULT_EXPECTED: "нет", UF_RESULT_QUESTION: "  " }), ["N", undefined]);
  assert.deepEqual(of({}), [undefined, undefined]);
});

Deno.test("group and parent task are set when the process names them", () => {
  const fields = taskFields(task("1", { variables: { groupId: "12", parentTaskId: 77 } }), SETTINGS);
  assert.deepEqual([fields["GROUP_ID"], fields["PARENT_ID"], fields["SUBORDINATE"]], [12, 77, "Y"]);
});
