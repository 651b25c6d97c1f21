/** The vendor's public API (its documentation, "REST API"): a team's key, stable paths, a limit in the cloud. */
import { z } from "zod";
import type { AssigneeRecord } from "./assignee_record.ts";
import { type Diagram, diagramSummary, diagramWithBody } from "./diagram.ts";
import type { DiagramFilter } from "./diagram_filter.ts";
import { checkDiagramId } from "./diagram_id.ts";
import { drawnRecords } from "./drawn_records.ts";
import type { DiagramPage, StormClient } from "./storm_client.ts";
import type { StormRest } from "./storm_rest.ts";
import { walkPages } from "./walk_pages.ts";

/** Of the vendor; the answer says it too. */
const PAGE_SIZE = 20;

const listedPage = z.looseObject({
  returnDiagrams: z.array(diagramSummary),
  totalElements: z.number(),
  size: z.number().catch(PAGE_SIZE),
}).transform(({ returnDiagrams, totalElements, size }) => ({ diagrams: returnDiagrams, total: totalElements, size }));

export class PublicApi implements StormClient {
  constructor(private readonly rest: StormRest) {}

  pages(filter: DiagramFilter, signal: AbortSignal): AsyncGenerator<DiagramPage, void> {
    const read = (page: number) =>
      this.rest.read(listedPage, {
        path: "/get-diagram-list",
        query: { page },
        what: `the list of diagrams, page ${page}`,
        namesDiagram: false,
      }, signal);
    // The order of the list is not documented.
    return walkPages(read, { filter, newestFirst: false });
  }

  async diagram(id: string, signal: AbortSignal): Promise<Diagram> {
    checkDiagramId(id);
    return await this.rest.read(diagramWithBody, {
      path: "/get-diagram-by-id",
      query: { diagramId: id },
      what: `diagram ${id}`,
      namesDiagram: true,
    }, signal);
  }

  /** The public API has no such records: they are what the drawing itself says, and without names. */
  assignees({ xml }: Pick<Diagram, "id" | "xml">): Promise<AssigneeRecord[]> {
    return Promise.resolve(drawnRecords(xml));
  }

  [Symbol.dispose](): void {
    this.rest[Symbol.dispose]();
  }
}
