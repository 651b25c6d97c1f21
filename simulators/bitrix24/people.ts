/** What people do on the portal: see their tasks, finish, decline, copy and delete them. */
import { textOf } from "./php_values.ts";
import type { Portal } from "./portal.ts";
import { actionNotAllowed } from "./portal_error.ts";
import { ANSWERS } from "./portal_fields.ts";
import { isClosed, type PortalTask, STATUS, type TaskFields } from "./task_store.ts";

export interface OpenTask {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly responsibleId: string;
  /** The project it belongs to; `""` without one. */
  readonly groupId: string;
  /** As it was set, with its offset; `""` without one. */
  readonly deadline: string;
  /** `UF_RESULT_QUESTION`; `""` without one. */
  readonly question: string;
  /** Whether ДА or НЕТ is asked for. */
  readonly answerExpected: boolean;
  readonly externalTaskId: string;
}

export interface ClosedTask {
  readonly id: string;
  readonly title: string;
  readonly outcome: "finished" | "declined";
  /** ДА or НЕТ; `""` without one. */
  readonly answer: string;
}

export class People {
  constructor(private readonly portal: Portal) {}

  /** Oldest first. */
  openTasks(): OpenTask[] {
    return this.portal.tasks.open().map(openTask);
  }

  /** The ten closed last, latest first. */
  recentlyClosedTasks(): ClosedTask[] {
    return this.portal.tasks.recentlyClosed().map(closedTask);
  }

  /**
   * `answer` is a text of the portal's list: ДА or НЕТ.
   * @throws {PortalError} when the task is closed or deleted
   */
  finish(id: string, { answer }: { readonly answer?: string } = {}): void {
    const answerId = [...ANSWERS].find(([, text]) => text === answer)?.[0];
    if (answer !== undefined && answerId === undefined) {
      throw new Error(`The portal's answers are ДА and НЕТ, not ${answer}`);
    }
    this.#close(id, { STATUS: STATUS.completed, ...(answerId && { UF_RESULT_ANSWER: answerId }) });
  }

  /** @throws {PortalError} when the task is closed or deleted */
  decline(id: string): void {
    this.#close(id, { STATUS: STATUS.declined });
  }

  /** Makes an open copy, custom fields included, and returns its id. No creation of ours: it is not in the ledger. */
  copy(id: string): string {
    return String(this.portal.copyTask(Number(id), Date.now()).id);
  }

  delete(id: string): void {
    this.portal.deleteTask(Number(id));
  }

  #close(id: string, fields: TaskFields): void {
    const task = this.portal.tasks.get(Number(id));
    if (task === undefined || isClosed(task)) throw actionNotAllowed();
    this.portal.updateTask(task.id, fields);
  }
}

export function openTask({ id, fields }: PortalTask): OpenTask {
  const group = textOf(fields["GROUP_ID"]);
  return {
    id: String(id),
    title: textOf(fields["TITLE"]),
    description: textOf(fields["DESCRIPTION"]),
    responsibleId: textOf(fields["RESPONSIBLE_ID"]),
    groupId: group === "0" ? "" : group,
    deadline: textOf(fields["DEADLINE"]),
    question: textOf(fields["UF_RESULT_QUESTION"]),
    answerExpected: fields["UF_RESULT_EXPECTED"] === "1",
    externalTaskId: textOf(fields["UF_CAMUNDA_ID_EXTERNAL_TASK"]),
  };
}

function closedTask({ id, fields }: PortalTask): ClosedTask {
  return {
    id: String(id),
    title: textOf(fields["TITLE"]),
    outcome: fields["STATUS"] === STATUS.declined ? "declined" : "finished",
    answer: ANSWERS.get(textOf(fields["UF_RESULT_ANSWER"])) ?? "",
  };
}
