/** What deploying a file would do, without doing it. */
import type { Problem } from "../../bpmn/convert/result.ts";
import type { DeployedDefinition } from "./deploy_outcome.ts";

export interface PlannedProcess {
  readonly key: string;
  /** The newest version that Camunda has; `undefined` for a new process. */
  readonly version: number | undefined;
}

export type DeploymentPlan =
  | {
    readonly kind: "planned";
    readonly processes: readonly PlannedProcess[];
    /** Those of a deployment that are known before it. */
    readonly warnings: readonly string[];
  }
  | {
    readonly kind: "unchanged";
    readonly definitions: readonly DeployedDefinition[];
    readonly warnings: readonly string[];
  }
  | { readonly kind: "refused"; readonly problems: readonly Problem[] };
