/** `imena.camunda.tasktemplate.*` and `imena.camunda.resolvers.list`. */
import type { Json, JsonObject } from "../../lib/messages/json.ts";
import { AddonRefusal, required } from "./addon_answers.ts";
import type { AddonMethod } from "./addon_methods.ts";
import type { AddonDiagram } from "./addon_records.ts";
import { objectOf, textOf } from "./php_values.ts";

export const templateMethods: Readonly<Record<string, AddonMethod>> = {
  "imena.camunda.tasktemplate.get": (addon, params) => {
    const camundaProcessId = required(params, "camundaProcessId");
    const elementId = required(params, "elementId");
    addon.lastTemplateVariables = objectOf(params["processVariables"]);
    const diagram = addon.findDiagram(camundaProcessId);
    const template = diagram?.templates.get(elementId);
    const data = typeof template === "function" ? template(addon.lastTemplateVariables) : template;
    if (data === undefined) throw new AddonRefusal("Task template not found");
    const templateId = diagram?.responsibles.get(elementId)?.["TEMPLATE_ID"] ?? null;
    return { success: true, data: complete(data, { camundaProcessId, elementId, templateId }) };
  },
  "imena.camunda.tasktemplate.variables": (addon, params) => {
    const templateId = required(params, "templateId");
    const diagram = addon.allDiagrams().find(({ responsibles }) =>
      [...responsibles.values()].some(({ TEMPLATE_ID }) => textOf(TEMPLATE_ID) === templateId)
    );
    if (diagram === undefined) throw new AddonRefusal("Task template not found");
    const variables = variablesOf(diagram);
    const isGrouped = ["1", "true", "Y"].includes(textOf(params["grouped"]));
    if (!isGrouped) return { success: true, data: variables };
    return { success: true, data: Object.fromEntries(Map.groupBy(variables, ({ source }) => source)) };
  },
  "imena.camunda.resolvers.list": () => ({
    success: true,
    data: {
      dummy: resolver("dummy", "DummyResolver", "Пользователь 1", []),
      initiator: resolver("initiator", "InitiatorResolver", "Инициатор процесса", {
        startedBy: parameter("Инициатор", "user_id"),
      }),
      supervisor: resolver("supervisor", "SupervisorResolver", "Руководитель инициатора", {
        startedBy: parameter("Инициатор", "user_id"),
      }),
      by_email: resolver("by_email", "ByEmailResolver", "Пользователь по e-mail", {
        assigneeEmail: parameter("E-mail исполнителя", "email"),
      }),
    },
  }),
};

/** Empty where the template says nothing; what it does say stays as it is, PHP's oddities included. */
function complete(data: JsonObject, meta: JsonObject): JsonObject {
  const row = data["template"];
  const isRow = row === undefined || typeof row === "object" && row !== null && !Array.isArray(row);
  return {
    members: { all: [], by_type: { O: [], R: [], A: [], U: [] } },
    tags: [],
    files: [],
    meta,
    ...data,
    template: isRow ? { ID: meta["templateId"] ?? null, ...objectOf(row) } : row,
    checklists: counted(data["checklists"], { has_tree: true }),
    questionnaires: counted(data["questionnaires"], { has_codes: true }),
    questionnairesInDescription: counted(data["questionnairesInDescription"], {}),
  };
}

/** A map with a list of items gets its `total` and flags unless it has them. */
function counted(value: Json | undefined, flags: JsonObject): Json {
  if (value === undefined) return counted({ items: [] }, {});
  const { items, ...rest } = objectOf(value);
  if (!Array.isArray(items)) return value;
  return { items, total: items.length, ...flags, ...rest };
}

function variablesOf({ properties, templates }: AddonDiagram) {
  const variable = (code: string, name: string, source: "system" | "process" | "questionnaire", type: string) => ({
    code,
    name,
    source,
    type,
  });
  const questions = [...templates].flatMap(([elementId, template]) => {
    const items = typeof template === "function" ? [] : objectOf(objectOf(template["questionnaires"])["items"]);
    return Object.values(items).map(objectOf).flatMap((item) =>
      Object.values(objectOf(item["questions"])).map(objectOf).map((question) =>
        variable(
          `${elementId}_${textOf(item["CODE"])}_${textOf(question["CODE"])}`,
          textOf(question["NAME"]),
          "questionnaire",
          textOf(question["TYPE"]),
        )
      )
    );
  });
  return [
    variable("startedBy", "Инициатор", "system", "user_id"),
    variable("businessKey", "Бизнес-ключ", "system", "string"),
    variable("processInstanceId", "Экземпляр процесса", "system", "string"),
    ...properties.map(({ CODE, NAME = CODE, TYPE = "string" }) => variable(CODE, NAME, "process", TYPE)),
    ...questions,
  ];
}

function resolver(code: string, name: string, title: string, expectedParams: Json): JsonObject {
  return {
    code,
    class: `Imena\\Camunda\\Resolvers\\${name}`,
    title,
    description: title,
    expectedParams,
  };
}

function parameter(title: string, type: string): JsonObject {
  return { title, description: title, required: true, type };
}
