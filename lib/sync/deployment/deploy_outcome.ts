/** What is to be deployed, and what becomes of it. */
import type { DiagramFacts } from "../../bpmn/convert/options.ts";
import type { Problem } from "../../bpmn/convert/result.ts";
import type { ProcessDefinition } from "../../camunda/process_definitions.ts";

export interface DeployRequest {
  /** A converted file. */
  readonly xml: string;
  /** The diagram's name; the name of the deployment begins with it. */
  readonly name: string;
  /** Name of the resource; must end in `.bpmn`, or Camunda only stores it. */
  readonly fileName: string;
  /** What the file does not say itself. */
  readonly diagram?: DiagramFacts;
  /** Until then the new versions are suspended, and nothing can be started by their keys. In the past it is ignored. */
  readonly activateAt?: Date;
}

export interface DeployedDefinition {
  readonly id: string;
  /** The id of the process in its file. */
  readonly key: string;
  /** The key, where the process has no name. */
  readonly name: string;
  /** Counted per key and tenant. */
  readonly version: number;
  readonly tenantId: string | null;
  readonly deploymentId: string;
}

export type DeployOutcome =
  | {
    /** `unchanged`: the newest version of each process has this content already; nothing was deployed. */
    readonly kind: "deployed" | "unchanged";
    readonly deploymentId: string;
    /** In the order of the file. */
    readonly definitions: readonly DeployedDefinition[];
    /** One sentence each. */
    readonly warnings: readonly string[];
  }
  | {
    readonly kind: "refused";
    /** Lines are those of the request's XML. */
    readonly problems: readonly Problem[];
  };

export function shown({ id, key, name, version, tenantId, deploymentId }: ProcessDefinition): DeployedDefinition {
  return { id, key, name: name ?? key, version, tenantId, deploymentId };
}
