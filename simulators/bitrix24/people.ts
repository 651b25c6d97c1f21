/** What people do on the portal: see their open tasks, finish, decline and delete them. */
import { actionNotAllowed, ANSWERS, type Portal, type PortalTask, STATUS, textOf } from "./portal.ts";

export interface OpenTask {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly responsibleId: string;
  /** `UF_RESULT_QUESTION`; `""` without one. */
  readonly question: string;
  /** Whether ДА or НЕТ is asked for. */
  readonly answerExpected: boolean;
  readonly externalTaskId: string;
}

const CLOSED: ReadonlySet<string> = new Set([STATUS.completed, STATUS.declined]);

export class People {
  constructor(private readonly portal: Portal) {}

  /** Oldest first. */
  openTasks(): OpenTask[] {
    return [...this.portal.tasks].filter(({ fields }) => !CLOSED.has(textOf(fields["STATUS"]))).map(openTask);
  }

  /** `answer` is a text of the portal's list: ДА or НЕТ. */
  finish(id: string, { answer }: { readonly answer?: string } = {}): void {
    const answerId = [...ANSWERS].find(([, text]) => text === answer)?.[0];
    if (answer !== undefined && answerId === undefined) {
      throw new Error(`The portal's answers are ДА and НЕТ, not ${answer}`);
    }
    this.#close(id, { STATUS: STATUS.completed, ...(answerId && { UF_RESULT_ANSWER: answerId }) });
  }

  decline(id: string): void {
    this.#close(id, { STATUS: STATUS.declined });
  }

  delete(id: string): void {
    this.portal.deleteTask(Number(id));
  }

  #close(id: string, fields: Readonly<Record<string, string>>): void {
    const task = this.portal.task(Number(id));
    if (task === undefined || CLOSED.has(textOf(task.fields["STATUS"]))) throw actionNotAllowed();
    this.portal.updateTask(task.id, fields);
  }
}

export function openTask({ id, fields }: PortalTask): OpenTask {
  return {
    id: String(id),
    title: textOf(fields["TITLE"]),
    description: textOf(fields["DESCRIPTION"]),
    responsibleId: textOf(fields["RESPONSIBLE_ID"]),
    question: textOf(fields["UF_RESULT_QUESTION"]),
    answerExpected: fields["UF_RESULT_EXPECTED"] === "1",
    externalTaskId: textOf(fields["UF_CAMUNDA_ID_EXTERNAL_TASK"]),
  };
}
