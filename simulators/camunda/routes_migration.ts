/** `/migration`. */
import { type Context, Hono } from "hono";
import type { Engine } from "./engine.ts";
import { EngineError, invalidRequest } from "./engine_error.ts";
import { generateInstructions, instructionFaults } from "./migration.ts";
import { bodyOf, migrationExecutionBody, type MigrationPlan, migrationPlanBody } from "./rest_bodies.ts";
import type { ProcessDefinition } from "./runtime.ts";

export function migrationRoutes(engine: Engine): Hono {
  const routes = new Hono();
  const planOf = async (c: Context) => withDefinitions(engine, await bodyOf(c, migrationPlanBody));
  routes.post("/generate", async (c) => {
    const { source, target } = await planOf(c);
    return c.json({
      sourceProcessDefinitionId: source.id,
      targetProcessDefinitionId: target.id,
      instructions: generateInstructions(source, target),
      variables: null,
    });
  });
  routes.post("/validate", async (c) => {
    const plan = await planOf(c);
    const instructionReports = plan.instructions.map((instruction) => ({
      instruction,
      failures: instructionFaults(plan, instruction),
    }));
    return c.json({
      instructionReports: instructionReports.filter(({ failures }) => failures.length > 0),
      variableReports: {},
    });
  });
  routes.post("/execute", async (c) => {
    const { migrationPlan, processInstanceIds } = await bodyOf(c, migrationExecutionBody);
    if (processInstanceIds.length === 0) throw invalidRequest("Process instance ids cannot empty");
    engine.migrate(withDefinitions(engine, migrationPlan), processInstanceIds);
    return c.body(null, 204);
  });
  return routes;
}

function withDefinitions(engine: Engine, plan: MigrationPlan) {
  const { sourceProcessDefinitionId, targetProcessDefinitionId, instructions } = plan;
  return {
    source: definition(engine, sourceProcessDefinitionId, "Source"),
    target: definition(engine, targetProcessDefinitionId, "Target"),
    instructions,
  };
}

function definition(engine: Engine, id: string, role: "Source" | "Target"): ProcessDefinition {
  const found = engine.definitions.byId(id);
  if (found !== undefined) return found;
  throw new EngineError(
    400,
    "InvalidRequestException",
    `${role} process definition with id ${id} does not exist`,
    null,
  );
}
