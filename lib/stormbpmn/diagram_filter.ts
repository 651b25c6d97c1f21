/** Which diagrams of a list are wanted. */
import type { DiagramSummary } from "./diagram.ts";

/** Conditions that all have to hold; an absent one always does. Words count whatever their case. */
export interface DiagramFilter {
  readonly statuses?: readonly string[];
  readonly types?: readonly string[];
  /** E-mails. */
  readonly authors?: readonly string[];
  /** A diagram whose quality is not known has none. */
  readonly minQuality?: number;
  /**
   * Changed at this time or later, in the local time of StormBPMN's server: `2030-01-31`, or what
   * `DiagramSummary.updatedOn` said. A diagram without a time could have changed.
   */
  readonly updatedSince?: string;
  readonly onlyPublic?: boolean;
}

export function matches(diagram: DiagramSummary, filter: DiagramFilter): boolean {
  return isOneOf(diagram.status, filter.statuses) && isOneOf(diagram.type, filter.types) &&
    isOneOf(diagram.author, filter.authors) &&
    (filter.minQuality === undefined || (diagram.quality ?? 0) >= filter.minQuality) &&
    !isOlder(diagram, filter.updatedSince) &&
    (filter.onlyPublic !== true || diagram.isPublic === true);
}

/** Whether it surely has not changed since. */
export function isOlder({ updatedOn }: DiagramSummary, since: string | undefined): boolean {
  return since !== undefined && updatedOn !== undefined && updatedOn < since;
}

function isOneOf(value: string | undefined, wanted: readonly string[] | undefined): boolean {
  if (wanted === undefined) return true;
  const lower = value?.toLowerCase();
  return wanted.some((word) => word.toLowerCase() === lower);
}
