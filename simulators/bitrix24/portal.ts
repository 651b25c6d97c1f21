/** What a Bitrix24 portal knows: tasks, comments, users, the task fields that Exchanger needs. All of it in memory. */
import type { Json, JsonObject } from "../../lib/messages/json.ts";

/** By the names of REST requests: `TITLE`, `UF_ELEMENT_ID`. */
export type TaskFields = Readonly<Record<string, Json>>;

export interface PortalTask {
  readonly id: number;
  readonly fields: TaskFields;
}

export interface PortalField {
  readonly id: number;
  readonly name: string;
  readonly type: "string" | "boolean" | "enumeration";
  /** Of an enumeration: value ids and texts. */
  readonly values: ReadonlyMap<string, string>;
}

/** Answered in the envelope `{error, error_description}`. */
export class PortalError extends Error {
  constructor(readonly code: string, message: string, readonly status = 400) {
    super(message);
  }
}

/** The vendor's numbers. */
export const STATUS = {
  pending: "2",
  inProgress: "3",
  supposedlyCompleted: "4",
  completed: "5",
  declined: "7",
} as const;

/** What a portal allows as answers; the ids are those of the predecessor's portal. */
export const ANSWERS: ReadonlyMap<string, string> = new Map([["26", "ДА"], ["27", "НЕТ"]]);

export function standardFields(): PortalField[] {
  const field = (id: number, name: string, type: PortalField["type"], values = new Map<string, string>()) => ({
    id,
    name,
    type,
    values,
  });
  return [
    field(101, "UF_CAMUNDA_ID_EXTERNAL_TASK", "string"),
    field(102, "UF_RESULT_ANSWER", "enumeration", new Map(ANSWERS)),
    field(103, "UF_RESULT_QUESTION", "string"),
    field(104, "UF_RESULT_EXPECTED", "boolean"),
    field(105, "UF_ELEMENT_ID", "string"),
    field(106, "UF_PROCESS_INSTANCE_ID", "string"),
  ];
}

export class Portal {
  readonly #tasks = new Map<number, PortalTask>();
  readonly #comments: { readonly taskId: number; readonly text: string }[] = [];
  readonly #created: { readonly externalId: string; readonly taskId: string }[] = [];
  #nextId = 1;

  constructor(
    readonly fields: PortalField[],
    /** User ids 1 to this are employees. */
    readonly userCount: number,
    private readonly onTaskCreated: (task: PortalTask) => void,
  ) {}

  get tasks(): Iterable<PortalTask> {
    return this.#tasks.values();
  }

  get comments(): readonly { readonly taskId: number; readonly text: string }[] {
    return this.#comments;
  }

  /** Every creation with an external task id, in order; deletions change nothing here. */
  get created(): readonly { readonly externalId: string; readonly taskId: string }[] {
    return this.#created;
  }

  task(id: number): PortalTask | undefined {
    return this.#tasks.get(id);
  }

  addTask(fields: TaskFields, nowMs: number): PortalTask {
    if (textOf(fields["TITLE"]).trim() === "") throw new PortalError("ERROR_CORE", "Не указано название задачи<br>");
    const responsible = Number(textOf(fields["RESPONSIBLE_ID"]));
    if (!(responsible >= 1 && responsible <= this.userCount)) {
      throw new PortalError("ERROR_CORE", 'Пользователь, указанный в поле "Исполнитель", не найден.<br>');
    }
    const task = {
      id: this.#nextId++,
      fields: {
        CREATED_BY: "1",
        PRIORITY: "1",
        GROUP_ID: "0",
        STATUS: STATUS.pending,
        CREATED_DATE: new Date(nowMs).toISOString().replace(/\.\d+Z$/, "+00:00"),
        ...this.#stored(fields),
      },
    };
    this.#tasks.set(task.id, task);
    const externalId = textOf(fields["UF_CAMUNDA_ID_EXTERNAL_TASK"]);
    if (externalId !== "") this.#created.push({ externalId, taskId: String(task.id) });
    this.onTaskCreated(task);
    return task;
  }

  updateTask(id: number, fields: TaskFields): PortalTask {
    const task = this.#tasks.get(id);
    if (task === undefined) throw actionNotAllowed();
    const updated = { id, fields: { ...task.fields, ...this.#stored(fields) } };
    this.#tasks.set(id, updated);
    return updated;
  }

  deleteTask(id: number): void {
    if (!this.#tasks.delete(id)) throw actionNotAllowed();
  }

  addComment(taskId: number, text: string): number {
    if (!this.#tasks.has(taskId)) throw actionNotAllowed();
    return this.#comments.push({ taskId, text });
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

/** The vendor's one answer for: absent, not visible, or in the wrong state. */
export function actionNotAllowed(): PortalError {
  return new PortalError("1048582", "Действие над задачей не разрешено");
}

/** As PHP turns a scalar into text; lists and maps have none. */
export function textOf(value: Json | undefined): string {
  if (value === true) return "1";
  return value === undefined || value === null || value === false || typeof value === "object" ? "" : String(value);
}

export function objectOf(value: Json | undefined): JsonObject {
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}
