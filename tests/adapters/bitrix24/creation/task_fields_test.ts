import assert from "node:assert/strict";
import { chooseMembers } from "../../../../adapters/bitrix24/creation/members.ts";
import { taskFields } from "../../../../adapters/bitrix24/creation/task_fields.ts";
import { readTemplate } from "../../../../adapters/bitrix24/creation/template.ts";
import type { Json, JsonObject } from "../../../../lib/messages/json.ts";
import type { TaskMessage } from "../../../../lib/messages/task_message.ts";
import { task } from "../messages.ts";

const SETTINGS = { BITRIX_DEFAULT_PRIORITY: 1, BITRIX_MAX_DESCRIPTION_LENGTH: 100, BITRIX_TIME_ZONE: "Europe/Moscow" };
const NOW_MS = Date.parse("2025-06-01T12:00:00Z");

interface Given {
  readonly template?: Json;
  readonly supervisorId?: number;
  readonly defaultId?: number | undefined;
  readonly blocks?: readonly string[];
}

function fieldsOf(message: TaskMessage, given: Given = {}): JsonObject {
  const template = readTemplate(given.template);
  const members = chooseMembers({
    task: message,
    template,
    supervisorId: given.supervisorId,
    defaultId: "defaultId" in given ? given.defaultId : 1,
    roles: new Map([["Бухгалтер", 12]]),
  });
  const { blocks = [] } = given;
  const hasTemplate = given.template !== undefined;
  return taskFields({ task: message, template, hasTemplate, members, blocks, fileIds: [], nowMs: NOW_MS }, SETTINGS);
}

Deno.test("a task without a name or an assignee gets the predecessor's title and the default person", () => {
  const message = task("ext-2", {
    topic: "t",
    activity_id: "A",
    process_instance_id: "pi",
    metadata: {},
    variables: { diagramOwner: "3", deadline: "2030-01-02", groupId: 0 },
  });
  const fields = fieldsOf(message, { blocks: ["Имя: ;"] });
  assert.deepEqual(fields, {
    TITLE: "Задача из Camunda процесса (t)",
    DESCRIPTION: "Задача из Camunda процесса (t)\n\n---\nИмя: ;",
    RESPONSIBLE_ID: 1,
    PRIORITY: 1,
    CREATED_BY: 1,
    UF_CAMUNDA_ID_EXTERNAL_TASK: "ext-2",
    DEADLINE: "2030-01-02T00:00:00+03:00",
    UF_ELEMENT_ID: "A",
    UF_PROCESS_INSTANCE_ID: "pi",
    AUDITORS: [3],
    SE_PARAMETER: [{ CODE: 3, VALUE: "Y" }],
  });
});

Deno.test("without anybody named and without a default the task is refused, never given to the portal's first user", () => {
  const nobody = { defaultId: undefined };
  assert.throws(() => fieldsOf(task("1"), nobody), /Nobody is responsible.*BITRIX_DEFAULT_RESPONSIBLE_ID/);
  const department = { ...nobody, template: { members: { by_type: { R: [{ USER_ID: null, ACCESS_CODE: "DR2" }] } } } };
  assert.throws(() => fieldsOf(task("1"), department), /names only DR2/);
});

Deno.test("the model's assignee comes before the person who started the process, who stays the author", () => {
  const metadata = { extensionProperties: { assigneeId: "7" } };
  const fields = fieldsOf(task("1", { metadata, variables: { startedBy: "5" } }));
  assert.deepEqual([fields["RESPONSIBLE_ID"], fields["CREATED_BY"]], [7, 5]);
  const started = fieldsOf(task("1", { variables: { startedBy: 5 } }));
  assert.deepEqual([started["RESPONSIBLE_ID"], started["CREATED_BY"]], [5, 5]);
  const role = fieldsOf(task("1", { metadata: { extensionProperties: { assigneeName: "Бухгалтер" } } }));
  assert.equal(role["RESPONSIBLE_ID"], 12);
});

Deno.test("an id that is no number from 1 counts as none", () => {
  for (const startedBy of ["0", 0, "", "abc", null, "-3", "1.5", ["5"]]) {
    assert.equal(fieldsOf(task("1", { variables: { startedBy } }))["RESPONSIBLE_ID"], 1);
  }
});

Deno.test("the template's people come first; its access codes of users count, others and PHP's empty lists are left out", () => {
  const template = {
    template: { TITLE: "T", CREATED_BY: "0" },
    members: {
      by_type: {
        O: [{ USER_ID: "3" }],
        R: [{ USER_ID: null, ACCESS_CODE: "DR2" }, { ACCESS_CODE: "U8" }, { USER_ID: "9" }],
        A: [{ USER_ID: "x" }, { USER_ID: "10" }],
        U: [],
      },
    },
  };
  const fields = fieldsOf(task("1", { variables: { startedBy: 5, diagramOwner: 4 } }), { template });
  assert.deepEqual(
    [fields["CREATED_BY"], fields["RESPONSIBLE_ID"], fields["ACCOMPLICES"], fields["AUDITORS"]],
    [3, 8, [9, 10], [4]],
  );
  for (const members of [[], null, { by_type: [] }]) {
    assert.equal(fieldsOf(task("1"), { template: { template: { RESPONSIBLE_ID: 6 }, members } })["RESPONSIBLE_ID"], 6);
  }
});

Deno.test("a flag puts the head of whoever started the process in, or that person when there is no head", () => {
  const template = { template: { CREATED_BY_USE_SUPERVISOR: "Y", RESPONSIBLE_USE_SUPERVISOR: "Y" }, members: [] };
  const message = task("1", { variables: { startedBy: 5 } });
  const people = (given: Given) => {
    const fields = fieldsOf(message, { template, ...given });
    return [fields["CREATED_BY"], fields["RESPONSIBLE_ID"]];
  };
  assert.deepEqual(people({ supervisorId: 42 }), [42, 42]);
  assert.deepEqual(people({}), [5, 5]);
});

Deno.test("a template without a title gets the element's name", () => {
  assert.equal(fieldsOf(task("1"), { template: { template: { TITLE: null } } })["TITLE"], "Проверить договор");
});

Deno.test("priority 0 of a template is low, not unset; a group 0 is none", () => {
  const of = (row: JsonObject, variables: JsonObject = {}) => {
    const fields = fieldsOf(task("1", { variables }), { template: { template: row } });
    return [fields["PRIORITY"], fields["GROUP_ID"]];
  };
  assert.deepEqual(of({ PRIORITY: 0, GROUP_ID: "0" }), [0, undefined]);
  assert.deepEqual(of({ PRIORITY: "", GROUP_ID: "0" }, { groupId: "12" }), [1, 12]);
  assert.deepEqual(of({ PRIORITY: "abc", GROUP_ID: "5" }, { groupId: "12" }), [1, 5]);
});

Deno.test("of several deadlines the earliest counts, whatever their form", () => {
  const template = { template: { DEADLINE_AFTER: "86400" } };
  const deadline = (value: Json) => fieldsOf(task("1", { variables: { deadline: value } }), { template })["DEADLINE"];
  assert.equal(deadline(null), "2025-06-02T15:00:00+03:00");
  assert.equal(deadline("2030-01-01"), "2025-06-02T15:00:00+03:00");
  assert.equal(deadline("2025-06-02T11:00:00.000+0000"), "2025-06-02T11:00:00+00:00");
  assert.equal(deadline({ value: "2020-01-01", type: "Date" }), "2020-01-01T00:00:00+03:00");
});

Deno.test("the question and whether an answer is expected come from the model", () => {
  const of = (extensionProperties: Readonly<Record<string, unknown>>) => {
    const fields = fieldsOf(task("1", { metadata: { extensionProperties } }));
    return [fields["UF_RESULT_EXPECTED"], fields["UF_RESULT_QUESTION"]];
  };
  assert.deepEqual(of({ UF_RESULT_EXPECTED: " Да ", UF_RESULT_QUESTION: " Согласны? " }), ["Y", "Согласны?"]);
  for (const yes of [true, "Y", 1, " true "]) assert.deepEqual(of({ UF_RESULT_EXPECTED: yes })[0], "Y");
  assert.deepEqual(of({ UF_RESULT_EXPECTED: "нет", UF_RESULT_QUESTION: "  " }), ["N", undefined]);
  assert.deepEqual(of({ UF_RESULT_EXPECTED: null }), [undefined, undefined]);
});

Deno.test("without a template the model says all that a template would, as parameters or as properties", () => {
  const message = task("1", {
    variables: { title: "Счёт № 5", accomplices: "7, 8", UF_AMOUNT: "100" },
    metadata: {
      inputParameters: { title: "Счёт № ${number}", accomplices: "${people}", UF_AMOUNT: "${amount}" },
      extensionProperties: {
        description: "Оплатить",
        priority: "2",
        groupId: "12",
        tags: '["a, b", "c"]',
        files: "201,202",
        createdBy: "3",
        auditors: "[9]",
        deadline: "2030-01-01",
        UF_CONST: "x",
      },
    },
  });
  assert.deepEqual(fieldsOf(message), {
    TITLE: "Счёт № 5",
    DESCRIPTION: "Оплатить",
    PRIORITY: 2,
    GROUP_ID: 12,
    CREATED_BY: 3,
    DEADLINE: "2030-01-01T00:00:00+03:00",
    RESPONSIBLE_ID: 1,
    ACCOMPLICES: [7, 8],
    AUDITORS: [9],
    TAGS: ["a, b", "c"],
    UF_CAMUNDA_ID_EXTERNAL_TASK: "1",
    UF_AMOUNT: "100",
    UF_CONST: "x",
    UF_ELEMENT_ID: "Activity_A",
    UF_PROCESS_INSTANCE_ID: "instance-1",
    UF_TASK_WEBDAV_FILES: ["n201", "n202"],
    SE_PARAMETER: [{ CODE: 3, VALUE: "Y" }],
  });
});

Deno.test("a description that is too long is cut and says so", () => {
  const description = fieldsOf(task("1"), { blocks: ["x".repeat(200)] })["DESCRIPTION"];
  assert.equal(typeof description === "string" && description.length, 100);
  assert.ok(typeof description === "string" && description.endsWith("x…"));
});

Deno.test("group and parent task are set when the process names them", () => {
  const fields = fieldsOf(task("1", { variables: { groupId: "12", parentTaskId: 77 } }));
  assert.deepEqual([fields["GROUP_ID"], fields["PARENT_ID"], fields["SUBORDINATE"]], [12, 77, "Y"]);
});
