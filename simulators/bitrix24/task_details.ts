/** All that a person sees who opens a task. */
import type { AddonQuestion, AddonQuestionnaire } from "./addon_records.ts";
import type { Addon } from "./addon_store.ts";
import type { ChecklistItem } from "./checklists.ts";
import { type OpenTask, openTask } from "./people.ts";
import { textOf } from "./php_values.ts";
import { attachmentIds, type Portal } from "./portal.ts";
import { isClosed } from "./task_store.ts";

export interface TaskDetails {
  readonly task: OpenTask;
  readonly closed: boolean;
  readonly responsible: string;
  readonly creator: string;
  /** Names of attached files. */
  readonly files: readonly string[];
  /** Each item before those under it. */
  readonly checklist: readonly ChecklistLine[];
  readonly questionnaires: readonly AddonQuestionnaire[];
  readonly results: readonly { readonly text: string; readonly files: readonly string[] }[];
  /** Oldest first; without those that are results. */
  readonly comments: readonly string[];
  /** The values and texts to choose an answer from; `undefined` where anything may be written. */
  choices(question: AddonQuestion): readonly (readonly [string, string])[] | undefined;
}

export interface ChecklistLine extends ChecklistItem {
  /** 0 for the name of a checklist. */
  readonly depth: number;
}

/** `undefined` when there is no such task. */
export function taskDetails(portal: Portal, addon: Addon, id: number): TaskDetails | undefined {
  const task = portal.tasks.get(id);
  if (task === undefined) return undefined;
  const namesOf = (ids: readonly number[]) => portal.disk.attachments(ids).map(({ file }) => file.name);
  const results = portal.results.of(id);
  const resultComments = new Set(results.map(({ commentId }) => commentId));
  return {
    task: openTask(task),
    closed: isClosed(task),
    responsible: portal.users.nameOf(Number(textOf(task.fields["RESPONSIBLE_ID"]))),
    creator: portal.users.nameOf(Number(textOf(task.fields["CREATED_BY"]))),
    files: namesOf(attachmentIds(task)),
    checklist: linesUnder(portal.checklists.of(id), 0, 0),
    questionnaires: addon.questionnaires(id),
    results: results.map(({ text, files }) => ({ text, files: namesOf(files) })),
    comments: portal.comments.of(id).filter(({ id }) => !resultComments.has(id)).map(({ text }) => text),
    choices: (question) => choicesOf(portal, question),
  };
}

function linesUnder(items: readonly ChecklistItem[], parentId: number, depth: number): ChecklistLine[] {
  return items.filter((item) => item.parentId === parentId).sort((a, b) => a.sortIndex - b.sortIndex)
    .flatMap((item) => [{ ...item, depth }, ...linesUnder(items, item.id, depth + 1)]);
}

function choicesOf({ users, lists }: Portal, question: AddonQuestion) {
  switch (question.TYPE) {
    case "boolean":
      return [["true", "Да"], ["false", "Нет"]] as const;
    case "enum":
      return Array.isArray(question.ENUM_OPTIONS)
        ? question.ENUM_OPTIONS.map(textOf).map((text) => [text, text] as const)
        : [];
    case "user":
      return users.all().filter(({ active }) => active).map(({ id }) => [String(id), users.nameOf(id)] as const);
    case "universal_list":
      return lists.elements(question._iblockId ?? 0).map(({ id, name }) => [String(id), name] as const);
    default:
      return undefined;
  }
}
