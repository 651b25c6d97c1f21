/** The engine's memory: deployments, definitions, instances, their scopes, variables, tasks and incidents. */
import type { EventSubProcess, FlowNode, ProcessModel } from "./process_graph.ts";
import type { TypedValue } from "./variables.ts";

export interface Deployment {
  readonly id: string;
  readonly name: string | null;
  readonly source: string | null;
  readonly tenantId: string | null;
  readonly deployedAtMs: number;
  readonly resources: ReadonlyMap<string, string>;
}

export interface ProcessDefinition {
  /** `key:version:uuid`. */
  readonly id: string;
  readonly version: number;
  readonly deploymentId: string;
  readonly resource: string;
  readonly xml: string;
  readonly tenantId: string | null;
  readonly model: ProcessModel;
  /** Null while it is active. */
  suspension: Suspension | null;
}

export interface Suspension {
  /** When it ends by itself. */
  readonly activateAtMs: number | null;
}

export type InstanceState = "ACTIVE" | "SUSPENDED" | "COMPLETED" | "EXTERNALLY_TERMINATED" | "INTERNALLY_TERMINATED";

export interface ProcessInstance {
  readonly id: string;
  readonly definition: ProcessDefinition;
  readonly businessKey: string | null;
  readonly tenantId: string | null;
  readonly startedAtMs: number;
  readonly startActivityId: string;
  readonly root: Scope;
  /** Every variable that ever lived in it: what history answers from. */
  readonly variables: Map<string, Variable>;
  /** By execution id. */
  readonly tasks: Map<string, ExternalTask>;
  readonly incidents: Map<string, Incident>;
  state: InstanceState;
  endedAtMs: number | null;
  deleteReason: string | null;
}

/**
 * An execution that can hold variables. A parallel multi-instance activity nests three of them: `body` (the counts), `loop`
 * (loopCounter and element) and `activity` (input parameters); a sequential one keeps loopCounter in the body.
 */
export type ScopeKind = "process" | "activity" | "body" | "loop";

export interface Scope {
  /** The execution id; the process scope's is the instance's. */
  readonly id: string;
  readonly activityInstanceId: string;
  readonly kind: ScopeKind;
  readonly parent: Scope | null;
  /** Null for the process. */
  readonly node: FlowNode | null;
  readonly variables: Map<string, Variable>;
  readonly children: Map<string, Scope>;
  /** Tokens that wait at joining gateways, by node id. */
  readonly joins: Map<string, number>;
  /** Tokens inside a process or sub-process; it ends with the last of them. */
  tokens: number;
  /** The event sub-process that this scope runs, if it runs one. */
  readonly eventSubProcess: EventSubProcess | null;
}

export interface Variable {
  readonly id: string;
  readonly name: string;
  readonly scope: Scope;
  readonly createdAtMs: number;
  typed: TypedValue;
}

export interface ExternalTask {
  readonly id: string;
  /** Order of creation, finer than the clock. */
  readonly sequence: number;
  readonly instance: ProcessInstance;
  readonly scope: Scope;
  readonly node: FlowNode;
  readonly topicName: string;
  readonly priority: number;
  readonly createdAtMs: number;
  ended: boolean;
  workerId: string | null;
  lockExpiresAtMs: number | null;
  /** Null until a worker reports a failure. */
  retries: number | null;
  errorMessage: string | null;
  errorDetails: string | null;
}

export interface Incident {
  readonly id: string;
  readonly task: ExternalTask;
  readonly createdAtMs: number;
  readonly message: string | null;
}

export function definitionSuspended({ suspension }: ProcessDefinition, nowMs: number): boolean {
  return suspension !== null && (suspension.activateAtMs === null || suspension.activateAtMs > nowMs);
}

export function taskSuspended(task: ExternalTask): boolean {
  return task.instance.state === "SUSPENDED";
}
