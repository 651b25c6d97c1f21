/** `/process-instance`, `/variable-instance`, `/history` and `/incident`. */
import { type Context, Hono } from "hono";
import type { Engine } from "./engine.ts";
import { invalidRequest, missingValue, notFound } from "./engine_error.ts";
import {
  historicInstanceDto,
  historicVariableDto,
  incidentDto,
  instanceDto,
  variableInstanceDto,
} from "./rest_answers.ts";
import {
  bodyOf,
  type InstanceQuery,
  instanceQueryBody,
  page,
  queryOf,
  suspendedBody,
  variableBody,
  type VariableQuery,
  variableQueryBody,
} from "./rest_bodies.ts";
import type { ProcessInstance, Scope, Variable } from "./runtime.ts";
import { is, isIn } from "./task_query.ts";
import { restVariable } from "./variables.ts";

export function instanceRoutes(engine: Engine): Hono {
  const routes = new Hono();
  const found = (query: InstanceQuery) =>
    [...engine.instances.values()].filter((instance) =>
      isRunning(instance) && is(query.processDefinitionKey, instance.definition.model.key) &&
      is(query.processDefinitionId, instance.definition.id) && is(query.businessKey, instance.businessKey) &&
      isIn(query.processInstanceIds, instance.id) && isIn(query.tenantIdIn, instance.tenantId)
    );
  const asked = (c: Context) => {
    const { processInstanceIds, tenantIdIn, ...query } = c.req.query();
    return found({
      processDefinitionKey: query["processDefinitionKey"],
      processDefinitionId: query["processDefinitionId"],
      businessKey: query["businessKey"],
      processInstanceIds: processInstanceIds?.split(","),
      tenantIdIn: tenantIdIn?.split(","),
    });
  };
  routes.get("/", (c) => c.json(page(c, asked(c)).map(instanceDto)));
  routes.post("/", async (c) => c.json(page(c, found(await bodyOf(c, instanceQueryBody))).map(instanceDto)));
  routes.get("/count", (c) => c.json({ count: asked(c).length }));
  routes.get("/:id", (c) => {
    const instance = engine.instances.get(c.req.param("id"));
    if (instance === undefined || !isRunning(instance)) {
      throw notFound(`Process instance with id ${c.req.param("id")} does not exist`);
    }
    return c.json(instanceDto(instance));
  });
  routes.delete("/:id", (c) => {
    engine.deleteInstance(c.req.param("id"));
    return c.body(null, 204);
  });
  routes.put("/:id/suspended", async (c) => {
    const { suspended } = await bodyOf(c, suspendedBody);
    engine.setSuspended(c.req.param("id"), suspended);
    return c.body(null, 204);
  });
  routes.get("/:id/variables", (c) => {
    const { root } = runningInstance(engine, c);
    const entries = [...root.variables].map(([name, { typed }]) => [name, restVariable(name, typed, deserializes(c))]);
    return c.json(Object.fromEntries(entries));
  });
  routes.get("/:id/variables/:name", (c) => {
    const name = c.req.param("name");
    const variable = runningInstance(engine, c).root.variables.get(name);
    if (variable === undefined) throw notFound(`process instance variable with name ${name} does not exist`);
    return c.json(restVariable(name, variable.typed, deserializes(c)));
  });
  routes.put("/:id/variables/:name", async (c) => {
    const typed = await bodyOf(c, variableBody);
    engine.setInstanceVariable(runningInstance(engine, c), c.req.param("name"), typed);
    return c.body(null, 204);
  });
  return routes;
}

export function variableInstanceRoutes(engine: Engine): Hono {
  const routes = new Hono();
  const found = (query: VariableQuery) =>
    instancesOf(engine, query).filter(isRunning).flatMap((instance) =>
      [...liveVariables(instance.root)].filter((variable) => isWanted(variable, instance, query))
        .map((variable) => ({ variable, instance }))
    );
  const answer = (c: Context, query: VariableQuery) =>
    c.json(
      page(c, found(query)).map(({ variable, instance }) => variableInstanceDto(variable, instance, deserializes(c))),
    );
  routes.get("/", (c) => answer(c, queryOf(c, variableQueryBody)));
  routes.post("/", async (c) => answer(c, await bodyOf(c, variableQueryBody)));
  routes.post("/count", async (c) => c.json({ count: found(await bodyOf(c, variableQueryBody)).length }));
  return routes;
}

export function historyRoutes(engine: Engine): Hono {
  const routes = new Hono();
  const variables = (c: Context, query: VariableQuery) => {
    const found = instancesOf(engine, query).flatMap((instance) =>
      [...instance.variables.values()].filter((variable) => isWanted(variable, instance, query))
        .map((variable) => ({ variable, instance }))
    );
    return c.json(
      page(c, found).map(({ variable, instance }) => historicVariableDto(variable, instance, deserializes(c))),
    );
  };
  routes.get("/process-instance", (c) => {
    const query = c.req.query();
    const found = [...engine.instances.values()].filter((instance) =>
      is(query["processInstanceId"], instance.id) && isIn(query["processInstanceIds"]?.split(","), instance.id) &&
      is(query["processDefinitionKey"], instance.definition.model.key) &&
      (query["finished"] !== "true" || !isRunning(instance)) && (query["unfinished"] !== "true" || isRunning(instance))
    );
    return c.json(page(c, found).map(historicInstanceDto));
  });
  routes.get("/process-instance/:id", (c) => {
    const instance = engine.instances.get(c.req.param("id"));
    if (instance === undefined) {
      throw notFound(`Historic process instance with id ${c.req.param("id")} does not exist`);
    }
    return c.json(historicInstanceDto(instance));
  });
  routes.get("/variable-instance", (c) => variables(c, queryOf(c, variableQueryBody)));
  routes.post("/variable-instance", async (c) => variables(c, await bodyOf(c, variableQueryBody)));
  return routes;
}

export function incidentRoutes(engine: Engine): Hono {
  const routes = new Hono();
  const found = (c: Context) => {
    const query = c.req.query();
    const instances = instancesOf(engine, { processInstanceId: query["processInstanceId"] });
    return instances.flatMap((instance) => [...instance.incidents.values()]).filter(({ id, task }) =>
      is(query["incidentId"], id) && is(query["incidentType"], "failedExternalTask") &&
      is(query["configuration"], task.id) && is(query["activityId"], task.node.id) &&
      is(query["executionId"], task.scope.id) && isIn(query["tenantIdIn"]?.split(","), task.instance.tenantId) &&
      is(query["processDefinitionId"], task.instance.definition.id) &&
      isIn(query["processDefinitionKeyIn"]?.split(","), task.instance.definition.model.key)
    );
  };
  routes.get("/", (c) => c.json(page(c, found(c)).map(incidentDto)));
  routes.get("/count", (c) => c.json({ count: found(c).length }));
  return routes;
}

function isRunning(instance: ProcessInstance): boolean {
  return instance.endedAtMs === null;
}

/** On by default: `?deserializeValues=false` turns it off. */
function deserializes(c: Context): boolean {
  const value = c.req.query("deserializeValues") ?? "true";
  if (value === "true" || value === "false") return value === "true";
  throw invalidRequest(`Cannot set query parameter 'deserializeValues' to value '${value}'`);
}

function runningInstance(engine: Engine, c: Context): ProcessInstance {
  const id = c.req.param("id") ?? "";
  const instance = engine.instances.get(id);
  if (instance !== undefined && isRunning(instance)) return instance;
  throw missingValue(`execution ${id} doesn't exist: execution is null`);
}

function instancesOf(engine: Engine, query: Partial<VariableQuery>): ProcessInstance[] {
  const { processInstanceIdIn, processInstanceId } = query;
  const ids = processInstanceIdIn ?? (processInstanceId === undefined ? undefined : [processInstanceId]);
  if (ids === undefined) return [...engine.instances.values()];
  return [...new Set(ids)].flatMap((id) => engine.instances.get(id) ?? []);
}

function* liveVariables(scope: Scope): Generator<Variable> {
  yield* scope.variables.values();
  for (const child of scope.children.values()) yield* liveVariables(child);
}

function isWanted({ name, scope }: Variable, instance: ProcessInstance, query: VariableQuery): boolean {
  return is(query.variableName, name) && isIn(query.variableNameIn, name) && isIn(query.executionIdIn, scope.id) &&
    isIn(query.variableScopeIdIn, scope.id) && isIn(query.activityInstanceIdIn, scope.activityInstanceId) &&
    isIn(query.tenantIdIn, instance.tenantId);
}
