/**
 * Moves the tokens of one process instance until all of them wait, within one transaction.
 *
 * An own interpreter instead of `bpmn-engine`: Camunda's semantics matter here, not BPMN's (external tasks, JUEL, scopes of
 * variables, rollback of a failed step with the task still locked), and undoing a step needs every write to be ours.
 * Differences: `asyncBefore`/`asyncAfter` continue at once; timers and messages come by command of the test.
 */
import { processError } from "./engine_error.ts";
import { evaluate, evaluateCondition, evaluateTyped } from "./evaluate.ts";
import { throwError } from "./event_catching.ts";
import { executionContext } from "./execution_context.ts";
import type { Expression } from "./expression.ts";
import { canReach } from "./flow_reachability.ts";
import { MultiInstanceRun } from "./multi_instance_run.ts";
import type { Body, EventSubProcess, FlowNode, Parameter, SequenceFlow } from "./process_graph.ts";
import { evaluateParameter } from "./parameter_value.ts";
import type { ExternalTask, InstanceState, ProcessInstance, Scope, ScopeKind } from "./runtime.ts";
import { setLocalVariable, setVariable } from "./scope_variables.ts";
import type { Transaction } from "./transaction.ts";
import { elValueOf, type TypedValue } from "./variables.ts";

/** What a run needs to know of the engine around it. */
export interface RunOptions {
  readonly nowMs: number;
  /** The next number in the order of task creation. */
  readonly nextSequence: () => number;
}

/** A circle of gateways would never end; the engine dies of it by a StackOverflowError. */
const maxSteps = 100_000;

export class ProcessRun {
  readonly nowMs: number;
  #steps: { readonly scope: Scope; readonly act: () => void }[] = [];
  readonly #multiInstance: MultiInstanceRun;

  constructor(readonly instance: ProcessInstance, readonly tx: Transaction, private readonly options: RunOptions) {
    this.nowMs = options.nowMs;
    this.#multiInstance = new MultiInstanceRun(this);
  }

  /** Starts at the body's start event. */
  start(): void {
    this.#startBody(this.instance.definition.model.body, this.instance.root);
    this.settle();
  }

  /** The work of this activity is done: its token goes on. */
  finish(scope: Scope): void {
    this.complete(scope);
    this.settle();
  }

  /** Does what is due until every token waits. */
  settle(): void {
    for (let done = 0;; done++) {
      if (done > maxSteps) throw processError(`Process instance ${this.instance.id} loops without ever waiting`);
      const step = this.#steps.shift();
      if (step !== undefined) step.act();
      else if (!this.#releaseInclusiveJoin(this.instance.root)) return;
    }
  }

  /** A token, already counted in `scope`, arrives at a node. */
  enter(node: FlowNode, scope: Scope): void {
    const act = () => {
      if (node.multiInstance !== null) this.#multiInstance.start(node, node.multiInstance, scope);
      else this.execute(node, scope);
    };
    this.#steps.push({ scope, act });
  }

  /** Passes a gateway, or executes an activity once in a scope of its own inside `outer`. */
  execute(node: FlowNode, outer: Scope): void {
    const { behavior } = node;
    if (behavior.kind === "exclusive") return this.#choose(node, outer);
    if (behavior.kind === "parallel" || behavior.kind === "inclusive") return this.#arrive(node, outer);
    const scope = this.openScope("activity", node, outer);
    for (const { name, value } of node.inputs) {
      setLocalVariable(this, scope, name, evaluateParameter(value, this.context(scope)));
    }
    switch (behavior.kind) {
      case "pass":
        return this.complete(scope);
      case "evaluate": {
        const value = evaluateTyped(behavior.expression, this.context(scope));
        if (behavior.resultVariable !== null) setVariable(this, scope, behavior.resultVariable, value);
        return this.complete(scope);
      }
      case "broken":
        throw processError(behavior.message);
      case "errorEnd":
        return throwError(this, behavior.code, null, scope);
      case "terminateEnd":
        return this.#terminate(scope);
      case "external":
        return this.#createTask(node, scope, behavior.topic, behavior.priority);
      case "wait":
      case "eventGateway":
        return;
      case "subProcess":
        return this.#startBody(behavior.body, scope);
    }
  }

  /** Writes the output parameters, closes the scope and lets its token go on. */
  complete(scope: Scope): void {
    const { node, parent } = scope;
    if (node === null || parent === null) return this.endInstance("COMPLETED", null);
    this.#mapOutputs(node.outputs, scope, parent);
    this.closeScope(scope);
    if (parent.node === node) this.#multiInstance.progress(node, parent);
    else if (scope.eventSubProcess !== null) this.endToken(parent);
    else this.leave(node, parent);
  }

  /** Ends an activity without going on behind it: its branch ends, or just its round of a multi-instance activity. */
  abandon(scope: Scope): void {
    const { node, parent } = scope;
    this.closeScope(scope);
    if (node === null || parent === null) return;
    if (parent.node === node) this.#multiInstance.progress(node, parent);
    else this.endToken(parent);
  }

  /** A token leaves an activity along every outgoing flow whose condition holds. */
  leave(node: FlowNode, scope: Scope): void {
    const { outgoing, defaultFlow } = node;
    const taken = outgoing.filter((flow) =>
      flow !== defaultFlow && (flow.condition === null || evaluateCondition(flow.condition, this.context(scope)))
    );
    if (taken.length === 0 && defaultFlow !== null) taken.push(defaultFlow);
    if (taken.length === 0 && outgoing.length > 0) throw noFlow(node);
    this.#take(taken, scope);
  }

  /** A branch ends; with its last branch a process or sub-process is complete. */
  endToken(scope: Scope): void {
    this.tx.assign(scope, { tokens: scope.tokens - 1 });
    if (scope.tokens === 0) this.complete(scope);
  }

  openScope(kind: ScopeKind, node: FlowNode, parent: Scope, eventSubProcess: EventSubProcess | null = null): Scope {
    const id = crypto.randomUUID();
    const activityId = kind === "body" ? `${node.id}#multiInstanceBody` : node.id;
    const scope: Scope = {
      id,
      // A loop execution belongs to the body's activity instance.
      activityInstanceId: kind === "loop" ? parent.activityInstanceId : `${activityId}:${crypto.randomUUID()}`,
      kind,
      parent,
      node,
      variables: new Map(),
      children: new Map(),
      joins: new Map(),
      tokens: 0,
      eventSubProcess,
    };
    this.tx.put(parent.children, id, scope);
    return scope;
  }

  /** Ends everything in a scope, and the scope. */
  closeScope(scope: Scope): void {
    this.clearScope(scope);
    const task = this.instance.tasks.get(scope.id);
    if (task !== undefined) this.#endTask(task);
    if (scope.parent !== null) this.tx.drop(scope.parent.children, scope.id);
  }

  /** Ends everything in a scope, which itself goes on. */
  clearScope(scope: Scope): void {
    for (const child of [...scope.children.values()]) this.closeScope(child);
    for (const id of [...scope.joins.keys()]) this.tx.drop(scope.joins, id);
    this.tx.assign(scope, { tokens: 0 });
    this.#steps = this.#steps.filter((step) => step.scope !== scope);
  }

  endInstance(state: InstanceState, deleteReason: string | null): void {
    this.clearScope(this.instance.root);
    this.tx.assign(this.instance, { state, deleteReason, endedAtMs: this.nowMs });
  }

  context(scope: Scope) {
    return executionContext(this.instance, scope, this.nowMs);
  }

  #startBody(body: Body, scope: Scope): void {
    if (body.start === null) throw processError("no default start activity");
    this.tx.assign(scope, { tokens: 1 });
    this.enter(body.start, scope);
  }

  #take(flows: readonly SequenceFlow[], scope: Scope): void {
    if (flows.length === 0) return this.endToken(scope);
    this.tx.assign(scope, { tokens: scope.tokens + flows.length - 1 });
    for (const { target } of flows) this.enter(target, scope);
  }

  /** Takes the first flow in document order whose condition holds; one without a condition always does. */
  #choose(node: FlowNode, scope: Scope): void {
    const { outgoing, defaultFlow } = node;
    const chosen =
      outgoing.find((flow) =>
        flow !== defaultFlow && (flow.condition === null || evaluateCondition(flow.condition, this.context(scope)))
      ) ?? defaultFlow;
    if (chosen === null && outgoing.length > 0) throw noFlow(node);
    this.#take(chosen === null ? [] : [chosen], scope);
  }

  /** A joining gateway counts tokens, not flows, as the engine does. */
  #arrive(node: FlowNode, scope: Scope): void {
    const arrived = (scope.joins.get(node.id) ?? 0) + 1;
    if (node.incomingCount > 1 && (node.behavior.kind === "inclusive" || arrived < node.incomingCount)) {
      this.tx.put(scope.joins, node.id, arrived);
    } else this.#join(node, scope, arrived);
  }

  #join(node: FlowNode, scope: Scope, arrived: number): void {
    this.tx.drop(scope.joins, node.id);
    this.tx.assign(scope, { tokens: scope.tokens - arrived + 1 });
    if (node.behavior.kind === "parallel") this.#take(node.outgoing, scope);
    else this.leave(node, scope);
  }

  /** An inclusive gateway joins once no other token of its scope can still reach it. */
  #releaseInclusiveJoin(scope: Scope): boolean {
    const body = scope.node === null
      ? this.instance.definition.model.body
      : scope.node.behavior.kind === "subProcess"
      ? scope.node.behavior.body
      : null;
    for (const [id, arrived] of scope.joins) {
      const gateway = body?.nodes.get(id);
      if (body === null || gateway?.behavior.kind !== "inclusive") continue;
      const elsewhere = [
        ...[...scope.children.values()].map((child) => child.node),
        ...[...scope.joins.keys()].filter((other) => other !== id).map((other) => body.nodes.get(other)),
      ];
      if (elsewhere.some((node) => node && canReach(node, gateway))) continue;
      this.#join(gateway, scope, arrived);
      return true;
    }
    return [...scope.children.values()].some((child) => this.#releaseInclusiveJoin(child));
  }

  #mapOutputs(outputs: readonly Parameter[], scope: Scope, target: Scope): void {
    for (const { name, value } of outputs) {
      setVariable(this, target, name, evaluateParameter(value, this.context(scope)));
    }
  }

  /** A terminate end event ends the process, or the sub-process it is in. */
  #terminate(scope: Scope): void {
    const ended = scope.parent;
    if (ended === null) return;
    this.clearScope(ended);
    this.complete(ended);
  }

  #createTask(
    node: FlowNode,
    scope: Scope,
    topic: Expression,
    priority: Expression | null,
  ): void {
    const context = this.context(scope);
    const task: ExternalTask = {
      id: crypto.randomUUID(),
      sequence: this.options.nextSequence(),
      instance: this.instance,
      scope,
      node,
      topicName: String(evaluate(topic, context)),
      priority: priority === null ? 0 : priorityOf(evaluateTyped(priority, context)),
      createdAtMs: this.nowMs,
      ended: false,
      workerId: null,
      lockExpiresAtMs: null,
      retries: null,
      errorMessage: null,
      errorDetails: null,
    };
    this.tx.put(this.instance.tasks, scope.id, task);
    this.tx.touchedTasks.add(task);
  }

  #endTask(task: ExternalTask): void {
    this.tx.assign(task, { ended: true });
    this.tx.drop(this.instance.tasks, task.scope.id);
    this.tx.touchedTasks.add(task);
    for (const incident of [...this.instance.incidents.values()]) {
      if (incident.task === task) this.tx.drop(this.instance.incidents, incident.id);
    }
  }
}

function priorityOf(typed: TypedValue): number {
  const value = elValueOf(typed);
  const priority = typeof value === "object" ? NaN : Number(value);
  if (Number.isInteger(priority)) return priority;
  throw processError(`Priority value is not an Integer: ${String(typed.value)}`);
}

function noFlow(node: FlowNode): Error {
  return processError(
    `ENGINE-02004 No outgoing sequence flow for the element with id '${node.id}' could be selected for continuing the process.`,
  );
}
