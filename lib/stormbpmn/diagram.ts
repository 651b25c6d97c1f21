/** Diagrams as StormBPMN gives them. Only an id, and with the drawing that too, is relied on. */
import { z } from "zod";
import { tolerantBoolean, tolerantList, tolerantNumber, tolerantText } from "./tolerant.ts";

/** The statuses that people can give a diagram, as StormBPMN spells them. */
export const diagramStatuses = ["NEW", "IN_PROGRESS", "DONE", "ARCHIVED"] as const;

export interface DiagramSummary {
  /** A UUID. */
  readonly id: string;
  /** Not unique. Empty when StormBPMN gives none. */
  readonly name: string;
  /** One of {@link diagramStatuses}; the vendor may add others. */
  readonly status: string | undefined;
  /** `BPMN`; others, such as `BCM`, are no processes. */
  readonly type: string | undefined;
  /** Grows whenever a person saves the drawing. */
  readonly versionNumber: number | undefined;
  /** Local time of StormBPMN's server, without a zone: `2030-01-31T08:00:00.000001`. Later texts sort behind earlier ones. */
  readonly updatedOn: string | undefined;
  /** As {@link updatedOn}. */
  readonly createdOn: string | undefined;
  /** E-mail of its author. */
  readonly author: string | undefined;
  /** E-mail of who changed it last. */
  readonly updatedBy: string | undefined;
  /** 0 to 10. */
  readonly quality: number | undefined;
  readonly isPublic: boolean | undefined;
  readonly teamFolder: string | undefined;
  /** `ASIS`, `TOBE`, `HYBRID`. */
  readonly processType: string | undefined;
}

/** A person's link from an element to another diagram: what a call activity calls. */
export interface DiagramLink {
  /** The element's id in this drawing. */
  readonly fromItemId: string;
  readonly toDiagramId: string;
  readonly toDiagramName: string | undefined;
}

export interface Diagram extends DiagramSummary {
  /** The drawing, as BPMN 2.0. */
  readonly xml: string;
  readonly description: string | undefined;
  readonly outgoingLinks: readonly DiagramLink[];
}

const summaryFields = z.looseObject({
  id: z.string().min(1),
  name: tolerantText,
  status: tolerantText,
  type: tolerantText,
  versionNumber: tolerantNumber,
  updatedOn: tolerantText,
  createdOn: tolerantText,
  authorUsername: tolerantText,
  // The vendor spells it either way.
  updatedBy: tolerantText,
  updateBy: tolerantText,
  quality: tolerantNumber,
  public: tolerantBoolean,
  teamFolderName: tolerantText,
  processType: tolerantText,
});

/** One diagram of a list. */
export const diagramSummary: z.ZodType<DiagramSummary> = summaryFields.transform(summaryOf);

const link: z.ZodType<DiagramLink> = z.looseObject({
  fromItemId: z.string().min(1),
  toDiagramId: z.string().min(1),
  toDiagramName: tolerantText,
}).transform(({ fromItemId, toDiagramId, toDiagramName }) => ({ fromItemId, toDiagramId, toDiagramName }));

/** One diagram with its drawing; `xml` is empty when nothing was drawn yet. */
export const diagramWithBody: z.ZodType<Diagram> = summaryFields.extend({
  body: z.string().nullish().transform((body) => body ?? ""),
  description: tolerantText,
  // The vendor's spelling.
  outcommingLinks: tolerantList(link),
}).transform((raw): Diagram => ({
  ...summaryOf(raw),
  xml: raw.body,
  description: raw.description,
  outgoingLinks: raw.outcommingLinks,
}));

function summaryOf(raw: z.infer<typeof summaryFields>): DiagramSummary {
  return {
    id: raw.id,
    name: raw.name ?? "",
    status: raw.status,
    type: raw.type,
    versionNumber: raw.versionNumber,
    updatedOn: raw.updatedOn,
    createdOn: raw.createdOn,
    author: raw.authorUsername,
    updatedBy: raw.updatedBy ?? raw.updateBy,
    quality: raw.quality,
    isPublic: raw.public,
    teamFolder: raw.teamFolderName,
    processType: raw.processType,
  };
}
