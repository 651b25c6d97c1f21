/**
 * What people decided about an element, nearest first: markers in its StormBPMN description, the mapping file by its id, then
 * by its lanes from inside out and by its pool, then the mapping file's default.
 */
import { type Definitions, is, type LaneSet, type ModelElement, type Process, type Scope } from "../model.ts";
import type { ElementSettings, MappingSection } from "./mapping.ts";
import { markersIn } from "./markers.ts";
import type { ConvertOptions, ElementRecord } from "./options.ts";
import { oneLine, type Report } from "./report.ts";
import type { Source } from "./source_model.ts";

export interface SettingsLookup {
  /** What is said of the element itself, by marker or id. */
  own(id: string): ElementSettings;
  /** As {@link own}, and what its lanes, its pool and the default say. `at`: the element whose place counts. */
  of(id: string, at?: string): ElementSettings;
  /** The records of the element, in the order given; one made of the drawing itself if there is none. */
  records(id: string): readonly ElementRecord[];
}

interface Place {
  readonly sections: readonly MappingSection[];
  readonly pool: string;
  /** From inside out. */
  readonly lanes: readonly string[];
}

export function elementSettingsOf(
  source: Pick<Source, "definitions" | "byId">,
  options: ConvertOptions,
  report: Report,
): SettingsLookup {
  const { definitions, byId } = source;
  const { mapping = {} } = options;
  const records = recordsIn(byId, options.records ?? []);
  const places = new Map<string, Place>();
  for (const process of definitions.rootElements.filter((element) => is(element, "bpmn:Process"))) {
    const ofProcess = mapping.processes?.[process.id ?? ""];
    notePlaces(process, {
      sections: ofProcess === undefined ? [mapping] : [ofProcess, mapping],
      pool: poolName(process, definitions),
      lanes: [],
    }, places);
  }
  const outside: Place = { sections: [mapping], pool: "", lanes: [] };
  const own = (id: string) => {
    const { sections } = places.get(id) ?? outside;
    const description = descriptionIn(records.get(id));
    const marked = description === "" ? [] : [markersIn(description).settings];
    return nearest([...marked, ...sections.map(({ elements }) => elements?.[id])]);
  };
  noteUnknown(source, options, records, report);
  return {
    own,
    of: (id, at = id) => {
      const { sections, pool, lanes } = places.get(at) ?? outside;
      return nearest([
        own(id),
        ...lanes.flatMap((lane) => sections.map((section) => section.lanes?.[lane])),
        ...sections.map(({ pools }) => pools?.[pool]),
        ...sections.map((section) => section.default),
      ]);
    },
    records: (id) => records.get(id) ?? [],
  };
}

/** The first there is, else "". */
function descriptionIn(records: readonly ElementRecord[] = []): string {
  return records.find(({ description }) => description)?.description ?? "";
}

/** Each setting from the nearest that has it; a topic and a system exclude each other. */
function nearest(settings: readonly (ElementSettings | undefined)[]): ElementSettings {
  return settings.reduceRight<ElementSettings>((further, nearer) => {
    if (nearer === undefined) return further;
    const { topic: _topic, system: _system, ...rest } = further;
    const kept = nearer.topic === undefined && nearer.system === undefined ? further : rest;
    return {
      ...kept,
      ...nearer,
      ...(further.properties && { properties: { ...further.properties, ...nearer.properties } }),
    };
  }, {});
}

function recordsIn(
  byId: ReadonlyMap<string, ModelElement>,
  given: readonly ElementRecord[],
): Map<string, ElementRecord[]> {
  const records = new Map<string, ElementRecord[]>();
  for (const record of given) records.set(record.elementId, [...records.get(record.elementId) ?? [], record]);
  for (const [id, element] of byId) {
    if (records.has(id)) continue;
    const drawn = drawnRecord(id, element.$attrs ?? {});
    if (drawn !== undefined) records.set(id, [drawn]);
  }
  return records;
}

/** StormBPMN writes some of what it knows into the drawing, in a namespace of its own. */
function drawnRecord(elementId: string, attributes: Readonly<Record<string, unknown>>): ElementRecord | undefined {
  const given = (name: string) => {
    const value = Object.entries(attributes).find(([key]) => key.endsWith(`:${name}`))?.[1];
    return typeof value === "string" && value !== "" && value !== "null" ? value : undefined;
  };
  const description = given("HTMLDescription");
  const assigneeId = given("StormAssignee");
  return description === undefined && assigneeId === undefined ? undefined : { elementId, description, assigneeId };
}

function notePlaces(scope: Scope, place: Place, places: Map<string, Place>): void {
  const lanes = new Map<string, string[]>();
  for (const laneSet of scope.laneSets) noteLanes(laneSet, place.lanes, lanes);
  for (const element of scope.flowElements) {
    if (element.id === undefined) continue;
    const inLanes = lanes.get(element.id);
    const here = inLanes === undefined ? place : { ...place, lanes: inLanes };
    places.set(element.id, here);
    if (is(element, "bpmn:SubProcess")) notePlaces(element, here, places);
  }
}

function noteLanes({ lanes }: LaneSet, outer: readonly string[], byNode: Map<string, string[]>): void {
  for (const { name, flowNodeRef, childLaneSet } of lanes) {
    const here = [oneLine(name), ...outer];
    for (const { id } of flowNodeRef) {
      if (id !== undefined && (byNode.get(id)?.length ?? 0) < here.length) byNode.set(id, here);
    }
    if (childLaneSet !== undefined) noteLanes(childLaneSet, here, byNode);
  }
}

function poolName(process: Process, { rootElements }: Definitions): string {
  const participants = rootElements.flatMap((root) => is(root, "bpmn:Collaboration") ? root.participants : []);
  return oneLine(participants.find(({ processRef }) => processRef === process)?.name ?? process.name);
}

/** Neither a marker with a slip of the pen nor an id that has changed may go unnoticed. */
function noteUnknown(
  { definitions, byId }: Pick<Source, "definitions" | "byId">,
  { mapping }: ConvertOptions,
  records: ReadonlyMap<string, readonly ElementRecord[]>,
  report: Report,
): void {
  report.begin("settings");
  const processes = definitions.rootElements.filter((element) => is(element, "bpmn:Process"));
  for (const [id, element] of byId) {
    const description = descriptionIn(records.get(id));
    for (const marker of description === "" ? [] : markersIn(description).unknown) {
      report.lost(element, `The marker ${marker} in its description is not understood.`);
    }
  }
  for (const process of processes) {
    for (const id of Object.keys(mapping?.processes?.[process.id ?? ""]?.elements ?? {})) {
      if (!byId.has(id)) {
        report.lost(process, `The mapping file names the element ${id}, which the diagram does not have.`);
      }
    }
  }
}
