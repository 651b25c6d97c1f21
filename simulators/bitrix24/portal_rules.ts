/** What a portal refuses to keep in a task. */
import { objectOf, textOf } from "./php_values.ts";
import type { Portal } from "./portal.ts";
import { PortalError } from "./portal_error.ts";
import type { PortalTask, TaskFields } from "./task_store.ts";

export interface PortalRules {
  /** A DEADLINE that is no date and a GROUP_ID, PARENT_ID or CREATED_BY of nobody are refused. @default false */
  readonly strictReferences?: boolean | undefined;
  /** A task with `SE_PARAMETER` 3 is not finished without a result. @default false */
  readonly enforceResult?: boolean | undefined;
  /** The task card of `tasks` 25.700: results are no comments, and comments cannot be read back. @default false */
  readonly newTaskCard?: boolean | undefined;
}

/** @throws {PortalError} `ERROR_CORE` */
export function checkNewTask(portal: Portal, fields: TaskFields, { strictReferences = false }: PortalRules): void {
  if (textOf(fields["TITLE"]).trim() === "") throw refusal("Не указано название задачи");
  checkTaskFields(portal, { RESPONSIBLE_ID: "", ...fields }, { strictReferences });
}

/**
 * Looks only at what the fields name.
 * @throws {PortalError} `ERROR_CORE`
 */
export function checkTaskFields(portal: Portal, fields: TaskFields, { strictReferences = false }: PortalRules): void {
  const { RESPONSIBLE_ID, CREATED_BY, PARENT_ID, GROUP_ID, DEADLINE } = fields;
  if (RESPONSIBLE_ID !== undefined && !portal.users.canWork(Number(textOf(RESPONSIBLE_ID)))) {
    throw refusal('Пользователь, указанный в поле "Исполнитель", не найден.');
  }
  if (!strictReferences) return;
  if (CREATED_BY !== undefined && portal.users.get(Number(textOf(CREATED_BY))) === undefined) {
    throw refusal('Пользователь, указанный в поле "Постановщик", не найден.');
  }
  if (isGiven(PARENT_ID) && portal.tasks.get(Number(textOf(PARENT_ID))) === undefined) {
    throw refusal('Задача, указанная в поле "Базовая задача", не найдена.');
  }
  if (isGiven(GROUP_ID) && !portal.groups.has(textOf(GROUP_ID))) {
    throw refusal('Группа, указанная в поле "Проект", не найдена.');
  }
  if (isGiven(DEADLINE) && !isDate(textOf(DEADLINE))) throw refusal('Неверная дата в поле "Крайний срок".');
}

/** Whether the task is not to be finished without a result. */
export function needsResult({ fields }: PortalTask): boolean {
  return Object.values(objectOf(fields["SE_PARAMETER"])).map(objectOf)
    .some(({ CODE, VALUE }) => textOf(CODE) === "3" && textOf(VALUE) === "Y");
}

/** As the portal says it to whoever tries. */
export function resultMissing(): PortalError {
  return new PortalError("ERROR_CORE", "Чтобы завершить задачу, добавьте результат.<br>");
}

function refusal(text: string): PortalError {
  return new PortalError("ERROR_CORE", `${text}<br>`);
}

function isGiven(value: TaskFields[string] | undefined): boolean {
  return !["", "0"].includes(textOf(value));
}

const DATE = /^(\d{4}-\d\d-\d\d)([T ]\d\d:\d\d(:\d\d)?(\.\d+)?(Z|[+-]\d\d:?\d\d)?)?$/;

function isDate(text: string): boolean {
  const [, day] = DATE.exec(text) ?? [];
  if (day === undefined || Number.isNaN(Date.parse(text.replace(" ", "T")))) return false;
  // 31 February is not the 3rd of March.
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
}
