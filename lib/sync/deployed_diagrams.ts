/** Which diagrams Camunda has processes of, and which version: looked up in Camunda, which is the only store of it. */
import type { DiagramFacts } from "../bpmn/convert/options.ts";
import { BpmnParseError } from "../bpmn/bpmn_parse_error.ts";
import type { CamundaClient } from "../camunda/client.ts";
import { latestDefinitions, type ProcessDefinition } from "../camunda/process_definitions.ts";
import { deployedFacts } from "./deployed_facts.ts";
import { kept } from "./kept.ts";

export interface DeployedDiagram {
  /** What its process was made of. */
  readonly facts: DiagramFacts;
  /** The process in question. */
  readonly definition: ProcessDefinition;
  /** Whether the diagram has no other process. */
  readonly isOnly: boolean;
}

/** Requests for models at a time. */
const AT_ONCE = 8;

export class DeployedDiagrams {
  /** A definition's model never changes. */
  #factsById = new Map<string, DiagramFacts | undefined>();

  constructor(private readonly camunda: CamundaClient, private readonly tenantId: string | undefined) {}

  /** By the diagram's id. Of several processes of one diagram, one that was made of an older version counts. */
  async read(signal: AbortSignal): Promise<ReadonlyMap<string, DeployedDiagram>> {
    const definitions = await latestDefinitions(this.camunda, this.tenantId ?? null, signal);
    const unknown = definitions.filter(({ id }) => !this.#factsById.has(id));
    for (let at = 0; at < unknown.length; at += AT_ONCE) {
      await Promise.all(unknown.slice(at, at + AT_ONCE).map((definition) => this.#learn(definition, signal)));
    }
    this.#factsById = new Map(definitions.map(({ id }) => [id, this.#factsById.get(id)]));
    const byDiagram = new Map<string, DeployedDiagram>();
    for (const definition of definitions) {
      const facts = this.#factsById.get(definition.id);
      if (facts === undefined) continue;
      const other = byDiagram.get(facts.id);
      const one = { facts, definition, isOnly: other === undefined };
      const oldest = other === undefined || facts.updatedOn < other.facts.updatedOn ? one : { ...other, isOnly: false };
      byDiagram.set(facts.id, oldest);
    }
    return byDiagram;
  }

  async #learn({ id, key }: ProcessDefinition, signal: AbortSignal): Promise<void> {
    const xml = await this.camunda.processDefinitionXml(id, signal);
    try {
      this.#factsById.set(id, kept(deployedFacts(xml, key)));
    } catch (error) {
      if (!(error instanceof BpmnParseError)) throw error;
      this.#factsById.set(id, undefined);
    }
  }
}
