/** The page on which a person at a demo sees the open tasks, finishes them, and sees what was finished last. */
import { html } from "hono/html";
import { bbCode, facts, page } from "./page_parts.ts";
import type { ClosedTask, OpenTask, People } from "./people.ts";

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
  return page(
    { title: "Задачи", refresh: tooLate ? "5;url=/" : "5" },
    html`
      <h1>Открытые задачи: ${open.length}</h1>
      ${tooLate ? html`<p class="notice" role="status">Эта задача уже закрыта или удалена.</p>` : ""}
      ${open.length === 0 ? html`<p class="empty">Задач нет. Новые появятся здесь сами.</p>` : ""}
      ${open.slice(0, SHOWN).map((task) => openCard(task, people))}
      ${more > 0 ? html`<p class="empty">И ещё ${more}: они появятся, когда закроются эти.</p>` : ""}
      ${closed.length === 0 ? "" : html`
        <h2>Последние закрытые</h2>
        <ul class="closed">${closed.map(closedLine)}</ul>
      `}
    `,
  );
}

function openCard(task: OpenTask, people: People) {
  const { id, title, description, question, resultExpected } = task;
  const details = people.details(id);
  const items = details?.checklist.filter(({ depth }) => depth > 0) ?? [];
  const questions = details?.questionnaires.flatMap(({ questions }) => questions) ?? [];
  const toDo = [
    items.length === 0 ? "" : `чек-лист: ${items.filter(({ complete }) => complete).length} из ${items.length}`,
    questions.length === 0
      ? ""
      : `анкета: ${questions.filter(({ answer }) => answer !== null).length} из ${questions.length}`,
    resultExpected && details?.results.length === 0 ? "нужен результат" : "",
  ].filter((text) => text !== "");
  return html`
    <article>
      <h3><a href="/tasks/${id}">${title}</a></h3>
      ${facts(task)}
      ${description === "" || description === title ? "" : html`<p class="text short">${bbCode(description)}</p>`}
      ${question === "" ? "" : html`<p class="question">${question}</p>`}
      ${toDo.length === 0 ? "" : html`<p class="todo">${toDo.join(" · ")}</p>`}
      <form method="post" action="/tasks/${id}/finish">${closingButtons(task, people.answerTexts)}</form>
    </article>
  `;
}

/** The buttons of a form that leads to `finish`. */
export function closingButtons({ id, status, answerExpected }: OpenTask, answers: readonly string[]) {
  if (status === "4") {
    return html`
      <button class="yes" formaction="/tasks/${id}/approve">Принять</button>
      <button class="no" formaction="/tasks/${id}/disapprove">Вернуть на доработку</button>
    `;
  }
  return html`
    ${answerExpected
      ? answers.map((answer, index) =>
        html`<button class="${index === 0 ? "yes" : "no"}" name="answer" value="${answer}">${answer}</button>`
      )
      : html`<button class="yes">Завершить</button>`}
    <button class="other" formaction="/tasks/${id}/decline">Отклонить</button>
  `;
}

function closedLine({ id, title, outcome, answer }: ClosedTask) {
  const [style, text] = outcome === "declined"
    ? ["other", "отклонена"]
    : [answer === "НЕТ" ? "no" : "yes", answer || "завершена"];
  return html`
    <li>
      <span class="number">№ ${id}</span>
      <span class="title"><a href="/tasks/${id}">${title}</a></span>
      <b class="${style}">${text}</b>
    </li>
  `;
}
