/** Converts drawings with what the settings, the mapping file and other diagrams say about them. */
import { convert } from "../bpmn/convert/convert.ts";
import type { Mapping } from "../bpmn/convert/mapping.ts";
import type { ConvertOptions } from "../bpmn/convert/options.ts";
import type { ConvertResult } from "../bpmn/convert/result.ts";
import type { DiagramLink } from "../stormbpmn/diagram.ts";
import type { Drawing } from "./drawing.ts";
import { withLinks } from "./linked_diagrams.ts";
import type { SyncSettings } from "./sync_settings.ts";

/** What does not come from the drawing itself. */
export type ConvertChoices = Pick<ConvertOptions, "strict" | "topic" | "historyTimeToLiveDays" | "mapping">;

/** Finds the keys of the processes that a drawing calls; see `LinkedDiagrams`. */
export interface CalledProcesses {
  keysFor(xml: string, links: readonly DiagramLink[], signal: AbortSignal): Promise<ReadonlyMap<string, string>>;
}

export class DrawingConverter {
  /** Without `called`, call activities keep what they say themselves. */
  constructor(private readonly choices: ConvertChoices, private readonly called?: CalledProcesses) {}

  /**
   * @param facts kept in the process in place of the drawing's own
   * @throws what finding called processes throws; nothing for what is wrong with the drawing
   */
  async convert(drawing: Drawing, signal: AbortSignal, facts = drawing.facts): Promise<ConvertResult> {
    const { xml, links, records, linkedChecklists } = drawing;
    const calledProcesses = await this.called?.keysFor(xml, links, signal) ?? new Map<string, string>();
    return await convert(xml, {
      ...this.choices,
      mapping: withLinks(this.choices.mapping ?? {}, links, calledProcesses, xml),
      records,
      linkedChecklists,
      calledProcesses,
      ...(facts !== undefined && { diagram: facts }),
    });
  }
}

export interface ChosenOptions {
  readonly strict?: boolean | undefined;
  readonly mapping?: Mapping | undefined;
}

export function convertChoices(settings: SyncSettings, { strict, mapping }: ChosenOptions): ConvertChoices {
  return {
    strict: strict ?? settings.SYNC_STRICT,
    topic: settings.SYNC_TOPIC,
    historyTimeToLiveDays: settings.SYNC_HISTORY_DAYS,
    ...(mapping !== undefined && { mapping }),
  };
}
