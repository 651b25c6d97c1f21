/** Diagrams as both APIs write them. */
import type { JsonObject } from "../../lib/messages/json.ts";
import type { Diagrams, StoredAssignee, StoredDiagram } from "./diagrams.ts";

/** The server's local time, without a zone. */
export function stormTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, -1)}000`;
}

export function listedFields(diagram: StoredDiagram): JsonObject {
  return {
    id: diagram.id,
    createdOn: stormTime(diagram.createdMs),
    updatedOn: stormTime(diagram.updatedMs),
    userFolderName: null,
    teamFolderName: "Processes",
    teamFolderId: 7,
    public: diagram.isPublic,
    favoritesCount: 0,
    versionNumber: diagram.versionNumber,
    name: diagram.name,
    status: diagram.status,
    updatedBy: diagram.updatedBy,
    authorUsername: diagram.author,
    you: "AUTHOR",
    description: "",
    type: diagram.type,
    tags: [],
    teamName: "Example team",
    quality: diagram.quality,
    processType: "TOBE",
    linkedDiagramId: null,
    linkedDiagramName: null,
  };
}

/** With the drawing; who changed it is spelled in another way here. */
export function wholeFields(diagram: StoredDiagram, diagrams: Diagrams): JsonObject {
  const { updatedBy, teamName: _, quality: __, ...listed } = listedFields(diagram);
  return {
    ...listed,
    updateBy: updatedBy ?? null,
    body: diagram.xml,
    autosaveIndex: 0,
    favored: false,
    outcommingLinks: diagram.links.map(({ fromItemId, toDiagramId }, index) => ({
      id: index + 1,
      type: "CALL_ACTIVITY",
      fromDiagramId: diagram.id,
      fromDiagramName: diagram.name,
      fromItemId,
      toDiagramId,
      toDiagramName: diagrams.nameOf(toDiagramId),
    })),
    incommingLinks: [],
  };
}

export function assigneeFields(assignee: StoredAssignee, diagramId: string): JsonObject {
  return {
    assigneeEdgeId: assignee.assigneeEdgeId,
    assigneeName: assignee.assigneeName ?? null,
    assigneeId: assignee.assigneeId ?? null,
    assigneeType: assignee.assigneeType ?? "HUMAN",
    elementId: assignee.elementId,
    elementName: assignee.elementName ?? null,
    duration: assignee.duration ?? null,
    color: "#ffffff",
    description: assignee.description ?? null,
    diagramId,
    updatedOn: stormTime(assignee.updatedMs),
    updatedBy: assignee.updatedBy,
  };
}
