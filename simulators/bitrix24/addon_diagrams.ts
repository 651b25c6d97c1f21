/** `imena.camunda.diagram.*`: the properties of a diagram and who does which element. */
import type { Json, JsonObject } from "../../lib/messages/json.ts";
import { AddonRefusal, required } from "./addon_answers.ts";
import type { AddonMethod } from "./addon_methods.ts";
import type { AddonDiagram, AddonProperty } from "./addon_records.ts";
import type { Addon } from "./addon_store.ts";
import { textOf } from "./php_values.ts";

export const diagramMethods: Readonly<Record<string, AddonMethod>> = {
  "imena.camunda.diagram.properties.list": (addon, params) => {
    const diagram = found(addon.findDiagram(required(params, "camundaProcessId")));
    const properties = diagram.properties.map(propertyAnswer)
      .sort((a, b) => Number(a.SORT) - Number(b.SORT));
    return {
      success: true,
      data: {
        diagram: {
          ID: diagram.id,
          TITLE: diagram.title,
          STATUS: "IN_PROGRESS",
          CAMUNDA_PROCESS_ID: diagram.processKey,
          CAMUNDA_VERSION: "1",
        },
        properties,
        meta: { camundaProcessId: diagram.processKey, propertyCount: properties.length },
      },
    };
  },
  "imena.camunda.diagram.responsible.list": (addon, params) => {
    const diagram = diagramOf(addon, params);
    const responsibles = [...diagram.responsibles].map(([elementId, record]) =>
      responsibleAnswer(diagram, elementId, record)
    );
    responsibles.sort((a, b) =>
      Number(a["SORT_INDEX"]) - Number(b["SORT_INDEX"]) ||
      textOf(a["ELEMENT_NAME"]).localeCompare(textOf(b["ELEMENT_NAME"]))
    );
    const meta = { diagramId: diagram.id, camundaProcessId: diagram.processKey, count: responsibles.length };
    return { success: true, data: { responsibles, meta } };
  },
  /** An element that the diagram does not have is `null`: the module's documents say nothing of it. */
  "imena.camunda.diagram.responsible.get": (addon, params) => {
    const elementId = required(params, "elementId");
    const diagram = diagramOf(addon, params);
    const record = diagram.responsibles.get(elementId);
    const responsible = record === undefined ? null : responsibleAnswer(diagram, elementId, record);
    const meta = { diagramId: diagram.id, camundaProcessId: diagram.processKey, elementId };
    return { success: true, data: { responsible, meta } };
  },
};

function diagramOf(addon: Addon, params: JsonObject): AddonDiagram {
  const diagramId = textOf(params["diagramId"]);
  const processKey = diagramId === "" ? required(params, "camundaProcessId") : textOf(params["camundaProcessId"]);
  return found(addon.findDiagram(processKey, diagramId));
}

function found(diagram: AddonDiagram | undefined): AddonDiagram {
  if (diagram === undefined) throw new AddonRefusal("Diagram not found");
  return diagram;
}

function propertyAnswer(property: AddonProperty, index: number) {
  return {
    ID: String(index + 1),
    NAME: property.CODE,
    TYPE: "string",
    IS_REQUIRED: "N",
    SORT: (index + 1) * 10,
    DEFAULT_VALUE: null,
    ENUM_OPTIONS: [],
    ...property,
  };
}

function responsibleAnswer(diagram: AddonDiagram, elementId: string, record: JsonObject): Record<string, Json> {
  return {
    DIAGRAM_ID: diagram.id,
    ASSIGNEE_EDGE_ID: null,
    ASSIGNEE_ID: null,
    ELEMENT_ID: elementId,
    ELEMENT_NAME: elementId,
    DESCRIPTION: null,
    DIAGRAM_NAME: diagram.title,
    DIAGRAM_STATUS: "IN_PROGRESS",
    ASSIGNEE_TYPE: "HUMAN",
    ASSIGNEE_NAME: null,
    USER_ID: null,
    TEMPLATE_ID: null,
    COLOR: null,
    DURATION: null,
    DURATION_STRING: null,
    EXTERNAL_LINK: null,
    CREATED_ON: "2025-01-01 09:00:00",
    UPDATED_ON: "2025-01-01 09:00:00",
    UPDATED_BY: null,
    VERSION_NUMBER: 1,
    SORT_INDEX: 0,
    PREDECESSOR_IDS: null,
    CAMUNDA_PROCESS_ID: diagram.processKey,
    ...record,
  };
}
