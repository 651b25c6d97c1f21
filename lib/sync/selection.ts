/** Which diagrams become processes, or are listed: what the settings say, and what the command line says instead. */
import { SettingsError } from "../config/require_settings.ts";
import type { DiagramSummary } from "../stormbpmn/diagram.ts";
import type { DiagramFilter } from "../stormbpmn/diagram_filter.ts";
import type { StormClient } from "../stormbpmn/storm_client.ts";
import { stormSettings } from "../stormbpmn/storm_settings.ts";
import type { SyncSettings } from "./sync_settings.ts";

export interface Selection {
  readonly filter: DiagramFilter;
  /** Only these; all when absent. */
  readonly only?: ReadonlySet<string> | undefined;
  readonly except: ReadonlySet<string>;
}

/** Of the command line. */
export interface SelectionOptions {
  readonly status?: readonly string[] | undefined;
  readonly author?: readonly string[] | undefined;
  readonly quality?: number | undefined;
  readonly updated?: string | undefined;
}

/**
 * With `ids`, these and no others, whatever their status.
 * @throws {SettingsError} STORMBPMN_DEFAULT_VIEW would list more than the team's diagrams, which the settings forbid
 */
export function selectionOf(
  settings: SyncSettings,
  { status, author, quality, updated }: SelectionOptions,
  ids: readonly string[] = [],
): Selection {
  if (settings.SYNC_ONLY_TEAM_DIAGRAMS && settings.STORMBPMN_DEFAULT_VIEW.toUpperCase() !== "TEAM") {
    const problem = "must be TEAM while SYNC_ONLY_TEAM_DIAGRAMS is true";
    throw new SettingsError([{
      name: "STORMBPMN_DEFAULT_VIEW",
      problem,
      example: stormSettings.STORMBPMN_DEFAULT_VIEW.example,
    }]);
  }
  const except = new Set(settings.SYNC_EXCLUDE_DIAGRAM_IDS);
  const types = settings.SYNC_DIAGRAM_TYPES;
  if (ids.length > 0) return { filter: { types }, only: new Set(ids), except };
  const authors = author ?? (settings.SYNC_AUTHORS.length === 0 ? undefined : settings.SYNC_AUTHORS);
  const only = settings.SYNC_INCLUDE_ONLY_DIAGRAM_IDS;
  return {
    filter: {
      statuses: status ?? settings.SYNC_STATUSES,
      types,
      ...(authors !== undefined && { authors }),
      minQuality: quality ?? settings.SYNC_MIN_QUALITY,
      ...(updated !== undefined && { updatedSince: updated }),
      onlyPublic: settings.SYNC_ONLY_PUBLIC,
    },
    only: only.length === 0 ? undefined : new Set(only),
    except,
  };
}

export interface Found {
  readonly diagrams: readonly DiagramSummary[];
  /** How many StormBPMN has in all. */
  readonly total: number;
}

/** Walks all pages, or until all of `only` were seen. @throws {StormError} */
export async function findDiagrams(
  storm: Pick<StormClient, "pages">,
  { filter, only, except }: Selection,
  signal: AbortSignal,
  onPage: (seen: number, total: number) => void,
): Promise<Found> {
  const diagrams: DiagramSummary[] = [];
  let total = 0;
  for await (const page of storm.pages(filter, signal)) {
    total = page.total;
    diagrams.push(...page.diagrams.filter(({ id }) => !except.has(id) && (only === undefined || only.has(id))));
    onPage(page.seen, page.total);
    if (only !== undefined && diagrams.length === only.size) break;
  }
  return { diagrams, total };
}
