/** What is read from StormBPMN, whichever of its APIs gives it. */
import type { AssigneeRecord } from "./assignee_record.ts";
import type { Diagram, DiagramSummary } from "./diagram.ts";
import type { DiagramFilter } from "./diagram_filter.ts";

/** One page of the list. */
export interface DiagramPage {
  /** Those that the filter lets through and no earlier page had. */
  readonly diagrams: readonly DiagramSummary[];
  /** Different diagrams seen so far, whatever the filter. */
  readonly seen: number;
  /**
   * How many there are now. If `seen` is less on the last page, people deleted or changed diagrams meanwhile, and some
   * slipped from one page to another unseen: the next walk finds them.
   */
  readonly total: number;
}

/** Every method throws {@link StormError}; all of them only read, and repeat what failed in passing by themselves. */
export interface StormClient extends Disposable {
  /** Page by page, each asked for when it is wanted: at 5 requests a minute a long list takes its time. */
  pages(filter: DiagramFilter, signal: AbortSignal): AsyncGenerator<DiagramPage, void>;
  /** One diagram with its drawing. */
  diagram(id: string, signal: AbortSignal): Promise<Diagram>;
  /**
   * Who does what, and the descriptions of elements; in StormBPMN's order, and then what only the drawing itself says.
   * Several may be about one element.
   */
  assignees(diagram: Pick<Diagram, "id" | "xml">, signal: AbortSignal): Promise<AssigneeRecord[]>;
}
