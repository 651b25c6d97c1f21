/** `/deployment` and `/process-definition`. */
import { type Context, Hono } from "hono";
import type { Engine } from "./engine.ts";
import { EngineError, notFound } from "./engine_error.ts";
import { definitionDto, deploymentDto, instanceDto } from "./rest_answers.ts";
import { bodyOf, dateOf, definitionSuspendedBody, page, startBody } from "./rest_bodies.ts";
import { definitionSuspended, type ProcessDefinition, type ProcessInstance } from "./runtime.ts";
import { restVariable } from "./variables.ts";

export function deploymentRoutes(engine: Engine): Hono {
  const routes = new Hono();
  routes.post("/create", async (c) => {
    const form = await c.req.formData();
    const field = (name: string) => {
      const value = form.get(name);
      return typeof value === "string" && value !== "" ? value : null;
    };
    const activation = field("deployment-activation-time");
    const files = [...form.values()].filter((value) => value instanceof File);
    const resources = await Promise.all(
      files.map(async (file): Promise<[string, string]> => [file.name, await file.text()]),
    );
    const { deployment, definitions } = engine.definitions.deploy({
      name: field("deployment-name"),
      source: field("deployment-source"),
      tenantId: field("tenant-id"),
      resources: new Map(resources),
      duplicateFiltering: field("enable-duplicate-filtering") === "true",
      changedOnly: field("deploy-changed-only") === "true",
      activateAtMs: activation === null ? null : dateOf(activation),
    }, engine.nowMs);
    const deployed = definitions.map((definition) => [definition.id, definitionDto(definition, engine.nowMs)]);
    return c.json({
      ...deploymentDto(deployment),
      links: selfLink(c, `deployment/${deployment.id}`),
      // Null, not empty, when nothing new was deployed.
      deployedProcessDefinitions: deployed.length === 0 ? null : Object.fromEntries(deployed),
      deployedCaseDefinitions: null,
      deployedDecisionDefinitions: null,
      deployedDecisionRequirementsDefinitions: null,
    });
  });
  routes.get("/", (c) => {
    const { name, source, tenantIdIn, withoutTenantId } = c.req.query();
    const deployments = engine.definitions.deployments().filter((deployment) =>
      (name === undefined || deployment.name === name) && (source === undefined || deployment.source === source) &&
      isOfTenant(deployment.tenantId, tenantIdIn, withoutTenantId)
    );
    return c.json(page(c, deployments).map(deploymentDto));
  });
  routes.get("/:id", (c) => {
    const deployment = engine.definitions.deployments().find(({ id }) => id === c.req.param("id"));
    if (deployment === undefined) throw notFound(`Deployment with id '${c.req.param("id")}' does not exist`);
    return c.json(deploymentDto(deployment));
  });
  routes.delete("/:id", (c) => {
    engine.undeploy(c.req.param("id"));
    return c.body(null, 204);
  });
  return routes;
}

export function definitionRoutes(engine: Engine): Hono {
  const routes = new Hono();
  const byId = (c: Context) => {
    const id = c.req.param("id") ?? "";
    const definition = engine.definitions.byId(id);
    if (definition !== undefined) return definition;
    throw new EngineError(404, "InvalidRequestException", `No matching definition with id ${id}`);
  };
  const byKey = (c: Context) => {
    const key = c.req.param("key") ?? "";
    const tenantId = c.req.param("tenantId") ?? null;
    const definition = engine.definitions.latest(key, tenantId);
    if (definition !== undefined) return definition;
    const tenant = tenantId === null ? "no tenant-id" : `tenant-id: ${tenantId}`;
    const message = `No matching process definition with key: ${key} and ${tenant}`;
    throw new EngineError(404, "RestException", message, null);
  };
  const found = (c: Context) =>
    engine.definitions.definitions().filter((definition) => isWanted(engine, definition, c));

  routes.get("/", (c) => c.json(page(c, sorted(c, found(c))).map((one) => definitionDto(one, engine.nowMs))));
  routes.get("/count", (c) => c.json({ count: found(c).length }));
  const selections: readonly [string, (c: Context) => ProcessDefinition][] = [
    ["/key/:key", byKey],
    ["/key/:key/tenant-id/:tenantId", byKey],
    ["/:id", byId],
  ];
  for (const [path, select] of selections) {
    routes.get(path, (c) => c.json(definitionDto(select(c), engine.nowMs)));
    routes.get(`${path}/xml`, (c) => c.json({ id: select(c).id, bpmn20Xml: select(c).xml }));
    routes.put(`${path}/suspended`, async (c) => {
      const { suspended, includeProcessInstances } = await bodyOf(c, definitionSuspendedBody);
      engine.setDefinitionSuspended(select(c), suspended, includeProcessInstances);
      return c.body(null, 204);
    });
    routes.post(`${path}/start`, async (c) => {
      const { instance, withVariablesInReturn } = await instantiate(engine, select(c), c);
      const answer = { ...instanceDto(instance), links: selfLink(c, `process-instance/${instance.id}`) };
      return c.json(withVariablesInReturn ? { ...answer, variables: variablesOf(instance) } : answer);
    });
  }
  return routes;
}

/** Whatever goes wrong, a bad variable or a process that cannot go on, names the definition. */
async function instantiate(engine: Engine, definition: ProcessDefinition, c: Context) {
  try {
    const { businessKey = null, variables, withVariablesInReturn } = await bodyOf(c, startBody);
    return { instance: engine.start(definition, { businessKey, variables }), withVariablesInReturn };
  } catch (error) {
    if (!(error instanceof EngineError) || error.message === "") throw error;
    const message = `Cannot instantiate process definition ${definition.id}: ${error.message}`;
    const type = error.status === 400 ? error.type : "RestException";
    throw new EngineError(error.status, type, message, error.code);
  }
}

function variablesOf(instance: ProcessInstance) {
  const entries = [...instance.root.variables].map(([name, { typed }]) => [name, restVariable(name, typed, true)]);
  return Object.fromEntries(entries);
}

function isWanted(engine: Engine, definition: ProcessDefinition, c: Context): boolean {
  const query = c.req.query();
  const { model } = definition;
  return (query["processDefinitionId"] === undefined || query["processDefinitionId"] === definition.id) &&
    (query["key"] === undefined || query["key"] === model.key) &&
    (query["keysIn"] === undefined || query["keysIn"].split(",").includes(model.key)) &&
    (query["name"] === undefined || query["name"] === model.name) &&
    (query["version"] === undefined || Number(query["version"]) === definition.version) &&
    (query["versionTag"] === undefined || query["versionTag"] === model.versionTag) &&
    (query["deploymentId"] === undefined || query["deploymentId"] === definition.deploymentId) &&
    (query["resourceName"] === undefined || query["resourceName"] === definition.resource) &&
    (query["suspended"] !== "true" || definitionSuspended(definition, engine.nowMs)) &&
    (query["active"] !== "true" || !definitionSuspended(definition, engine.nowMs)) &&
    (query["latestVersion"] !== "true" || engine.definitions.isLatest(definition)) &&
    isOfTenant(definition.tenantId, query["tenantIdIn"], query["withoutTenantId"]);
}

/** Only the order by version is known. */
function sorted(c: Context, definitions: readonly ProcessDefinition[]): readonly ProcessDefinition[] {
  if (c.req.query("sortBy") !== "version") return definitions;
  const sign = c.req.query("sortOrder") === "desc" ? -1 : 1;
  return definitions.toSorted((one, other) => sign * (one.version - other.version));
}

function isOfTenant(tenantId: string | null, tenantIdIn: string | undefined, withoutTenantId: string | undefined) {
  if (withoutTenantId === "true") return tenantId === null;
  return tenantIdIn === undefined || (tenantId !== null && tenantIdIn.split(",").includes(tenantId));
}

function selfLink(c: Context, path: string) {
  return [{ method: "GET", href: new URL(`/engine-rest/${path}`, c.req.url).href, rel: "self" }];
}
