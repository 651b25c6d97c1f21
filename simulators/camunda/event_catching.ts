/** Boundary events and event sub-processes: how errors find who catches them, and how a test triggers what waits. */
import type { ErrorCatch, EventSubProcess, FlowNode } from "./process_graph.ts";
import type { ProcessRun } from "./process_run.ts";
import type { ProcessInstance, Scope } from "./runtime.ts";
import { setVariable } from "./scope_variables.ts";
import { typedValueFrom } from "./variables.ts";

interface Catcher {
  readonly error: ErrorCatch;
  readonly catch: () => Scope;
}

/**
 * Hands an error to the nearest catcher of its code, walking outwards. Uncaught, the branch ends without an incident
 * (BpmnExceptionHandler; `enableExceptionsAfterUnhandledBpmnError` is off by default).
 */
export function throwError(run: ProcessRun, code: string, message: string | null, from: Scope): void {
  for (let scope: Scope | null = from; scope !== null; scope = scope.parent) {
    const catcher = nearest([...eventSubProcessCatchers(run, scope, from), ...boundaryCatchers(run, scope)], code);
    if (catcher === undefined) continue;
    const target = catcher.catch();
    const { codeVariable, messageVariable } = catcher.error;
    if (codeVariable !== null) setVariable(run, target, codeVariable, typedValueFrom({ value: code, type: "String" }));
    if (messageVariable !== null) {
      setVariable(run, target, messageVariable, typedValueFrom({ value: message, type: "String" }));
    }
    return;
  }
  run.abandon(from);
}

/** A catcher of this very code comes before one of any code. */
function nearest(catchers: readonly Catcher[], code: string): Catcher | undefined {
  return catchers.find(({ error }) => error.code === code) ?? catchers.find(({ error }) => error.code === null);
}

function boundaryCatchers(run: ProcessRun, scope: Scope): Catcher[] {
  const { node, parent } = scope;
  // Boundary events of a multi-instance activity sit on its body.
  if (node === null || parent === null || parent.node === node) return [];
  return node.boundaryEvents.flatMap((event) =>
    event.error === null ? [] : [{ error: event.error, catch: () => interrupt(run, scope, parent, event.node) }]
  );
}

function eventSubProcessCatchers(run: ProcessRun, scope: Scope, from: Scope): Catcher[] {
  const running = new Set<EventSubProcess>();
  for (let at: Scope | null = from; at !== null && at !== scope; at = at.parent) {
    if (at.eventSubProcess !== null) running.add(at.eventSubProcess);
  }
  return bodyOf(run.instance, scope)?.eventSubProcesses.flatMap((eventSubProcess) =>
    eventSubProcess.error === null || running.has(eventSubProcess)
      ? [] // it does not catch what it throws itself
      : [{ error: eventSubProcess.error, catch: () => startEventSubProcess(run, scope, eventSubProcess) }]
  ) ?? [];
}

function interrupt(run: ProcessRun, host: Scope, parent: Scope, event: FlowNode): Scope {
  run.closeScope(host);
  run.enter(event, parent);
  return parent;
}

function startEventSubProcess(run: ProcessRun, scope: Scope, eventSubProcess: EventSubProcess): Scope {
  const { node, interrupting } = eventSubProcess;
  if (node.behavior.kind !== "subProcess" || node.behavior.body.start === null) return scope;
  if (interrupting) run.clearScope(scope);
  run.tx.assign(scope, { tokens: scope.tokens + 1 });
  const started = run.openScope("activity", node, scope, eventSubProcess);
  run.tx.assign(started, { tokens: 1 });
  run.enter(node.behavior.body.start, started);
  return started;
}

/**
 * Lets a waiting event happen: a user or receive task, a timer or message event, a boundary event, an event behind an
 * event-based gateway, or the start of an event sub-process. False when nothing waits there.
 */
export function triggerEvent(run: ProcessRun, activityId: string): boolean {
  const triggered = triggerIn(run, run.instance.root, activityId);
  run.settle();
  return triggered;
}

function triggerIn(run: ProcessRun, scope: Scope, activityId: string): boolean {
  const { node, parent } = scope;
  if (node !== null && parent !== null) {
    if (node.id === activityId && node.behavior.kind === "wait") {
      run.complete(scope);
      return true;
    }
    const boundary = parent.node === node
      ? undefined
      : node.boundaryEvents.find((event) => event.node.id === activityId);
    if (boundary !== undefined) {
      if (boundary.interrupting) interrupt(run, scope, parent, boundary.node);
      else {
        run.tx.assign(parent, { tokens: parent.tokens + 1 });
        run.enter(boundary.node, parent);
      }
      return true;
    }
    const awaited = node.outgoing.find((flow) => flow.target.id === activityId);
    if (node.behavior.kind === "eventGateway" && awaited !== undefined) {
      run.closeScope(scope);
      run.leave(awaited.target, parent);
      return true;
    }
  }
  const eventSubProcess = bodyOf(run.instance, scope)?.eventSubProcesses
    .find(({ startEventId }) => startEventId === activityId);
  if (eventSubProcess !== undefined) {
    startEventSubProcess(run, scope, eventSubProcess);
    return true;
  }
  return [...scope.children.values()].some((child) => triggerIn(run, child, activityId));
}

function bodyOf(instance: ProcessInstance, scope: Scope) {
  if (scope.node === null) return instance.definition.model.body;
  const { behavior } = scope.node;
  // The body of a multi-instance sub-process is only in its innermost scope.
  return behavior.kind === "subProcess" && scope.kind === "activity" ? behavior.body : undefined;
}
