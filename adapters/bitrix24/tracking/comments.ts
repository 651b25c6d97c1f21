/** What people read in their tasks, in the language of the portal's people. */
import type { Command } from "../../../lib/bitrix24/client.ts";

/** This old method reads its parameters by position: TASKID comes first. */
export function commentOn(taskId: string, text: string): Command {
  return { method: "task.commentitem.add", params: { TASKID: Number(taskId), FIELDS: { POST_MESSAGE: text } } };
}

export const WITHDRAWN = "Процесс больше не ждёт эту задачу: он завершён, отменён или пошёл другим путём.";
export const DEADLINE_PASSED = "Срок задачи истёк, а процесс ждёт её выполнения.";
export const RESPONSIBLE_DISMISSED =
  "Исполнитель задачи уволен, а процесс ждёт её выполнения. Назначьте другого исполнителя.";
export const REOPENED =
  "Процесс уже получил ответ по этой задаче и пошёл дальше: изменения в ней на него больше не повлияют.";

export const ANSWER_REFUSED =
  "Процесс не смог принять ответ по этой задаче и остановился. Сообщите об этом тому, кто отвечает за процесс.";

export function askForAnswer(question: string | null): string {
  const about = question === null ? "" : ` на вопрос: «${question}»`;
  return `Процесс ждёт ответ${about}. Укажите ответ в поле задачи.`;
}
