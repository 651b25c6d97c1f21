/** Multi-instance activities: the body keeps the counts, each round runs the activity once. */
import { processError } from "./engine_error.ts";
import { evaluate, evaluateCondition } from "./evaluate.ts";
import type { Expression } from "./expression.ts";
import type { FlowNode, MultiInstance } from "./process_graph.ts";
import type { ProcessRun } from "./process_run.ts";
import type { Scope } from "./runtime.ts";
import { setLocalVariable } from "./scope_variables.ts";
import { type ElValue, isList, JsonNode, typedValueOfEl } from "./variables.ts";

export class MultiInstanceRun {
  constructor(private readonly run: ProcessRun) {}

  start(node: FlowNode, loop: MultiInstance, outer: Scope): void {
    const elements = loop.collection === null ? [] : this.#elements(loop.collection, outer);
    const rounds = loop.cardinality === null ? elements.length : this.#cardinality(loop.cardinality, outer);
    const body = this.run.openScope("body", node, outer);
    this.#setCount(body, "nrOfInstances", rounds);
    this.#setCount(body, "nrOfCompletedInstances", 0);
    this.#setCount(body, "nrOfActiveInstances", loop.sequential ? Math.min(1, rounds) : rounds);
    if (rounds === 0) return this.#end(node, body);
    if (loop.sequential) return this.#round(node, loop, body, 0, elements[0]);
    const scopes = Array.from({ length: rounds }, () => this.run.openScope("loop", node, body));
    for (const [index, scope] of scopes.entries()) {
      // A round that ended the body, by its completion condition, leaves the others unstarted.
      if (body.children.has(scope.id)) this.#round(node, loop, scope, index, elements[index]);
    }
  }

  /** One round has ended inside `scope`: the body when sequential, else the round's own loop scope. */
  progress(node: FlowNode, scope: Scope): void {
    const loop = node.multiInstance;
    const body = scope.kind === "loop" ? scope.parent : scope;
    if (loop === null || body === null) throw new Error(`${node.id} is not multi-instance`);
    const completed = this.#count(body, "nrOfCompletedInstances") + 1;
    const rounds = this.#count(body, "nrOfInstances");
    this.#setCount(body, "nrOfCompletedInstances", completed);
    if (!loop.sequential) this.#setCount(body, "nrOfActiveInstances", this.#count(body, "nrOfActiveInstances") - 1);
    const enough = loop.completionCondition !== null &&
      evaluateCondition(loop.completionCondition, this.run.context(scope));
    if (enough || completed === rounds) this.#end(node, body);
    else if (loop.sequential) {
      // The collection is read anew in each round; the process may have changed it.
      const element = loop.collection === null ? undefined : this.#elements(loop.collection, body)[completed];
      this.#round(node, loop, body, completed, element);
    }
  }

  #round(node: FlowNode, loop: MultiInstance, scope: Scope, index: number, element: ElValue | undefined): void {
    this.#setCount(scope, "loopCounter", index);
    if (loop.elementVariable !== null && element !== undefined) {
      setLocalVariable(this.run, scope, loop.elementVariable, typedValueOfEl(element));
    }
    this.run.execute(node, scope);
  }

  #end(node: FlowNode, body: Scope): void {
    const outer = body.parent;
    this.run.closeScope(body);
    if (outer !== null) this.run.leave(node, outer);
  }

  #cardinality(expression: Expression, scope: Scope): number {
    const cardinality = Number(evaluate(expression, this.run.context(scope)));
    if (Number.isInteger(cardinality) && cardinality >= 0) return cardinality;
    throw processError(`Invalid number of instances: must be non-negative integer value, but was ${cardinality}`);
  }

  #elements(collection: Expression, scope: Scope): readonly ElValue[] {
    const value = evaluate(collection, this.run.context(scope));
    if (isList(value)) return value;
    if (value instanceof JsonNode && Array.isArray(value.value)) return value.value.map((item) => new JsonNode(item));
    throw processError(`Variable '${collection.source}' is not a Collection`);
  }

  #count(body: Scope, name: string): number {
    return Number(body.variables.get(name)?.typed.value ?? 0);
  }

  #setCount(scope: Scope, name: string, value: number): void {
    setLocalVariable(this.run, scope, name, { type: "Integer", value, valueInfo: {} });
  }
}
