/** What a Bitrix24 portal knows: tasks and all that hangs on them, users, files, lists. All of it in memory. */
import { Checklists } from "./checklists.ts";
import { CrmStore } from "./crm_store.ts";
import { type AttachedTo, type Attachment, Disk } from "./disk.ts";
import { textOf, textsOf } from "./php_values.ts";
import { actionNotAllowed } from "./portal_error.ts";
import { KEY_FIELD, type PortalField } from "./portal_fields.ts";
import { checkNewTask, checkTaskFields, needsResult, type PortalRules, resultMissing } from "./portal_rules.ts";
import { FILES_FIELD, storedFields } from "./stored_fields.ts";
import { TaskComments } from "./task_comments.ts";
import { TaskLinks } from "./task_links.ts";
import { statusAfter, type TaskMove } from "./task_moves.ts";
import { TaskResults } from "./task_results.ts";
import { type PortalTask, STATUS, type TaskFields, TaskStore } from "./task_store.ts";
import { UniversalLists } from "./universal_lists.ts";
import { Users } from "./users.ts";
import { WEBHOOK_USER } from "./visibility.ts";
import type { TaskEvent } from "./webhooks.ts";

export interface PortalListeners {
  /** Told of every change to a task, whoever made it. */
  onEvent(event: TaskEvent, taskId: number): void;
  /** Told of a task created through REST, before its creator is. */
  onTaskCreated(task: PortalTask): void;
}

export interface NewComment {
  readonly text: string;
  readonly authorId: number;
  /** Ids of files on the drive. */
  readonly fileIds?: readonly number[];
}

const REST_USER = Number(WEBHOOK_USER);

export class Portal {
  readonly tasks = new TaskStore();
  readonly users: Users;
  readonly disk = new Disk();
  readonly lists = new UniversalLists();
  /** Ids of the groups that tasks can belong to. */
  readonly groups = new Set<string>();
  readonly comments = new TaskComments();
  readonly results = new TaskResults();
  readonly checklists = new Checklists();
  readonly links = new TaskLinks();
  readonly crm = new CrmStore();
  readonly #tagIds = new Map<string, number>();
  readonly #created: { readonly externalId: string; readonly taskId: string }[] = [];
  #nextId = 1;

  constructor(
    readonly fields: PortalField[],
    /** User ids 1 to this are employees from the start. */
    userCount: number,
    private readonly listeners: PortalListeners,
    readonly rules: PortalRules = {},
  ) {
    this.users = new Users(userCount);
  }

  /** Every creation through REST with an external task id, in order; deletions change nothing here. */
  get created(): readonly { readonly externalId: string; readonly taskId: string }[] {
    return this.#created;
  }

  addTask(fields: TaskFields, nowMs: number): PortalTask {
    checkNewTask(this, fields, this.rules);
    const files = newFiles(fields[FILES_FIELD]);
    for (const id of files) this.disk.require(id);
    const id = this.#nextId;
    const task = this.#add({
      CREATED_BY: WEBHOOK_USER,
      PRIORITY: "1",
      GROUP_ID: "0",
      STATUS: STATUS.pending,
      CREATED_DATE: portalDate(nowMs),
      CHANGED_DATE: portalDate(nowMs),
      ...storedFields(this.fields, fields),
      ...files.length > 0 && { [FILES_FIELD]: files.map((file) => this.#attach(file, "tasks_task", id, REST_USER).id) },
    });
    const externalId = textOf(fields[KEY_FIELD]);
    if (externalId !== "") this.#created.push({ externalId, taskId: String(task.id) });
    this.listeners.onTaskCreated(task);
    return task;
  }

  /** As a person does it: the custom fields come along, and with them the mark of whoever made the original. */
  copyTask(id: number, nowMs: number): PortalTask {
    const original = this.#task(id);
    const { CLOSED_BY: _by, CLOSED_DATE: _at, ...fields } = original.fields;
    const date = portalDate(nowMs);
    return this.#add({ ...fields, STATUS: STATUS.pending, CREATED_DATE: date, CHANGED_DATE: date });
  }

  updateTask(id: number, fields: TaskFields, by: number = REST_USER): PortalTask {
    const task = this.#task(id);
    checkTaskFields(this, fields, this.rules);
    return this.#change(task, { ...storedFields(this.fields, fields), ...this.#newFilesOf(task, fields) }, by);
  }

  /** @throws {PortalError} when the move is not allowed in the task's status, or a result is missing */
  moveTask(id: number, move: TaskMove, by: number = REST_USER, also: TaskFields = {}): PortalTask {
    const task = this.#task(id);
    const status = statusAfter(move, task, by);
    const lacksResult = move === "complete" && needsResult(task) && !this.results.hasOpen(id);
    if (lacksResult && this.rules.enforceResult === true) throw resultMissing();
    return this.#change(task, { ...storedFields(this.fields, also), STATUS: status }, by);
  }

  deleteTask(id: number): void {
    if (!this.tasks.delete(id)) throw actionNotAllowed();
    this.listeners.onEvent("ONTASKDELETE", id);
  }

  /** Returns the id of the comment. */
  addComment(taskId: number, { text, authorId, fileIds = [] }: NewComment): number {
    this.#task(taskId);
    for (const id of fileIds) this.disk.require(id);
    const { nextId } = this.comments;
    const attachments = fileIds.map((file) => this.#attach(file, "forum_message", nextId, authorId));
    return this.comments.add({ taskId, authorId, text, postedAt: portalDate(Date.now()), attachments }).id;
  }

  /** Marks a new comment as a result of the task, which stays open; in the new task card a result is no comment. */
  addResult(taskId: number, comment: NewComment): void {
    const { text, authorId, fileIds = [] } = comment;
    const isComment = this.rules.newTaskCard !== true;
    const commentId = isComment ? this.addComment(taskId, comment) : 0;
    const attachments = isComment
      ? this.comments.get(commentId)?.attachments ?? []
      : fileIds.map((file) => this.#attach(file, "tasks_result", this.results.nextId, authorId));
    const date = portalDate(Date.now());
    this.results.add({
      taskId: this.#task(taskId).id,
      commentId,
      createdBy: authorId,
      createdAt: date,
      updatedAt: date,
      text,
      files: attachments.map(({ id }) => id),
    });
  }

  /** @throws {PortalError} `ERROR_CORE` when there is no such file */
  attachFile(taskId: number, fileId: number): Attachment {
    const task = this.#task(taskId);
    const attachment = this.#attach(fileId, "tasks_task", taskId, REST_USER);
    this.#change(task, { [FILES_FIELD]: [...attachmentIds(task), attachment.id] }, REST_USER);
    return attachment;
  }

  /** Changes what hangs on a task: listeners are told as of a change of the task itself. */
  touch(taskId: number, by: number): void {
    this.#change(this.#task(taskId), {}, by);
  }

  /** Tags are known by number, each text by one. */
  tagId(tag: string): number {
    const id = this.#tagIds.get(tag) ?? this.#tagIds.size + 1;
    this.#tagIds.set(tag, id);
    return id;
  }

  #task(id: number): PortalTask {
    const task = this.tasks.get(id);
    if (task === undefined) throw actionNotAllowed();
    return task;
  }

  #add(fields: TaskFields): PortalTask {
    const task = { id: this.#nextId++, fields };
    this.tasks.put(task);
    this.listeners.onEvent("ONTASKADD", task.id);
    return task;
  }

  #change(task: PortalTask, fields: TaskFields, by: number): PortalTask {
    const date = portalDate(Date.now());
    const status = fields["STATUS"];
    const isMoved = status !== undefined && status !== task.fields["STATUS"];
    const changed = {
      id: task.id,
      fields: {
        ...task.fields,
        CHANGED_BY: String(by),
        CHANGED_DATE: date,
        ...isMoved && stampsOf(textOf(status), String(by), date),
        ...fields,
      },
    };
    this.tasks.put(changed);
    if (isMoved && status === STATUS.completed) this.results.close(task.id);
    this.listeners.onEvent("ONTASKUPDATE", task.id);
    return changed;
  }

  #attach(fileId: number, entityType: AttachedTo, entityId: number, createdBy: number): Attachment {
    return this.disk.attach(fileId, { entityType, entityId, createdBy, createdAt: portalDate(Date.now()) });
  }

  /** A list of files replaces the one before: `n5` attaches, an attachment's id keeps. */
  #newFilesOf(task: PortalTask, fields: TaskFields): TaskFields {
    const wanted = fields[FILES_FIELD];
    if (wanted === undefined) return {};
    const files = newFiles(wanted);
    for (const id of files) this.disk.require(id);
    const kept = textsOf(wanted).map(Number).filter((id) => attachmentIds(task).includes(id));
    return {
      [FILES_FIELD]: [...kept, ...files.map((file) => this.#attach(file, "tasks_task", task.id, REST_USER).id)],
    };
  }
}

/** Ids of the task's attachments. */
export function attachmentIds({ fields }: PortalTask): number[] {
  const ids = fields[FILES_FIELD];
  return ids === undefined ? [] : textsOf(ids).map(Number);
}

/** Waiting for approval counts as closed here, declined does not. */
function stampsOf(status: string, by: string, date: string): TaskFields {
  const isClosed = status === STATUS.completed || status === STATUS.supposedlyCompleted;
  return {
    STATUS_CHANGED_BY: by,
    STATUS_CHANGED_DATE: date,
    CLOSED_BY: isClosed ? by : "0",
    CLOSED_DATE: isClosed ? date : null,
  };
}

/** The files in `["n12"]`. */
function newFiles(value: TaskFields[string] | undefined): number[] {
  return textsOf(value).filter((text) => /^n\d+$/.test(text)).map((text) => Number(text.slice(1)));
}

/** ISO 8601 with an offset and without fractions. */
export function portalDate(atMs: number): string {
  return new Date(atMs).toISOString().replace(/\.\d+Z$/, "+00:00");
}
