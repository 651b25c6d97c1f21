/** What is told about an open task that cannot go on as it is: to operators in the log, to people in a comment, each once. */
import { isDeepStrictEqual } from "node:util";
import { BATCH_LIMIT, type Bitrix24Client } from "../../../lib/bitrix24/client.ts";
import type { JsonObject } from "../../../lib/messages/json.ts";
import type { SentMessage } from "../../../lib/messages/sent_message.ts";
import type { PortalTask } from "../portal_task.ts";
import type { Alert, Alerts } from "./alerts.ts";
import { askForAnswer, commentOn, DEADLINE_PASSED, REOPENED, RESPONSIBLE_DISMISSED } from "./comments.ts";
import { instantOf } from "./task_variables.ts";
import type { TrackingSettings } from "./tracking_settings.ts";

export interface Notice {
  /** Also where the sent message remembers that the notice was given. */
  readonly about: Exclude<Alert, "task_reopened">;
  /** Which answer, deadline or person: for another one the notice is given again. */
  readonly occasion: string;
  readonly message: string;
  /** `undefined` when people are not told. */
  readonly comment: string | undefined;
}

export interface NoticeOptions {
  readonly settings: TrackingSettings;
  readonly nowMs: number;
  isDismissed(userId: string): boolean;
}

/** All that can be said now about a task that its process waits for. */
export function noticesFor(task: PortalTask, state: "open" | "unanswered", options: NoticeOptions): Notice[] {
  if (state === "unanswered") {
    const message = "A task was finished without the answer that its process asks for; the process goes on waiting";
    const comment = askForAnswer(task.ufResultQuestion);
    return [{ about: "answer_missing", occasion: task.closedDate ?? "unknown", message, comment }];
  }
  const { settings: { BITRIX_ALERT_COMMENTS: comments, BITRIX_TIME_ZONE: timeZone }, nowMs, isDismissed } = options;
  const notices: Notice[] = [];
  const deadline = instantOf(task.deadline, timeZone);
  if (deadline !== undefined && deadline.getTime() < nowMs) {
    notices.push({
      about: "deadline_passed",
      occasion: deadline.toISOString(),
      message: "The deadline of a task has passed, and its process waits for it",
      comment: comments.includes("deadline") ? DEADLINE_PASSED : undefined,
    });
  }
  if (task.responsibleId !== null && isDismissed(task.responsibleId)) {
    notices.push({
      about: "responsible_dismissed",
      occasion: task.responsibleId,
      message: "Who is responsible for a task was dismissed, and its process waits for it",
      comment: comments.includes("dismissed") ? RESPONSIBLE_DISMISSED : undefined,
    });
  }
  return notices;
}

/** A task that its process waits for, and what can be said about it now. */
export interface WaitingTask {
  readonly message: SentMessage;
  readonly task: PortalTask;
  readonly notices: readonly Notice[];
}

export interface ReopenedTask {
  readonly task: PortalTask;
  /** Camunda's. */
  readonly taskId: string;
}

export interface NoticeDeps {
  readonly client: Bitrix24Client;
  readonly alerts: Alerts;
}

/** For a portal where everything is overdue; then the oldest are left to what their messages remember. */
const MOST_REMEMBERED = 10_000;

export class Notices {
  /** By external task id. A look that the portal asked for keeps nothing in the message, which waits in the broker. */
  readonly #given = new Map<string, JsonObject>();

  constructor(private readonly deps: NoticeDeps) {}

  /**
   * Gives those that were not given before. Returns what messages have to remember, for those only where that changes: what
   * is no longer the case is forgotten, so that it is told again when it comes back.
   */
  async give(tasks: readonly WaitingTask[], signal: AbortSignal): Promise<ReadonlyMap<SentMessage, JsonObject>> {
    const { client, alerts } = this.deps;
    const due = tasks.flatMap(({ message, task, notices }) => {
      const before = this.#before(message);
      return notices.filter(({ about, occasion }) => before[about] !== occasion)
        .map((notice) => ({ message, task, notice }));
    });
    const commented = due.flatMap(({ task, notice }) =>
      notice.comment === undefined ? [] : [{ notice, command: commentOn(task.id, notice.comment) }]
    );
    const results = await client.runAll(commented.map(({ command }) => command), BATCH_LIMIT, signal);
    // Refused is refused, and told to operators; whatever else went wrong is tried at the next look.
    const unsaid = new Set<Notice>();
    const refusals = new Map<Notice, string>();
    for (const [index, { notice }] of commented.entries()) {
      const result = results[index];
      if (result?.ok === true) continue;
      if (result?.error.failure === "rejected") refusals.set(notice, result.error.message);
      else unsaid.add(notice);
    }
    for (const { message: { original_message }, task, notice } of due.filter(({ notice }) => !unsaid.has(notice))) {
      const { task_id: taskId, process_instance_id: processInstanceId } = original_message;
      const refusal = refusals.get(notice);
      alerts.raise(notice.about, notice.message, {
        taskId,
        processInstanceId,
        portalTaskId: task.id,
        userId: task.responsibleId,
        ...(refusal === undefined ? {} : { commentRefused: refusal }),
      });
    }
    return new Map(tasks.flatMap(({ message, notices }): [SentMessage, JsonObject][] => {
      const given = notices.filter((notice) => !unsaid.has(notice)).map(({ about, occasion }) => [about, occasion]);
      const notes = Object.fromEntries(given);
      this.#remember(message, notes);
      return isDeepStrictEqual(notes, message.notes ?? {}) ? [] : [[message, notes]];
    }));
  }

  /** Tasks that a person opened again after their process had gone on. Told once; a comment that fails is not repeated. */
  async giveReopened(tasks: readonly ReopenedTask[], isCommented: boolean, signal: AbortSignal): Promise<void> {
    const { client, alerts } = this.deps;
    for (const { task, taskId } of tasks) {
      const facts = { taskId, portalTaskId: task.id, userId: task.responsibleId };
      alerts.raise("task_reopened", "A task was opened again after its process had gone on", facts);
    }
    if (isCommented) await client.runAll(tasks.map(({ task }) => commentOn(task.id, REOPENED)), BATCH_LIMIT, signal);
  }

  #before({ original_message, notes = {} }: SentMessage): JsonObject {
    return this.#given.get(original_message.task_id) ?? notes;
  }

  #remember({ original_message: { task_id: taskId } }: SentMessage, notes: JsonObject): void {
    this.#given.delete(taskId);
    if (Object.keys(notes).length > 0) this.#given.set(taskId, notes);
    const [oldest] = this.#given.keys();
    if (this.#given.size > MOST_REMEMBERED && oldest !== undefined) this.#given.delete(oldest);
  }
}
