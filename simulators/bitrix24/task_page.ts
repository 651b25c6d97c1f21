/** The page of one task: all that is in it, and all that a person can do with it. It does not reload under one's hands. */
import { html } from "hono/html";
import type { AddonQuestion, AddonQuestionnaire } from "./addon_records.ts";
import { bbCode, facts, type Html, page } from "./page_parts.ts";
import { closingButtons } from "./people_page.ts";
import type { ChecklistLine, TaskDetails } from "./task_details.ts";

export interface TaskPageOptions {
  readonly answers: readonly string[];
  /** What the portal did not let one do, in its own words; `""` for nothing. */
  readonly refusal: string;
}

export function taskPage(details: TaskDetails, { answers, refusal }: TaskPageOptions) {
  const { task, closed, responsible, creator, files, checklist, questionnaires, results, comments } = details;
  const { id, title, description, question } = task;
  return page(
    { title, refresh: "" },
    html`
      <p><a href="/">← Все задачи</a></p>
      <article>
        <h1>${title}</h1>
        ${refusal === "" ? "" : html`<p class="notice" role="alert">${refusal}</p>`}
        ${facts(task)}
        <p class="facts"><span>Поставил: ${creator}</span> <span>Делает: ${responsible}</span></p>
        ${description === "" ? "" : html`<div class="text">${bbCode(description)}</div>`}
        ${section("Файлы", files.map((name) => html`<li>${name}</li>`))}
        ${section("Чек-листы", checklist.map((line) => checklistLine(id, line)))}
        ${questionnaires.map((questionnaire) => questionnaireInputs(details, questionnaire))}
        ${section("Результаты", results.map(({ text, files }) => html`<li>${[text, ...files].join(" · ")}</li>`))}
        ${section("Комментарии", comments.map((text) => html`<li>${text}</li>`))}
        ${question === "" ? "" : html`<p class="question">${question}</p>`}
        ${closed ? reopenForm(id) : closingForm(details, answers)}
      </article>
    `,
  );
}

function section(title: string, lines: readonly Html[]): Html | string {
  return lines.length === 0 ? "" : html`
    <h2>${title}</h2>
    <ul class="plain">${lines}</ul>
  `;
}

function checklistLine(taskId: string, { id, title, depth, complete, important }: ChecklistLine): Html {
  if (depth === 0) return html`<li class="heading">${title}</li>`;
  return html`
    <li style="margin-left: ${(depth - 1) * 1.5}rem">
      <form method="post" action="/tasks/${taskId}/checklist/${id}" class="tick">
        <button name="done" value="${complete ? "N" : "Y"}" role="checkbox" aria-checked="${String(complete)}"
          aria-label="${title}">${complete ? "☑" : "☐"}</button>
        <span class="${complete ? "done" : ""}">${title}</span>
        ${important ? html`<span class="late">важно</span>` : ""}
      </form>
    </li>
  `;
}

/** One form for all that a person types: nothing is lost, whichever button is pressed. */
const FORM = "task";

function questionnaireInputs(details: TaskDetails, { ID, TITLE, questions }: AddonQuestionnaire): Html {
  const sorted = [...questions].sort((a, b) => a.SORT - b.SORT);
  return html`
    <h2>${TITLE === "" ? "Анкета" : TITLE}</h2>
    <div class="questions" id="questionnaire-${ID}">
      ${sorted.map((question) =>
        html`
          <label>
            <span>${question.NAME}${question.IS_REQUIRED === "Y" ? " *" : ""}</span>
            ${input(details, question)}
          </label>
        `
      )}
      <button class="other" form="${FORM}" formaction="/tasks/${details.task
        .id}/questionnaire">Сохранить ответы</button>
    </div>
  `;
}

function input(details: TaskDetails, question: AddonQuestion): Html {
  const name = `q${question.ID}`;
  const answer = question.answer ?? "";
  const choices = details.choices(question);
  if (choices === undefined) {
    return html`<input form="${FORM}" name="${name}" type="${
      INPUT_TYPES.get(question.TYPE) ?? "text"
    }" value="${answer}">`;
  }
  const options = [["", "—"] as const, ...choices];
  return html`
    <select form="${FORM}" name="${name}">
      ${options.map(([value, text]) =>
        value === answer
          ? html`<option value="${value}" selected>${text}</option>`
          : html`<option value="${value}">${text}</option>`
      )}
    </select>
  `;
}

const INPUT_TYPES: ReadonlyMap<string, string> = new Map([["integer", "number"], ["date", "date"]]);

function closingForm({ task, results }: TaskDetails, answers: readonly string[]): Html {
  const { id, status, resultExpected } = task;
  const label = resultExpected && results.length === 0 ? "Результат (обязателен)" : "Результат";
  return html`
    <form id="${FORM}" method="post" action="/tasks/${id}/finish" enctype="multipart/form-data" class="questions">
      ${status === "4" ? "" : html`
        <label><span>${label}</span><textarea name="result" rows="3"></textarea></label>
        <label><span>Файлы к результату</span><input type="file" name="file" multiple></label>
      `}
      <p class="buttons">
        ${closingButtons(task, answers)}
        ${status === "6" ? reopenButton(id) : html`
          <button class="other" formaction="/tasks/${id}/defer">Отложить</button>
        `}
        <button class="other" formaction="/tasks/${id}/delete">Удалить</button>
      </p>
    </form>
  `;
}

function reopenForm(id: string): Html {
  return html`<form id="${FORM}" method="post">${reopenButton(id)}</form>`;
}

function reopenButton(id: string): Html {
  return html`<button class="other" formaction="/tasks/${id}/reopen">Возобновить</button>`;
}
