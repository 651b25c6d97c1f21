/** Walks a list that people change meanwhile, page by page. */
import type { DiagramSummary } from "./diagram.ts";
import { type DiagramFilter, isOlder, matches } from "./diagram_filter.ts";
import type { DiagramPage } from "./storm_client.ts";

/** A page as StormBPMN gives it. */
export interface ListedPage {
  readonly diagrams: readonly DiagramSummary[];
  /** How many a full page has. */
  readonly size: number;
  /** In all pages. */
  readonly total: number;
}

export interface WalkOptions {
  readonly filter: DiagramFilter;
  /** The last changed come first, so that the walk can end where nothing is new enough. */
  readonly newestFirst: boolean;
}

export async function* walkPages(
  read: (page: number) => Promise<ListedPage>,
  { filter, newestFirst }: WalkOptions,
): AsyncGenerator<DiagramPage, void> {
  const seen = new Set<string>();
  for (let page = 0;; page++) {
    const { diagrams, size, total } = await read(page);
    const fresh = diagrams.filter(({ id }) => !seen.has(id));
    for (const { id } of fresh) seen.add(id);
    yield { diagrams: fresh.filter((diagram) => matches(diagram, filter)), seen: seen.size, total };
    if (diagrams.length < size || seen.size >= total) return;
    // Without new ones it would go on for ever, if a server always gives the same page.
    if (fresh.length === 0) return;
    const last = diagrams.at(-1);
    if (newestFirst && last !== undefined && isOlder(last, filter.updatedSince)) return;
  }
}
