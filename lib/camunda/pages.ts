/** Lists that come in pages. */

/** Engines may forbid unbounded queries (`queryMaxResultsLimit`), mostly beyond this. */
const ROWS_PER_PAGE = 1_000;

/** The query parameters of one page. */
export interface Page {
  readonly firstResult: number;
  readonly maxResults: number;
}

/** The pages of a query one after the other. It must have a total order, or pages overlap and leave gaps. */
export async function* pagesOf<Row>(read: (page: Page) => Promise<readonly Row[]>): AsyncGenerator<readonly Row[]> {
  for (let firstResult = 0;; firstResult += ROWS_PER_PAGE) {
    const page = await read({ firstResult, maxResults: ROWS_PER_PAGE });
    yield page;
    if (page.length !== ROWS_PER_PAGE) return;
  }
}

/** All rows of a query, see {@link pagesOf}. */
export async function allPages<Row>(read: (page: Page) => Promise<readonly Row[]>): Promise<Row[]> {
  return (await Array.fromAsync(pagesOf(read))).flat();
}
