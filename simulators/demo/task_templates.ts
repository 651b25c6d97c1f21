/** What the portal's people have laid down for the tasks of the process: the templates of its two elements. */
import type { JsonObject } from "../../lib/messages/json.ts";
import type { TaskDetails } from "../bitrix24/task_details.ts";

export interface ElementTemplate {
  readonly name: string;
  /** The elements whose results its task quotes, and whose tasks it is linked to. */
  readonly predecessors: readonly string[];
  /** Names of files on the portal's drive. */
  readonly files: readonly string[];
  readonly checklist: readonly JsonObject[];
  readonly questionnaires: readonly JsonObject[];
  /** The rest of what `tasktemplate.get` answers. */
  readonly data: JsonObject;
}

const LAWYER_ID = "7";

/** Its answers become the variables `Prepare_check_…` of the process. */
const CHECK: JsonObject = {
  CODE: "check",
  TITLE: "Проверка контрагента",
  questions: [
    question("registered", "Контрагент есть в ЕГРЮЛ или ЕГРИП", "boolean"),
    question("lawsuits", "Судебных дел за три года", "integer"),
    { ...question("risk", "Уровень риска", "enum"), ENUM_OPTIONS: ["низкий", "средний", "высокий"] },
  ],
};

const PREPARE: ElementTemplate = {
  name: "Подготовить договор",
  // Of a contract that was refused: whoever works on it again reads why.
  predecessors: ["Approve"],
  files: ["Типовая форма договора.docx"],
  checklist: [
    row(1, 1, 0, "Подготовка договора"),
    row(2, 1, 1, "Запросить реквизиты контрагента"),
    row(3, 1, 1, "Составить проект"),
    row(4, 3, 2, "Сверить сумму и срок"),
    row(5, 1, 1, "Приложить проект к результату"),
  ],
  questionnaires: [CHECK],
  data: {
    template: {
      TITLE: "Подготовить договор",
      DESCRIPTION: "Проверьте контрагента, составьте проект договора и приложите его к результату.",
      AUDITORS_USE_SUPERVISOR: "Y",
      DEADLINE_AFTER: String(2 * 86_400),
    },
    members: { by_type: { R: [{ USER_ID: LAWYER_ID }] } },
    tags: [{ NAME: "договор" }, { NAME: "юристы" }],
  },
};

const APPROVE: ElementTemplate = {
  name: "Согласовать договор",
  predecessors: ["Prepare"],
  files: [],
  checklist: [
    row(1, 1, 0, "Перед решением"),
    row(2, 1, 1, "Прочитать проект договора"),
    row(3, 1, 1, "Посмотреть ответы анкеты"),
  ],
  questionnaires: [],
  data: {
    template: {
      TITLE: "Согласовать договор",
      DESCRIPTION: "Решите, подписываем ли мы этот договор. В результате напишите почему.",
      PRIORITY: "2",
      RESPONSIBLE_USE_SUPERVISOR: "Y",
      DEADLINE_AFTER: String(86_400),
    },
    tags: [{ NAME: "договор" }],
    questionnairesInDescription: { items: [CHECK] },
  },
};

/** By element. */
export const TASK_TEMPLATES: ReadonlyMap<string, ElementTemplate> = new Map([
  ["Prepare", PREPARE],
  ["Approve", APPROVE],
]);

/** Whether a task has all that its template wants in it: the portal has the task itself a moment earlier. */
export function isWhole(elementId: string, { checklist, questionnaires }: TaskDetails): boolean {
  const wanted = TASK_TEMPLATES.get(elementId);
  return wanted === undefined ||
    checklist.length >= wanted.checklist.length && questionnaires.length >= wanted.questionnaires.length;
}

function question(CODE: string, NAME: string, TYPE: string): JsonObject {
  return { CODE, NAME, TYPE, IS_REQUIRED: "Y" };
}

function row(ID: number, parent_id: number, level: number, TITLE: string): JsonObject {
  return { item: { ID, TITLE }, tree: { parent_id, level } };
}
