/** What a Bitrix24 portal knows: tasks, comments, users, the task fields that Exchanger needs. All of it in memory. */
import type { Json } from "../../lib/messages/json.ts";
import { textOf } from "./php_values.ts";
import { actionNotAllowed, PortalError } from "./portal_error.ts";
import { KEY_FIELD, type PortalField } from "./portal_fields.ts";
import { type PortalTask, STATUS, type TaskFields, TaskStore } from "./task_store.ts";
import type { TaskEvent } from "./webhooks.ts";

export interface PortalListeners {
  /** Told of every change to a task, whoever made it. */
  onEvent(event: TaskEvent, taskId: number): void;
  /** Told of a task created through REST, before its creator is. */
  onTaskCreated(task: PortalTask): void;
}

export class Portal {
  readonly tasks = new TaskStore();
  readonly #comments: { readonly taskId: number; readonly text: string }[] = [];
  readonly #created: { readonly externalId: string; readonly taskId: string }[] = [];
  #nextId = 1;

  constructor(
    readonly fields: PortalField[],
    /** User ids 1 to this are employees. */
    readonly userCount: number,
    private readonly listeners: PortalListeners,
  ) {}

  get comments(): readonly { readonly taskId: number; readonly text: string }[] {
    return this.#comments;
  }

  /** Every creation through REST with an external task id, in order; deletions change nothing here. */
  get created(): readonly { readonly externalId: string; readonly taskId: string }[] {
    return this.#created;
  }

  addTask(fields: TaskFields, nowMs: number): PortalTask {
    if (textOf(fields["TITLE"]).trim() === "") throw new PortalError("ERROR_CORE", "Не указано название задачи<br>");
    const responsible = Number(textOf(fields["RESPONSIBLE_ID"]));
    if (!(responsible >= 1 && responsible <= this.userCount)) {
      throw new PortalError("ERROR_CORE", 'Пользователь, указанный в поле "Исполнитель", не найден.<br>');
    }
    const task = this.#add({
      CREATED_BY: "1",
      PRIORITY: "1",
      GROUP_ID: "0",
      STATUS: STATUS.pending,
      CREATED_DATE: portalDate(nowMs),
      ...this.#stored(fields),
    });
    const externalId = textOf(fields[KEY_FIELD]);
    if (externalId !== "") this.#created.push({ externalId, taskId: String(task.id) });
    this.listeners.onTaskCreated(task);
    return task;
  }

  /** As a person does it: the custom fields come along, and with them the mark of whoever made the original. */
  copyTask(id: number, nowMs: number): PortalTask {
    const original = this.tasks.get(id);
    if (original === undefined) throw actionNotAllowed();
    return this.#add({ ...original.fields, STATUS: STATUS.pending, CREATED_DATE: portalDate(nowMs) });
  }

  updateTask(id: number, fields: TaskFields): PortalTask {
    const task = this.tasks.get(id);
    if (task === undefined) throw actionNotAllowed();
    const updated = { id, fields: { ...task.fields, ...this.#stored(fields) } };
    this.tasks.put(updated);
    this.listeners.onEvent("ONTASKUPDATE", id);
    return updated;
  }

  deleteTask(id: number): void {
    if (!this.tasks.delete(id)) throw actionNotAllowed();
    this.listeners.onEvent("ONTASKDELETE", id);
  }

  addComment(taskId: number, text: string): number {
    if (this.tasks.get(taskId) === undefined) throw actionNotAllowed();
    return this.#comments.push({ taskId, text });
  }

  #add(fields: TaskFields): PortalTask {
    const task = { id: this.#nextId++, fields };
    this.tasks.put(task);
    this.listeners.onEvent("ONTASKADD", task.id);
    return task;
  }

  /** As the portal keeps them: texts, and 1 or 0 for a yes-or-no field. Fields it does not have are dropped silently. */
  #stored(fields: TaskFields): TaskFields {
    return Object.fromEntries(
      Object.entries(fields).flatMap(([name, value]): [string, Json][] => {
        if (!name.startsWith("UF_")) return [[name, typeof value === "number" ? String(value) : value]];
        const field = this.fields.find((field) => field.name === name);
        if (field === undefined) return [];
        if (field.type === "boolean") return [[name, /^(y|1|true)$/i.test(textOf(value)) ? "1" : "0"]];
        return [[name, textOf(value)]];
      }),
    );
  }
}

/** ISO 8601 with an offset and without fractions. */
export function portalDate(atMs: number): string {
  return new Date(atMs).toISOString().replace(/\.\d+Z$/, "+00:00");
}
