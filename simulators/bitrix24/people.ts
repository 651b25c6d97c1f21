/** What people do on the portal: see their tasks, work on them, finish, decline, copy and delete them. */
import type { Addon } from "./addon_store.ts";
import { textOf, textsOf } from "./php_values.ts";
import { type Portal, portalDate } from "./portal.ts";
import { actionNotAllowed } from "./portal_error.ts";
import { ANSWER_FIELD, ANSWERS } from "./portal_fields.ts";
import { needsResult } from "./portal_rules.ts";
import { type TaskDetails, taskDetails } from "./task_details.ts";
import { statusAfter, type TaskMove } from "./task_moves.ts";
import { type PortalTask, STATUS, type TaskFields } from "./task_store.ts";

export interface OpenTask {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly responsibleId: string;
  /** The vendor's number: "2" waiting, "3" in progress, "4" waits for approval, "6" deferred. */
  readonly status: string;
  /** The project it belongs to; `""` without one. */
  readonly groupId: string;
  /** As it was set, with its offset; `""` without one. */
  readonly deadline: string;
  readonly tags: readonly string[];
  /** `UF_RESULT_QUESTION`; `""` without one. */
  readonly question: string;
  /** Whether ДА or НЕТ is asked for. */
  readonly answerExpected: boolean;
  /** Whether the task says that it is not to be finished without a result. */
  readonly resultExpected: boolean;
  readonly externalTaskId: string;
}

export interface ClosedTask {
  readonly id: string;
  readonly title: string;
  readonly outcome: "finished" | "declined";
  /** ДА or НЕТ; `""` without one. */
  readonly answer: string;
}

export interface Finish {
  /** A text of the portal's list: ДА or НЕТ. */
  readonly answer?: string;
  /** Written as a comment and marked as the result. */
  readonly result?: string;
  /** Uploaded and attached to that comment. */
  readonly files?: readonly { readonly name: string; readonly size?: number }[];
  /** A user's id. @default the task's responsible */
  readonly by?: string | number;
}

/** All throw {@link PortalError} when the task is gone, or what is done is not allowed in its status. */
export class People {
  constructor(private readonly portal: Portal, private readonly addon: Addon) {}

  /** Oldest first. */
  openTasks(): OpenTask[] {
    return this.portal.tasks.open().map(openTask);
  }

  /** The ten closed last, latest first. */
  recentlyClosedTasks(): ClosedTask[] {
    return this.portal.tasks.recentlyClosed().map((task) => closedTask(task, this.#answers()));
  }

  /** All that a person sees who opens a task; `undefined` when it is gone. */
  details(id: string): TaskDetails | undefined {
    return taskDetails(this.portal, this.addon, Number(id));
  }

  /** The texts that a task can be answered with. */
  get answerTexts(): string[] {
    return [...this.#answers().values()];
  }

  /**
   * Under control (`TASK_CONTROL`), a task that somebody else set then waits for approval.
   * @throws {PortalError} also when the task is not to be finished without a result, on a portal that looks at that
   */
  finish(id: string, { answer, result, files = [], by }: Finish = {}): void {
    const answerId = [...this.#answers()].find(([, text]) => text === answer)?.[0];
    if (answer !== undefined && answerId === undefined) {
      throw new Error(`The portal's answers are ${this.answerTexts.join(" and ")}, not ${answer}`);
    }
    const task = this.portal.tasks.get(Number(id));
    // Nothing is left behind in a task that cannot be finished.
    if (task === undefined) throw actionNotAllowed();
    statusAfter("complete", task, this.#userFor(id, by));
    if (result !== undefined || files.length > 0) this.addResult(id, { text: result ?? "", files, by });
    this.#move(id, "complete", by, answerId === undefined ? {} : { [ANSWER_FIELD]: answerId });
  }

  /** Writes a comment and marks it as a result of the task, which stays open. */
  addResult(
    id: string,
    { text, files = [], by }: { text: string; files?: Finish["files"]; by?: Finish["by"] | undefined },
  ): void {
    const fileIds = files.map((file) => this.portal.disk.put(file));
    this.portal.addResult(Number(id), { text, authorId: this.#userFor(id, by), fileIds });
  }

  /** Ticks or unticks an item of a checklist. */
  tick(id: string, itemId: string | number, done = true): void {
    const by = this.#userFor(id);
    this.portal.checklists.toggle(Number(itemId), done, by, portalDate(Date.now()));
    this.portal.touch(Number(id), by);
  }

  /** Fills in a questionnaire's answer, in the form that the question's type has. */
  answer(id: string, questionnaireCode: string, questionCode: string, text: string): void {
    this.addon.answer(id, questionnaireCode, questionCode, text);
  }

  /** Fills in answers by the ids of the task's questions; `""` takes one back. */
  fillIn(id: string, answers: ReadonlyMap<number, string>): void {
    this.addon.fillIn(id, answers);
  }

  start(id: string): void {
    this.#move(id, "start");
  }

  defer(id: string): void {
    this.#move(id, "defer");
  }

  decline(id: string): void {
    this.#move(id, "decline");
  }

  /** Takes up again what is finished, declined, deferred or waits for approval. */
  reopen(id: string): void {
    this.#move(id, "renew");
  }

  /** By whoever set the task, like `disapprove`. */
  approve(id: string): void {
    this.#move(id, "approve", this.#creatorOf(id));
  }

  disapprove(id: string): void {
    this.#move(id, "disapprove", this.#creatorOf(id));
  }

  /** Makes an open copy, custom fields included, and returns its id. No creation of ours: it is not in the ledger. */
  copy(id: string): string {
    return String(this.portal.copyTask(Number(id), Date.now()).id);
  }

  delete(id: string): void {
    this.portal.deleteTask(Number(id));
  }

  #move(id: string, move: TaskMove, by?: Finish["by"], also: TaskFields = {}): void {
    this.portal.moveTask(Number(id), move, this.#userFor(id, by), also);
  }

  #userFor(id: string, by?: Finish["by"]): number {
    return Number(by ?? textOf(this.portal.tasks.get(Number(id))?.fields["RESPONSIBLE_ID"]));
  }

  /** Value ids and texts, as the portal's field has them. */
  #answers(): ReadonlyMap<string, string> {
    return this.portal.fields.find(({ name }) => name === ANSWER_FIELD)?.values ?? ANSWERS;
  }

  #creatorOf(id: string): string {
    return textOf(this.portal.tasks.get(Number(id))?.fields["CREATED_BY"]);
  }
}

export function openTask(task: PortalTask): OpenTask {
  const { id, fields } = task;
  const group = textOf(fields["GROUP_ID"]);
  return {
    id: String(id),
    title: textOf(fields["TITLE"]),
    description: textOf(fields["DESCRIPTION"]),
    responsibleId: textOf(fields["RESPONSIBLE_ID"]),
    status: textOf(fields["STATUS"]),
    groupId: group === "0" ? "" : group,
    deadline: textOf(fields["DEADLINE"]),
    tags: fields["TAGS"] === undefined ? [] : textsOf(fields["TAGS"]),
    question: textOf(fields["UF_RESULT_QUESTION"]),
    answerExpected: fields["UF_RESULT_EXPECTED"] === "1",
    resultExpected: needsResult(task),
    externalTaskId: textOf(fields["UF_CAMUNDA_ID_EXTERNAL_TASK"]),
  };
}

function closedTask({ id, fields }: PortalTask, answers: ReadonlyMap<string, string>): ClosedTask {
  return {
    id: String(id),
    title: textOf(fields["TITLE"]),
    outcome: fields["STATUS"] === STATUS.declined ? "declined" : "finished",
    answer: answers.get(textOf(fields[ANSWER_FIELD])) ?? "",
  };
}
