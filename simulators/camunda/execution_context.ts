/** What expressions see at a place in an instance. */
import type { ElContext } from "./evaluate.ts";
import type { ProcessInstance, Scope } from "./runtime.ts";
import { findVariable } from "./scope_variables.ts";

export function executionContext(instance: ProcessInstance, scope: Scope, nowMs: number): ElContext {
  return {
    variable: (name) => findVariable(scope, name)?.typed,
    execution: new Map([
      ["id", scope.id],
      ["processInstanceId", instance.id],
      ["processDefinitionId", instance.definition.id],
      ["processBusinessKey", instance.businessKey],
      ["businessKey", instance.businessKey],
      ["tenantId", instance.tenantId],
      ["currentActivityId", scope.node?.id ?? null],
      ["currentActivityName", scope.node?.name ?? null],
    ]),
    nowMs,
  };
}
