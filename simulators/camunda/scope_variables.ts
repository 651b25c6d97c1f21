/** Variables along the scopes: the inner one hides the outer one, and an unknown name is written to the process. */
import type { ProcessInstance, Scope, Variable } from "./runtime.ts";
import type { Transaction } from "./transaction.ts";
import type { TypedValue } from "./variables.ts";

export function findVariable(scope: Scope, name: string): Variable | undefined {
  for (let at: Scope | null = scope; at !== null; at = at.parent) {
    const variable = at.variables.get(name);
    if (variable !== undefined) return variable;
  }
  return undefined;
}

/** All variables visible from a scope; of those with the same name the innermost. */
export function visibleVariables(scope: Scope): Map<string, Variable> {
  const visible = new Map<string, Variable>();
  for (let at: Scope | null = scope; at !== null; at = at.parent) {
    for (const [name, variable] of at.variables) if (!visible.has(name)) visible.set(name, variable);
  }
  return visible;
}

export interface VariableWrite {
  readonly tx: Transaction;
  readonly instance: ProcessInstance;
  readonly nowMs: number;
}

/** Changes the variable where it lives; a new one becomes a variable of the process. */
export function setVariable(write: VariableWrite, scope: Scope, name: string, typed: TypedValue): void {
  const existing = findVariable(scope, name);
  setLocalVariable(write, existing?.scope ?? write.instance.root, name, typed);
}

export function setLocalVariable(write: VariableWrite, scope: Scope, name: string, typed: TypedValue): void {
  const existing = scope.variables.get(name);
  if (existing !== undefined) {
    write.tx.assign(existing, { typed });
    return;
  }
  const variable: Variable = { id: crypto.randomUUID(), name, scope, createdAtMs: write.nowMs, typed };
  write.tx.put(scope.variables, name, variable);
  write.tx.put(write.instance.variables, variable.id, variable);
}
