/** A process as the interpreter walks it: nodes, flows, and what each node does when a token arrives. */
import type { Expression } from "./expression.ts";

export interface SequenceFlow {
  readonly id: string;
  readonly target: FlowNode;
  readonly condition: Expression | null;
}

export type ParameterValue =
  | { readonly kind: "expression"; readonly expression: Expression }
  | { readonly kind: "list"; readonly items: readonly ParameterValue[] }
  | { readonly kind: "map"; readonly entries: ReadonlyMap<string, ParameterValue> }
  | { readonly kind: "none" };

/** One `camunda:inputParameter` or `camunda:outputParameter`. */
export interface Parameter {
  readonly name: string;
  readonly value: ParameterValue;
}

export interface MultiInstance {
  readonly sequential: boolean;
  readonly cardinality: Expression | null;
  /** `camunda:collection`: a variable name or an expression. */
  readonly collection: Expression | null;
  readonly elementVariable: string | null;
  readonly completionCondition: Expression | null;
}

export interface ErrorCatch {
  /** Null catches every code. */
  readonly code: string | null;
  readonly codeVariable: string | null;
  readonly messageVariable: string | null;
}

export type Behavior =
  | { readonly kind: "pass" }
  | { readonly kind: "external"; readonly topic: Expression; readonly priority: Expression | null }
  | { readonly kind: "evaluate"; readonly expression: Expression; readonly resultVariable: string | null }
  /** Reached, it fails as the engine does when a class or script engine is missing. */
  | { readonly kind: "broken"; readonly message: string }
  /** Waits for a person, a message or a timer: in the simulator, for a command of the test. */
  | { readonly kind: "wait" }
  | { readonly kind: "eventGateway" }
  | { readonly kind: "exclusive" }
  | { readonly kind: "inclusive" }
  | { readonly kind: "parallel" }
  | { readonly kind: "subProcess"; readonly body: Body }
  | { readonly kind: "errorEnd"; readonly code: string }
  | { readonly kind: "terminateEnd" };

export interface BoundaryEvent {
  readonly node: FlowNode;
  readonly interrupting: boolean;
  /** Null for timers, messages and the like. */
  readonly error: ErrorCatch | null;
}

export interface FlowNode {
  readonly id: string;
  readonly name: string | null;
  readonly behavior: Behavior;
  incomingCount: number;
  readonly outgoing: SequenceFlow[];
  defaultFlow: SequenceFlow | null;
  readonly inputs: readonly Parameter[];
  readonly outputs: readonly Parameter[];
  readonly boundaryEvents: BoundaryEvent[];
  readonly multiInstance: MultiInstance | null;
  readonly extensionProperties: Readonly<Record<string, string>>;
}

/** The content of a process or of an embedded sub-process. */
export interface Body {
  readonly nodes: ReadonlyMap<string, FlowNode>;
  readonly start: FlowNode | null;
  readonly eventSubProcesses: readonly EventSubProcess[];
}

export interface EventSubProcess {
  readonly node: FlowNode;
  readonly startEventId: string;
  readonly interrupting: boolean;
  readonly error: ErrorCatch | null;
}

export interface ProcessModel {
  readonly key: string;
  readonly name: string | null;
  readonly category: string;
  readonly versionTag: string | null;
  readonly historyTimeToLiveDays: number | null;
  readonly startableInTasklist: boolean;
  readonly body: Body;
}
