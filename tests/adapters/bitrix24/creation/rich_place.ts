/** A portal with everything that a rich task is made of, and the message of that task. */
import type { Bitrix24Simulator } from "../../../../simulators/bitrix24/simulator.ts";
import { task } from "../messages.ts";
import { idOf, never, portal } from "../portal_place.ts";

const typed = (type: string, value: string | number | boolean | null) => ({ type, value, valueInfo: {} });

/** Puts into the portal: two tasks before it with a result and a file each, template files, a questionnaire, checklists, supervisors. */
function prepare({ addon, people, disk }: Bitrix24Simulator, earlier: readonly string[]): void {
  const templateFiles = [disk.put({ name: "t1.pdf" }), disk.put({ name: "t2.pdf" })];
  for (const id of earlier) people.finish(id, { result: "res &quot;x&quot;", files: [{ name: "r.pdf" }] });
  addon.supervisor(5, 42);
  addon.diagram("P", {
    properties: [
      { CODE: "B", NAME: "Пол B", TYPE: "boolean", SORT: "20" },
      { CODE: "D", NAME: "Пол D", TYPE: "date", SORT: "10" },
      { CODE: "N", NAME: "Нет", TYPE: "string", SORT: "30" },
    ],
  });
  addon.responsible("P", "A3", { PREDECESSOR_IDS: ["A1", "A2"] });
  const question = (CODE: string, NAME: string, TYPE: string, ENUM_OPTIONS: unknown = []) => ({
    ID: CODE,
    CODE,
    NAME,
    TYPE,
    IS_REQUIRED: "N",
    SORT: "100",
    DESCRIPTION: null,
    DEFAULT_VALUE: null,
    ENUM_OPTIONS: JSON.parse(JSON.stringify(ENUM_OPTIONS)),
  });
  const item = (ID: number, parent_id: number, level: number, TITLE: string) => ({
    item: { ID, TITLE },
    tree: { parent_id, level },
  });
  addon.template("P", "A3", {
    template: {
      ID: "9",
      TITLE: "T",
      DESCRIPTION: "D  ",
      PRIORITY: "2",
      GROUP_ID: "0",
      CREATED_BY: "0",
      CREATED_BY_USE_SUPERVISOR: "Y",
      RESPONSIBLE_ID: "0",
      RESPONSIBLE_USE_SUPERVISOR: "Y",
      RESPONSIBLES_USE_SUPERVISOR: "Y",
      AUDITORS_USE_SUPERVISOR: "Y",
      DEADLINE_AFTER: "86400",
    },
    members: { all: [], by_type: { R: [], A: [{ USER_ID: "7" }], U: [{ USER_ID: "8" }] } },
    tags: [{ NAME: "t1" }, { NAME: "t2" }],
    files: templateFiles.map((id) => ({ ID: `${id}9`, OBJECT_ID: String(id), NAME: "t", URL: "/disk" })),
    checklists: {
      items: [
        item(1, 1, 0, "G1"),
        item(2, 1, 1, "i1"),
        item(3, 2, 2, "i1a"),
        item(4, 1, 1, "i2"),
        item(5, 5, 0, "G2"),
        item(6, 5, 1, "j1"),
      ],
    },
    questionnaires: {
      items: [{
        ID: "1",
        TEMPLATE_ID: "9",
        CODE: "q",
        TITLE: "Анкета q",
        SORT: "1",
        questions: [question("A", "Вопрос A", "string")],
      }],
      total: 1,
    },
    questionnairesInDescription: {
      items: [{
        CODE: "Q",
        TITLE: "Анкета Q",
        questions: [
          question("S", "Стр", "string"),
          question("U", "Юз", "user"),
          question("L", "Лист", "universal_list", { iblock_id: 16 }),
          question("X", "Нет", "string"),
        ],
      }],
      total: 1,
    },
  });
}

export const richMessage = task("ext-1", {
  activity_id: "A3",
  process_instance_id: "pi-1",
  process_definition_key: "P",
  variables: { startedBy: "5", deadline: "2020-01-01", diagramOwner: 3, groupId: "12", parentTaskId: 77 },
  metadata: {
    activityInfo: { id: "A3", name: "Имя", type: "external", topic: "t" },
    extensionProperties: { UF_RESULT_EXPECTED: "true", UF_RESULT_QUESTION: " q? " },
    processVariables: {
      D: typed("Date", "2024-12-31T10:00:00.000+0300"),
      B: typed("Boolean", true),
      A1_Q_S: typed("String", "v"),
      A1_Q_U: typed("String", "9"),
      A2_Q_L: typed("String", "3"),
    },
  },
});

const earlierTask = (element: string) =>
  task(`ext-${element}`, { activity_id: element, process_instance_id: "pi-1", process_definition_key: "P" });

export async function richPlace() {
  const place = await portal();
  const { simulator, system } = place;
  simulator.users.put(9, { lastName: "Петров", name: "Пётр" });
  simulator.lists.put(16, 3, "Орг");
  const earlierIds = (await system.create([earlierTask("A1"), earlierTask("A2")], never)).map(idOf);
  prepare(simulator, earlierIds);
  return { ...place, earlierIds };
}
