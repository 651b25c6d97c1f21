/** The API of StormBPMN's web application, as its browser pages use it; the vendor does not document it. */
import { z } from "zod";
import { type AssigneeRecord, assigneeRecords } from "./assignee_record.ts";
import { type Diagram, diagramSummary, diagramWithBody } from "./diagram.ts";
import type { DiagramFilter } from "./diagram_filter.ts";
import { checkDiagramId } from "./diagram_id.ts";
import { drawnRecords } from "./drawn_records.ts";
import type { DiagramPage, StormClient } from "./storm_client.ts";
import { StormError } from "./storm_error.ts";
import type { StormRest } from "./storm_rest.ts";
import { walkPages } from "./walk_pages.ts";

export interface WebListOptions {
  readonly pageSize: number;
  /** `updatedOn,desc` */
  readonly sort: string;
  /** `TEAM` */
  readonly view: string;
}

/** A page of Spring. */
const listedPage = z.looseObject({
  content: z.array(diagramSummary),
  totalElements: z.number(),
  size: z.number().optional().catch(undefined),
});

const diagramAnswer = z.looseObject({ diagram: diagramWithBody }).transform(({ diagram }) => diagram);

export class WebApi implements StormClient {
  constructor(private readonly rest: StormRest, private readonly list: WebListOptions) {}

  pages(filter: DiagramFilter, signal: AbortSignal): AsyncGenerator<DiagramPage, void> {
    const { pageSize, sort, view } = this.list;
    const { minQuality = 0, ...rest } = filter;
    const read = async (page: number) => {
      const { content, totalElements, size } = await this.rest.read(listedPage, {
        path: "/diagram/filter",
        query: {
          quality: `${minQuality},ge`,
          sharedByUser: false,
          sharedWithUser: false,
          view,
          size: pageSize,
          page,
          sort,
        },
        what: `the list of diagrams, page ${page}`,
        namesDiagram: false,
      }, signal);
      return { diagrams: content, total: totalElements, size: size ?? pageSize };
    };
    // The list is filtered by quality already, and its items need not say theirs.
    return walkPages(read, { filter: rest, newestFirst: sort.toLowerCase() === "updatedon,desc" });
  }

  async diagram(id: string, signal: AbortSignal): Promise<Diagram> {
    checkDiagramId(id);
    const path = `/diagram/${id}`;
    return await this.rest.read(diagramAnswer, { path, what: `diagram ${id}`, namesDiagram: true }, signal);
  }

  async assignees({ id, xml }: Pick<Diagram, "id" | "xml">, signal: AbortSignal): Promise<AssigneeRecord[]> {
    const recorded = await this.#recorded(id, signal);
    const known = new Set(recorded.map(({ elementId }) => elementId));
    return [...recorded, ...drawnRecords(xml).filter(({ elementId }) => !known.has(elementId))];
  }

  [Symbol.dispose](): void {
    this.rest[Symbol.dispose]();
  }

  async #recorded(id: string, signal: AbortSignal): Promise<AssigneeRecord[]> {
    checkDiagramId(id);
    const path = `/assignee/assigneeedges/${id}`;
    try {
      const request = { path, what: `the assignees of diagram ${id}`, namesDiagram: true };
      return await this.rest.read(assigneeRecords, request, signal);
    } catch (error) {
      // A diagram without any.
      if (error instanceof StormError && error.failure === "not_found") return [];
      throw error;
    }
  }
}
