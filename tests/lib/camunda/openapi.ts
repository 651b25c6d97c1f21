/** Camunda's own description of its API, to check calls against; it is not part of the repository. */
import { Ajv } from "ajv";
import { z } from "zod";

const file = Deno.env.get("CAMUNDA_OPENAPI_FILE") ??
  new URL("../../../../shared/openapi/camunda/openapi-7.24.0.json", import.meta.url).pathname;

const schema = z.looseObject({});
type Schema = z.infer<typeof schema>;
const operation = z.object({
  parameters: z.array(z.object({ name: z.string(), in: z.string() })).default([]),
  requestBody: z.object({ content: z.record(z.string(), z.object({ schema })) }).optional(),
});
const description = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), operation)),
  components: z.object({ schemas: z.record(z.string(), schema) }),
});

/** `undefined` where the description is not at hand. */
export async function camundaOpenApi(): Promise<OpenApi | undefined> {
  try {
    return new OpenApi(JSON.parse(await Deno.readTextFile(file)));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

class OpenApi {
  readonly #paths: z.infer<typeof description>["paths"];
  readonly #ajv: Ajv;

  constructor(document: unknown) {
    const { paths, components } = description.parse(document);
    this.#paths = paths;
    // OpenAPI's own formats and keywords are not JSON Schema's.
    this.#ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
    this.#ajv.addSchema({ paths, components: { schemas: closed(components.schemas) } }, "camunda");
  }

  /** What is wrong with a call, in words: unknown path, unknown query parameter, body of another shape or with other names. */
  faultsOf(call: { method: string; path: string; query: Readonly<Record<string, string>>; body: unknown }): string[] {
    const method = call.method.toLowerCase();
    const [template, operations] = Object.entries(this.#paths)
      // A literal path before one with a parameter.
      .sort(([one], [other]) => one.split("{").length - other.split("{").length)
      .find(([template, operations]) => method in operations && matches(template, call.path)) ?? [];
    const found = operations?.[method];
    if (template === undefined || found === undefined) return [`no ${call.method} ${call.path}`];
    const known = new Set(found.parameters.filter((parameter) => parameter.in === "query").map(({ name }) => name));
    const faults = Object.keys(call.query).filter((name) => !known.has(name)).map((name) => `no parameter ${name}`);
    if (found.requestBody === undefined) return faults;
    const pointer = `camunda#/paths/${
      template.replaceAll("/", "~1")
    }/${method}/requestBody/content/application~1json/schema`;
    const validate = this.#ajv.compile({ $ref: pointer.replaceAll("{", "%7B").replaceAll("}", "%7D") });
    if (validate(call.body)) return faults;
    return [...faults, ...(validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`)];
  }
}

/** The same schemas, in which an object may hold only what is described. */
function closed(schemas: Readonly<Record<string, Schema>>): Record<string, Schema> {
  const propertiesOf = (one: Schema): object => {
    const target = schemas[/^#\/components\/schemas\/(.+)$/.exec(`${one["$ref"]}`)?.[1] ?? ""];
    const parts = z.array(schema).parse(one["allOf"] ?? []);
    return Object.assign({}, one["properties"], target && propertiesOf(target), ...parts.map(propertiesOf));
  };
  return Object.fromEntries(
    Object.entries(schemas).map(([name, one]) => {
      const { allOf: _, ...rest } = one;
      const properties = propertiesOf(one);
      const open = "additionalProperties" in one || Object.keys(properties).length === 0;
      return [name, open ? one : { ...rest, properties, additionalProperties: false }];
    }),
  );
}

function matches(template: string, path: string): boolean {
  return new RegExp(`^${template.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(path);
}
