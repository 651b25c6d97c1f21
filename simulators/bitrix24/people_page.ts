/** The page on which a person at a demo sees the open tasks and finishes them. */
import { html } from "hono/html";
import type { OpenTask } from "./people.ts";

const STYLE = `
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; color: #222; background: #f5f7fa }
  article { background: #fff; border-radius: 8px; padding: 1rem 1.25rem; margin: 1rem 0; box-shadow: 0 1px 3px #0002 }
  h2 { font-size: 1.1rem; margin: 0 } p { margin: .4rem 0; white-space: pre-line } small { color: #667 }
  form { display: inline } button { font: inherit; padding: .35rem 1.2rem; margin: .4rem .4rem 0 0; border: 0; border-radius: 6px; cursor: pointer }
  .yes { background: #bbed21 } .no { background: #f6d5d0 } .other { background: #e3e8ee }
`;

export function peoplePage(tasks: readonly OpenTask[]) {
  return html`
    <!DOCTYPE html>
    <html lang="ru">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width">
        <meta http-equiv="refresh" content="5">
        <title>Задачи</title>
        <style>${STYLE}</style>
      </head>
      <body>
            <h1>Открытые задачи: ${tasks.length}</h1>
            ${tasks.length === 0 ? html`<p>Задач нет. Новые появятся здесь сами.</p>` : tasks.map(card)}
          </body>
    </html>
  `;
}

function card(task: OpenTask) {
  return html`<article>
    <h2>${task.title}</h2>
    <small>Задача № ${task.id} · исполнитель ${task.responsibleId}</small>
    ${task.description === task.title ? "" : html`<p>${task.description}</p>`}
    ${task.question === "" ? "" : html`<p><b>${task.question}</b></p>`}
    <div>${
    task.answerExpected
      ? [button(task, "finish", "ДА", "yes", "ДА"), button(task, "finish", "НЕТ", "no", "НЕТ")]
      : button(task, "finish", "Завершить", "yes")
  } ${button(task, "decline", "Отклонить", "other")}</div>
  </article>`;
}

function button(task: OpenTask, action: "finish" | "decline", label: string, style: string, answer = "") {
  return html`
    <form method="post" action="/tasks/${task.id}/${action}">
      <button class="${style}" name="answer" value="${answer}">${label}</button>
    </form>
  `;
}
