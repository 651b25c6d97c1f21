/** What a conversion answers. */

/**
 * - `mapped`: executed by a rule instead of as drawn; what was meant is kept (a task becomes an external task);
 * - `lost`: something that was drawn has no effect when the process runs;
 * - `left_out`: not in the file any more, but it never had an effect (a frame, a comment, a shape of nothing).
 */
export type ReportKind = "mapped" | "lost" | "left_out";

export interface ReportEntry {
  readonly kind: ReportKind;
  /** The pass that made it, as in docs/sync.md: `decisions`. */
  readonly rule: string;
  /** Absent when the entry is about the whole file. */
  readonly elementId?: string;
  readonly elementName?: string;
  /** As drawn, without its prefix: `UserTask`. */
  readonly elementType?: string;
  /** One sentence for people. */
  readonly reason: string;
}

/** Why a diagram cannot be converted. */
export interface Problem {
  /** One sentence for people, naming the element if there is one. */
  readonly reason: string;
  readonly elementId?: string;
  readonly elementName?: string;
  /** Counted from 1 in the source as it was given. */
  readonly line?: number;
}

export type ConvertResult =
  | { readonly kind: "converted"; readonly xml: string; readonly report: readonly ReportEntry[] }
  | { readonly kind: "refused"; readonly problems: readonly Problem[] };
