/** What the people's pages have in common. */
import { html } from "hono/html";
import { PEOPLE_PAGE_STYLE } from "./people_page_style.ts";

export type Html = ReturnType<typeof html>;

export interface PageOptions {
  readonly title: string;
  /** What the page does by itself after a while, as `http-equiv="refresh"` takes it; `""` for nothing. */
  readonly refresh: string;
}

export function page({ title, refresh }: PageOptions, body: Html): Html {
  return html`
    <!DOCTYPE html>
    <html lang="ru">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        ${refresh === "" ? "" : html`<meta http-equiv="refresh" content="${refresh}">`}
        <title>${title}</title>
        <style>${PEOPLE_PAGE_STYLE}</style>
      </head>
      <body>${body}</body>
    </html>
  `;
}

/** What is said of a task in small letters under its title. */
export function facts(task: {
  readonly id: string;
  readonly responsibleId: string;
  readonly status: string;
  readonly groupId: string;
  readonly deadline: string;
  readonly tags: readonly string[];
}): Html {
  const { id, responsibleId, status, groupId, deadline, tags } = task;
  const state = STATES.get(status);
  return html`
    <p class="facts">
      <span>Задача № ${id}</span>
      <span>исполнитель № ${responsibleId}</span>
      ${state === undefined ? "" : html`<span class="state">${state}</span>`}
      ${groupId === "" ? "" : html`<span>группа № ${groupId}</span>`}
      ${deadline === "" ? "" : html`<span class="${isPast(deadline) ? "late" : ""}">срок ${shortDate(deadline)}</span>`}
      ${tags.map((tag) => html`<span class="tag">${tag}</span>`)}
    </p>
  `;
}

const STATES: ReadonlyMap<string, string> = new Map([
  ["3", "в работе"],
  ["4", "ждёт контроля"],
  ["5", "завершена"],
  ["6", "отложена"],
  ["7", "отклонена"],
]);

/** `[B]…[/B]` is bold; any other mark stays as it was written. */
export function bbCode(text: string): Html {
  return html`${
    text.split(/(\[B\].*?\[\/B\])/is).map((part) => {
      const [, bold] = /^\[B\](.*)\[\/B\]$/is.exec(part) ?? [];
      return bold === undefined ? part : html`<strong>${bold}</strong>`;
    })
  }`;
}

function isPast(deadline: string): boolean {
  return Date.parse(deadline) < Date.now();
}

/** The wall clock of whoever set the deadline, in the form people here write dates; any other text as it is. */
function shortDate(date: string): string {
  const [, year, month, day, time] = /^(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d)/.exec(date) ?? [];
  return year === undefined ? date : `${day}.${month}.${year} ${time}`;
}
