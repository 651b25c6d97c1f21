/** Holds answers against Camunda's own OpenAPI description (Maven: camunda-engine-rest-openapi 7.24.0), when it is at hand. */
import assert from "node:assert/strict";
import { Ajv, type ValidateFunction } from "ajv";
import { z } from "zod";

export type AnswerCheck = (method: string, path: string, status: number, answer: unknown) => void;

const description = new URL("../../../../shared/openapi/camunda/openapi-7.24.0.json", import.meta.url);

const operation = z.looseObject({
  responses: z.record(z.string(), z.looseObject({ content: z.record(z.string(), z.unknown()).optional() })),
});
const openApi = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), operation)),
  components: z.looseObject({
    schemas: z.looseObject({
      ExceptionDto: z.looseObject({ properties: z.looseObject({ code: z.unknown() }) }),
      VariableValueDto: z.looseObject({ properties: z.looseObject({ valueInfo: z.unknown() }) }),
    }),
  }),
});

export async function openApiCheck(): Promise<AnswerCheck> {
  const text = await Deno.readTextFile(description).catch(() => undefined);
  if (text === undefined) return () => {}; // not part of the repository
  const document = openApi.parse(JSON.parse(text));
  const { ExceptionDto, VariableValueDto } = document.components.schemas;
  // Where the engine does not keep to the description: what its REST layer refuses has code null, and a variable that
  // cannot be deserialised has no valueInfo.
  ExceptionDto.properties.code = { type: "number", nullable: true };
  VariableValueDto.properties.valueInfo = { type: "object", nullable: true };
  const ajv = new Ajv({ strict: false, allErrors: true });
  ajv.addFormat("date-time", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d{4}$/u);
  for (const format of ["int32", "int64", "double", "float", "binary"]) ajv.addFormat(format, true);
  ajv.addSchema(document, "camunda");
  const compiled = new Map<string, ValidateFunction>();

  return (method, path, status, answer) => {
    const template = templateOf(Object.keys(document.paths), path);
    assert.ok(template !== undefined, `${path} is not a path of Camunda's API`);
    const verb = method.toLowerCase();
    const described = document.paths[template]?.[verb]?.responses[String(status)]?.content?.["application/json"];
    if (described === undefined || answer === undefined) return;
    const pointer = ["paths", template, verb, "responses", String(status), "content", "application/json", "schema"];
    const ref = `camunda#/${pointer.map((part) => part.replaceAll("~", "~0").replaceAll("/", "~1")).join("/")}`;
    const validate = compiled.get(ref) ?? ajv.compile({ $ref: encodeURI(ref) });
    compiled.set(ref, validate);
    assert.ok(validate(answer), `${method} ${path} ${status}: ${ajv.errorsText(validate.errors)}`);
  };
}

/** The template with the most literal segments that fits: `/external-task/count` before `/external-task/{id}`. */
function templateOf(templates: readonly string[], path: string): string | undefined {
  const parts = path.split("/");
  const fits = templates.filter((template) => {
    const segments = template.split("/");
    return segments.length === parts.length && segments.every((s, i) => s.startsWith("{") || s === parts[i]);
  });
  return fits.sort((a, b) => a.split("{").length - b.split("{").length)[0];
}
