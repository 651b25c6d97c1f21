/** The page on which a person at a demo sees the open tasks, finishes them, and sees what was finished last. */
import { html } from "hono/html";
import type { ClosedTask, OpenTask, People } from "./people.ts";
import { PEOPLE_PAGE_STYLE } from "./people_page_style.ts";

/** More would only slow the page down. */
const SHOWN = 100;

export interface PeoplePageOptions {
  /** The task that was to be closed had been closed already. */
  readonly tooLate: boolean;
}

export function peoplePage(people: People, { tooLate }: PeoplePageOptions) {
  const open = people.openTasks();
  const closed = people.recentlyClosedTasks();
  const more = open.length - SHOWN;
  // A reload keeps the place on the page; the way to "/" takes the notice off it.
  const refresh = tooLate ? "5;url=/" : "5";
  return html`
    <!DOCTYPE html>
    <html lang="ru">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="refresh" content="${refresh}">
        <title>Задачи</title>
        <style>${PEOPLE_PAGE_STYLE}</style>
      </head>
      <body>
        <h1>Открытые задачи: ${open.length}</h1>
        ${tooLate ? html`<p class="notice" role="status">Эта задача уже закрыта или удалена.</p>` : ""}
        ${open.length === 0 ? html`<p class="empty">Задач нет. Новые появятся здесь сами.</p>` : ""}
        ${open.slice(0, SHOWN).map(openCard)}
        ${more > 0 ? html`<p class="empty">И ещё ${more}: они появятся, когда закроются эти.</p>` : ""}
        ${closed.length === 0 ? "" : html`
          <h2>Последние закрытые</h2>
          <ul>${closed.map(closedLine)}</ul>
        `}
      </body>
    </html>
  `;
}

function openCard(task: OpenTask) {
  const { id, title, description, responsibleId, groupId, deadline, question, answerExpected } = task;
  return html`
    <article>
      <h3>${title}</h3>
      <p class="facts">
        <span>Задача № ${id}</span>
        <span>исполнитель № ${responsibleId}</span>
        ${groupId === "" ? "" : html`<span>группа № ${groupId}</span>`}
        ${deadline === ""
          ? ""
          : html`<span class="${isPast(deadline) ? "late" : ""}">срок ${shortDate(deadline)}</span>`}
      </p>
      ${description === "" || description === title ? "" : html`<p class="text">${description}</p>`}
      ${question === "" ? "" : html`<p class="question">${question}</p>`}
      <form method="post" action="/tasks/${id}/finish">
        ${answerExpected
          ? html`
            <button class="yes" name="answer" value="ДА">ДА</button>
            <button class="no" name="answer" value="НЕТ">НЕТ</button>
          `
          : html`<button class="yes">Завершить</button>`}
        <button class="other" formaction="/tasks/${id}/decline">Отклонить</button>
      </form>
    </article>
  `;
}

function closedLine({ id, title, outcome, answer }: ClosedTask) {
  const [style, text] = outcome === "declined"
    ? ["other", "отклонена"]
    : [answer === "НЕТ" ? "no" : "yes", answer || "завершена"];
  return html`<li><span class="number">№ ${id}</span><span class="title">${title}</span><b class="${style}">${text}</b></li>`;
}

function isPast(deadline: string): boolean {
  return Date.parse(deadline) < Date.now();
}

/** The wall clock of whoever set the deadline, in the form people here write dates; any other text as it is. */
function shortDate(date: string): string {
  const [, year, month, day, time] = /^(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d)/.exec(date) ?? [];
  return year === undefined ? date : `${day}.${month}.${year} ${time}`;
}
