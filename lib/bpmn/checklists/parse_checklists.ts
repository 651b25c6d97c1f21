/**
 * Checklists in the description of an element, in the order in which they stand there. A header is a line of its own, which
 * markup may surround; what follows it up to the next header, list items or lines with bullets, are its items:
 *
 *     ЧЕКЛИСТ: name   CHECKLIST: name   ** name   @ name   # name   – name (en dash)
 *
 * A header of the first two kinds with a link to a Bitrix24 task, in place of a name, means the checklists of that task.
 */
import type { Checklist, ChecklistItem, ChecklistLink } from "./checklist.ts";
import { htmlLines } from "./html_lines.ts";

export type DescribedChecklist = ({ readonly kind: "list" } & Checklist) | ({ readonly kind: "link" } & ChecklistLink);

/** Headers without items are no checklists; lists of the same name stay apart. */
export function parseChecklists(description: string): DescribedChecklist[] {
  const groups: Group[] = [];
  for (const line of htmlLines(description)) {
    const group = groups.at(-1);
    if (line.kind === "list") {
      if (group?.state === "open" || group?.state === "filling") addItems(group, line.items);
      continue;
    }
    const header = headerIn(line.text);
    if (header !== undefined) {
      const links = [...line.links, ...line.text.match(/https?:\/\/\S+/g) ?? []];
      groups.push({
        ...header,
        items: [],
        link: header.byWord ? links.flatMap(linkOf).at(0) : undefined,
        state: "open",
      });
      continue;
    }
    const item = BULLET.exec(line.text)?.[1];
    if (group === undefined) continue;
    if (item !== undefined) {
      if (group.state !== "ended") addItems(group, [{ text: item, items: [] }]);
    } else if (group.state === "filling") group.state = "ended"; // text before the list is an introduction, text after it is not
  }
  return withDashItems(groups).flatMap((group): DescribedChecklist[] => {
    if (group.link !== undefined) return [{ kind: "link", ...group.link }];
    return group.items.length === 0 ? [] : [{ kind: "list", name: group.name, items: group.items }];
  });
}

interface Header {
  readonly name: string;
  readonly byWord: boolean;
  readonly byDash: boolean;
}

interface Group extends Header {
  readonly items: ChecklistItem[];
  readonly link: ChecklistLink | undefined;
  state: "open" | "filling" | "ended";
}

const NAMELESS = "Чек-лист";
const WORD = /^(?:чек[\s-]?лист|check[\s-]?list)\s*:\s*(.*)$/i;
const MARK = /^(?:\*\*|@|#+|(–))\s*(.+?)\s*(?:\*\*)?$/;
const BULLET = /^(?:[•▪●·*☐☑✓✔-]|\d{1,3}[.)])\s*(.+)$/;

function headerIn(text: string): Header | undefined {
  const byWord = WORD.exec(text);
  if (byWord) return { name: byWord[1]?.trim() || NAMELESS, byWord: true, byDash: false };
  const byMark = MARK.exec(text);
  return byMark ? { name: byMark[2] ?? NAMELESS, byWord: false, byDash: byMark[1] !== undefined } : undefined;
}

function addItems(group: Group, items: readonly ChecklistItem[]): void {
  group.items.push(...items);
  group.state = "filling";
}

/** Lines with an en dash that nothing follows are the items of a header that has no others, not headers themselves. */
function withDashItems(groups: readonly Group[]): Group[] {
  const kept: Group[] = [];
  let taking: Group | undefined;
  for (const group of groups) {
    if (group.byDash && group.items.length === 0 && taking !== undefined) {
      taking.items.push({ text: group.name, items: [] });
      continue;
    }
    kept.push(group);
    taking = !group.byDash && group.items.length === 0 && group.link === undefined ? group : undefined;
  }
  return kept;
}

function linkOf(url: string): ChecklistLink[] {
  if (!/^https?:\/\//i.test(url)) return [];
  const path = url.replace(/[?#].*$/, "");
  const taskId = /\btask\/view\/(\d+)/.exec(path)?.[1] ?? /\/(\d+)\/?$/.exec(path)?.[1];
  return taskId === undefined ? [] : [{ url, taskId }];
}
