/**
 * A task with everything that the portal's people can ask for: its template, head of department, questionnaire, files,
 * checklists in three levels, and a task before it with a result. What has to be there in the end, each part once, and
 * what is there.
 */
import type { JsonObject } from "../../lib/messages/json.ts";
import { textOf } from "../../simulators/bitrix24/php_values.ts";
import { attachmentIds } from "../../simulators/bitrix24/portal.ts";
import type { Bitrix24Simulator } from "../../simulators/bitrix24/simulator.ts";

const INITIATOR = 5;
const HEAD = 42;
/** The element of the fault world's process, and one that came before it. */
const ELEMENT = "A";
const EARLIER_ELEMENT = "Before";

/** What its process starts with. */
export const richVariables = { startedBy: { value: String(INITIATOR), type: "String" } };

/** Two items have one title: one of them stands for one only. */
const checklistRows = [
  row(1, 1, 0, "G1"),
  row(2, 1, 1, "i1"),
  row(3, 2, 2, "i1a"),
  row(4, 1, 1, "i2"),
  row(5, 5, 0, "G2"),
  row(6, 5, 1, "same"),
  row(7, 5, 1, "same"),
];
const checklistPaths = ["G1", "G1/i1", "G1/i1/i1a", "G1/i2", "G2", "G2/same", "G2/same"];

function row(ID: number, parent_id: number, level: number, TITLE: string): JsonObject {
  return { item: { ID, TITLE }, tree: { parent_id, level } };
}

/** Tells the portal what tasks of the process are like. */
export function prepareRichTasks({ addon, disk }: Bitrix24Simulator, processKey: string): void {
  const files = ["t1.pdf", "t2.pdf"].map((name) => disk.put({ name }));
  addon.supervisor(INITIATOR, HEAD);
  addon.diagram(processKey, { properties: [{ CODE: "startedBy", NAME: "Инициатор" }] });
  addon.responsible(processKey, ELEMENT, { PREDECESSOR_IDS: [EARLIER_ELEMENT] });
  addon.template(processKey, ELEMENT, {
    template: { TITLE: "Согласовать договор", RESPONSIBLE_USE_SUPERVISOR: "Y" },
    files: files.map((id) => ({ ID: `${id}9`, OBJECT_ID: String(id), NAME: "t", URL: "/disk" })),
    checklists: { items: checklistRows },
    questionnaires: {
      items: [{ CODE: "q", TITLE: "Анкета", questions: [{ CODE: "A", NAME: "Сумма", TYPE: "string" }] }],
    },
  });
}

/** Puts a finished task, with a result and a file, before the one of this instance; returns its id. */
export function putEarlierTask({ portal, people }: Bitrix24Simulator, processInstanceId: string): string {
  const fields = {
    TITLE: "Подготовить договор",
    RESPONSIBLE_ID: String(INITIATOR),
    UF_ELEMENT_ID: EARLIER_ELEMENT,
    UF_PROCESS_INSTANCE_ID: processInstanceId,
  };
  const id = String(portal.addTask(fields, Date.now()).id);
  people.finish(id, { result: resultOf(processInstanceId), files: [{ name: "r.pdf" }] });
  return id;
}

function resultOf(processInstanceId: string): string {
  return `Готово: ${processInstanceId}`;
}

/** Where a task stands. */
export interface RichTask {
  readonly processInstanceId: string;
  /** Of the task before it. */
  readonly earlierId: string;
}

/** Names of its parts; what has to be there twice is named twice. */
export function wantedParts({ earlierId }: RichTask): string[] {
  return [
    `responsible ${HEAD}`,
    "result of the task before it",
    `link from ${earlierId}`,
    ...["t1.pdf", "t2.pdf", "r.pdf"].map((name) => `file ${name}`),
    "questionnaire q",
    ...checklistPaths.map((path) => `checklist ${path}`),
    "told to the add-on",
  ];
}

export interface Part {
  readonly name: string;
  /** Tells two parts of one name apart. */
  readonly identity: string;
}

export function foundParts(
  simulator: Bitrix24Simulator,
  objectId: string,
  { processInstanceId }: RichTask,
): Part[] {
  const { portal, addon } = simulator;
  const task = portal.tasks.get(Number(objectId));
  if (task === undefined) return [];
  const { fields } = task;
  const once = (name: string, is: boolean): Part[] => is ? [{ name, identity: "once" }] : [];
  return [
    ...once(`responsible ${textOf(fields["RESPONSIBLE_ID"])}`, true),
    ...once("result of the task before it", textOf(fields["DESCRIPTION"]).includes(resultOf(processInstanceId))),
    ...addon.dependencies(objectId).map((id) => ({ name: `link from ${id}`, identity: id })),
    ...portal.disk.attachments(attachmentIds(task)).map(({ id, file }) => part(`file ${file.name}`, id)),
    ...addon.questionnaires(objectId).map(({ ID, CODE }) => part(`questionnaire ${CODE}`, ID)),
    ...checklistParts(simulator, objectId),
    ...once("told to the add-on", addon.syncs.some((sync) => sync.processInstanceId === processInstanceId)),
  ];
}

function checklistParts({ portal: { checklists } }: Bitrix24Simulator, objectId: string): Part[] {
  const pathOf = (id: number): string => {
    const { parentId = 0, title = "?" } = checklists.get(id) ?? {};
    return parentId === 0 ? title : `${pathOf(parentId)}/${title}`;
  };
  return checklists.of(Number(objectId)).map(({ id }) => part(`checklist ${pathOf(id)}`, id));
}

function part(name: string, id: number): Part {
  return { name, identity: String(id) };
}
