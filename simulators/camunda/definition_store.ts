/** Deployments and the process definitions in them: versions per key and tenant, duplicate filtering, parse errors. */
import { type ParseProblem, readBpmn, type ReadResult } from "./bpmn_reader.ts";
import { EngineError, invalidRequest } from "./engine_error.ts";
import type { Deployment, ProcessDefinition } from "./runtime.ts";

export interface DeploymentRequest {
  readonly name: string | null;
  readonly source: string | null;
  readonly tenantId: string | null;
  /** Resource name to content; only `.bpmn` and `.bpmn20.xml` are parsed. */
  readonly resources: ReadonlyMap<string, string>;
  /** Deploy nothing when the tenant's last resources of this deployment name and source are the same. */
  readonly duplicateFiltering: boolean;
  /** Deploy only the resources that differ from them; implies filtering. */
  readonly changedOnly: boolean;
  /** Until then the deployed versions are suspended, also those of an older deployment when nothing is new. */
  readonly activateAtMs: number | null;
}

export interface DeploymentResult {
  readonly deployment: Deployment;
  /** Empty when duplicate filtering found nothing new. */
  readonly definitions: readonly ProcessDefinition[];
}

export class DefinitionStore {
  readonly #deployments: Deployment[] = [];
  readonly #definitions = new Map<string, ProcessDefinition>();
  /** The latest version by tenant and key. */
  readonly #latest = new Map<string, ProcessDefinition>();

  deploy(request: DeploymentRequest, nowMs: number): DeploymentResult {
    const result = this.#deploy(request, nowMs);
    if (request.activateAtMs !== null) {
      const { deployment: { id } } = result;
      for (const definition of this.definitions().filter(({ deploymentId }) => deploymentId === id)) {
        definition.suspension = { activateAtMs: request.activateAtMs };
      }
    }
    return result;
  }

  #deploy(request: DeploymentRequest, nowMs: number): DeploymentResult {
    if (request.resources.size === 0) throw invalidRequest("No deployment resources contained in the form upload.");
    const earlier = this.#deployments.filter(({ name, source, tenantId }) =>
      name === request.name && tenantId === request.tenantId && comparable(source) === comparable(request.source)
    );
    const last = earlier.at(-1);
    const isChanged = ([name, text]: [string, string]) =>
      earlier.findLast(({ resources }) => resources.has(name))?.resources.get(name) !== text;
    const changed = [...request.resources].filter(isChanged);
    if (last !== undefined && changed.length === 0 && (request.duplicateFiltering || request.changedOnly)) {
      return { deployment: last, definitions: [] };
    }
    const resources = new Map(request.changedOnly ? changed : request.resources);
    const parsed = parseAll(resources);
    const { name, source, tenantId } = request;
    const deployment = { id: crypto.randomUUID(), name, source, tenantId, deployedAtMs: nowMs, resources };
    this.#deployments.push(deployment);
    const definitions = parsed.flatMap(([resource, xml, { processes }]) =>
      processes.map((model) => this.#define({ deployment, resource, xml, model }))
    );
    return { deployment, definitions };
  }

  #define(
    { deployment, resource, xml, model }: Pick<ProcessDefinition, "resource" | "xml" | "model"> & {
      deployment: Deployment;
    },
  ): ProcessDefinition {
    const { tenantId } = deployment;
    const slot = slotOf({ tenantId, model });
    const version = (this.#latest.get(slot)?.version ?? 0) + 1;
    const id = `${model.key}:${version}:${crypto.randomUUID()}`;
    const definition: ProcessDefinition = {
      ...{ id, version, deploymentId: deployment.id, resource, xml, tenantId, model },
      suspension: null,
    };
    this.#definitions.set(id, definition);
    this.#latest.set(slot, definition);
    return definition;
  }

  /** The definitions that went with it; undefined when there is no such deployment. */
  undeploy(deploymentId: string): readonly ProcessDefinition[] | undefined {
    const at = this.#deployments.findIndex(({ id }) => id === deploymentId);
    if (at < 0) return undefined;
    this.#deployments.splice(at, 1);
    const gone = this.definitions().filter((definition) => definition.deploymentId === deploymentId);
    for (const { id } of gone) this.#definitions.delete(id);
    this.#latest.clear();
    for (const definition of this.definitions()) this.#latest.set(slotOf(definition), definition);
    return gone;
  }

  byId(id: string): ProcessDefinition | undefined {
    return this.#definitions.get(id);
  }

  /** The latest version of this tenant; null is the definitions without a tenant. */
  latest(key: string, tenantId: string | null): ProcessDefinition | undefined {
    return this.#latest.get(slotOf({ tenantId, model: { key } }));
  }

  isLatest(definition: ProcessDefinition): boolean {
    return this.latest(definition.model.key, definition.tenantId) === definition;
  }

  definitions(): readonly ProcessDefinition[] {
    return [...this.#definitions.values()];
  }

  deployments(): readonly Deployment[] {
    return this.#deployments;
  }
}

/** DeployCmd: no source counts as this one when duplicates are looked for. */
function comparable(source: string | null): string {
  return source ?? "process application";
}

/** Versions are counted per tenant and key. */
function slotOf({ tenantId, model }: { readonly tenantId: string | null; readonly model: { readonly key: string } }) {
  return `${tenantId ?? ""}/${model.key}`;
}

function parseAll(resources: ReadonlyMap<string, string>): [string, string, ReadResult][] {
  const parsed = [...resources]
    .filter(([name]) => /\.(bpmn|bpmn20\.xml)$/u.test(name))
    .map(([name, xml]): [string, string, ReadResult] => [name, xml, readBpmn(name, xml)]);
  const faulty = parsed.filter(([, , { problems }]) => problems.length > 0);
  if (faulty.length === 0) return parsed;
  const lines = faulty.flatMap(([name, , { problems }]) =>
    problems.map(({ message, line, column }) =>
      `\n* ${message} | resource ${name}${line > 0 ? ` | line ${line} | column ${column}` : ""}`
    )
  );
  throw new EngineError(
    400,
    "ParseException",
    `ENGINE-09005 Could not parse BPMN process. Errors: ${lines.join("")}`,
    0,
    Object.fromEntries(faulty.map(([name, , { problems }]) => [name, problemReport(problems)])),
  );
}

/** The engine spells `еlementIds` with a Cyrillic first letter (7.24); its clients had better know. */
function problemReport(problems: readonly ParseProblem[]) {
  const errors = problems.map(({ message, line, column, elementIds }) => ({
    message,
    line,
    column,
    mainElementId: elementIds[0] ?? null,
    "\u0435lementIds": elementIds,
  }));
  return { errors, warnings: [] };
}
