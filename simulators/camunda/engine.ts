/** The commands of the engine, each one a transaction: start an instance, handle an external task, suspend, delete. */
import type { Clock } from "../../lib/time/clock.ts";
import { DefinitionStore } from "./definition_store.ts";
import { EngineError, missingValue, notFound, processError } from "./engine_error.ts";
import { throwError, triggerEvent } from "./event_catching.ts";
import { fetchAndLock, type FetchRequest, type LockedTask } from "./fetch_and_lock.ts";
import { type Handling, Ledger } from "./ledger.ts";
import { instanceFaults, migrateInstance, type MigrationInstruction } from "./migration.ts";
import { ProcessRun } from "./process_run.ts";
import type { ExternalTask, Incident, ProcessDefinition, ProcessInstance, Scope } from "./runtime.ts";
import { definitionSuspended, taskSuspended } from "./runtime.ts";
import { setLocalVariable, setVariable } from "./scope_variables.ts";
import { TaskQueue } from "./task_queue.ts";
import { Transaction } from "./transaction.ts";
import type { TypedValue } from "./variables.ts";

export type Variables = Readonly<Record<string, TypedValue>>;

export interface StartRequest {
  readonly businessKey: string | null;
  readonly variables: Variables;
}

export interface Migration {
  readonly source: ProcessDefinition;
  readonly target: ProcessDefinition;
  readonly instructions: readonly MigrationInstruction[];
}

export interface Failure {
  readonly errorMessage: string | null;
  readonly errorDetails: string | null;
  readonly retries: number;
  readonly retryTimeoutMs: number;
}

export class Engine {
  readonly definitions = new DefinitionStore();
  /** Running and ended ones: history answers from here too. */
  readonly instances = new Map<string, ProcessInstance>();
  readonly tasks = new Map<string, ExternalTask>();
  readonly ledger = new Ledger();
  readonly #queue = new TaskQueue();
  #sequence = 0;

  /** `onFetchable` is called after a task was created, unlocked or given retries: parked polls look again. */
  constructor(private readonly clock: Clock, private readonly onFetchable: () => void) {}

  get nowMs(): number {
    return this.clock.now();
  }

  start(definition: ProcessDefinition, { businessKey, variables }: StartRequest): ProcessInstance {
    if (definitionSuspended(definition, this.nowMs)) {
      throw processError(`ENGINE-03043 Process Definition with id '${definition.id}' is suspended.`);
    }
    const id = crypto.randomUUID();
    const root: Scope = {
      id,
      activityInstanceId: id,
      kind: "process",
      parent: null,
      node: null,
      variables: new Map(),
      children: new Map(),
      joins: new Map(),
      tokens: 0,
      eventSubProcess: null,
    };
    const instance: ProcessInstance = {
      id,
      definition,
      businessKey,
      tenantId: definition.tenantId,
      startedAtMs: this.nowMs,
      startActivityId: definition.model.body.start?.id ?? "",
      root,
      variables: new Map(),
      tasks: new Map(),
      incidents: new Map(),
      state: "ACTIVE",
      endedAtMs: null,
      deleteReason: null,
    };
    this.#transact(instance, (run) => {
      run.tx.put(this.instances, id, instance);
      for (const [name, typed] of Object.entries(variables)) setLocalVariable(run, root, name, typed);
      run.start();
    });
    return instance;
  }

  fetchAndLock(request: FetchRequest): LockedTask[] {
    const locked = fetchAndLock(request, this.#queue, this.nowMs);
    for (const { task } of locked) {
      this.#queue.refresh(task, this.nowMs);
      this.ledger.note(task, "fetched");
    }
    return locked;
  }

  complete(taskId: string, workerId: string | null, variables: Variables, localVariables: Variables): void {
    const task = this.#heldTask(
      taskId,
      workerId,
      (id, by) => `External Task ${id} cannot be completed by worker '${by}`,
    );
    this.#handle(task, "completed", (run) => {
      this.#setVariables(run, task, variables, localVariables);
      run.finish(task.scope);
    });
  }

  bpmnError(
    taskId: string,
    workerId: string | null,
    code: string | null,
    message: string | null,
    variables: Variables,
  ) {
    if (code === null) throw missingValue("errorCode is null");
    const refusal = (id: string, by: string) => `Bpmn error of External Task ${id} cannot be reported by worker '${by}`;
    const task = this.#heldTask(taskId, workerId, refusal);
    this.#handle(task, "bpmnErrors", (run) => {
      this.#setVariables(run, task, variables, {});
      throwError(run, code, message, task.scope);
      run.settle();
    });
  }

  fail(
    taskId: string,
    workerId: string | null,
    failure: Failure,
    variables: Variables,
    localVariables: Variables,
  ): void {
    if (failure.retries < 0) throw processError("retries is not greater than or equal to 0");
    if (failure.retryTimeoutMs < 0) throw processError("retryDuration is not greater than or equal to 0");
    const refusal = (id: string, by: string) => `Failure of External Task ${id} cannot be reported by worker '${by}`;
    const task = this.#heldTask(taskId, workerId, refusal);
    this.#handle(task, "failed", (run) => {
      this.#setVariables(run, task, variables, localVariables);
      run.tx.assign(task, {
        errorMessage: failure.errorMessage?.slice(0, 666) ?? null, // ExternalTaskEntity.MAX_EXCEPTION_MESSAGE_LENGTH
        errorDetails: failure.errorDetails ?? task.errorDetails, // details of an earlier failure stay
        lockExpiresAtMs: run.nowMs + failure.retryTimeoutMs, // the worker keeps it: nobody fetches it before
      });
      this.#setRetries(run, task, failure.retries);
    });
  }

  setRetries(taskId: string, retries: number): void {
    const message = "The number of retries cannot be negative: retries is not greater than or equal to 0";
    if (retries < 0) throw new EngineError(400, "BadUserRequestException", message);
    const task = this.#task(taskId);
    this.#transact(task.instance, (run) => this.#setRetries(run, task, retries));
  }

  extendLock(taskId: string, workerId: string | null, durationMs: number): void {
    if (durationMs <= 0) throw badRequest("lockTime is not greater than 0");
    // The engine's message really has the apostrophe twice.
    const refusal = (id: string, by: string) =>
      `The lock of the External Task ${id} cannot be extended by worker '${by}'`;
    const task = this.#heldTask(taskId, workerId, refusal);
    if (taskSuspended(task)) throw suspended(task);
    const now = this.nowMs;
    if (task.lockExpiresAtMs !== null && task.lockExpiresAtMs < now) {
      throw badRequest(`Cannot extend a lock that expired: lockExpirationTime is not greater than or equal to ${now}`);
    }
    this.#setLock(task, task.workerId, now + durationMs);
  }

  lock(taskId: string, workerId: string | null, durationMs: number): void {
    if (workerId === null) throw missingValue("workerId is null");
    if (durationMs <= 0) throw badRequest("lockDuration is not greater than 0");
    const task = this.#task(taskId);
    const held = task.lockExpiresAtMs !== null && task.lockExpiresAtMs > this.nowMs;
    if (held && task.workerId !== workerId) {
      throw badRequest(
        `External Task ${taskId} cannot be locked by worker '${workerId}'. It is locked by worker '${task.workerId}'.`,
      );
    }
    this.#setLock(task, workerId, this.nowMs + durationMs);
  }

  unlock(taskId: string): void {
    this.#setLock(this.#task(taskId), null, null);
    this.onFetchable();
  }

  /** An unknown instance is no error: the engine updates what matches, which is nothing. */
  setSuspended(instanceId: string, value: boolean): void {
    const instance = this.instances.get(instanceId);
    if (instance === undefined || instance.endedAtMs !== null) return;
    this.#transact(instance, (run) => {
      run.tx.assign(instance, { state: value ? "SUSPENDED" : "ACTIVE" });
      for (const task of instance.tasks.values()) run.tx.touchedTasks.add(task);
    });
  }

  /** Running instances go on unless they are included. */
  setDefinitionSuspended(definition: ProcessDefinition, value: boolean, includeInstances: boolean): void {
    definition.suspension = value ? { activateAtMs: null } : null;
    if (!includeInstances) return;
    for (const instance of this.instances.values()) {
      if (instance.definition === definition) this.setSuspended(instance.id, value);
    }
  }

  /** All of these instances, or none. */
  migrate({ source, target, instructions }: Migration, instanceIds: readonly string[]): void {
    const instances = instanceIds.map((id) => {
      const instance = this.instances.get(id);
      if (instance === undefined || instance.endedAtMs !== null) {
        throw processError(
          `ENGINE-23003 Process instance '${id}' cannot be migrated. The process instance does not exist`,
        );
      }
      if (instance.definition === source) return instance;
      throw processError(
        `ENGINE-23002 Process instance '${id}' cannot be migrated. Its process definition '${instance.definition.id}' ` +
          `does not match the source process definition of the migration plan '${source.id}'`,
      );
    });
    for (const instance of instances) {
      const faults = instanceFaults(instance, instructions).map((id) =>
        `\tCannot migrate activity instance '${id}':\n\t\tThere is no migration instruction for this instance's activity\n`
      );
      if (faults.length === 0) continue;
      const message = `ENGINE-23004 Cannot migrate process instance '${instance.id}':\n${faults.join("")}`;
      throw new EngineError(400, "MigratingProcessInstanceValidationException", message);
    }
    for (const instance of instances) {
      this.#transact(instance, ({ tx }) => migrateInstance(instance, target, instructions, tx));
    }
  }

  deleteInstance(instanceId: string): void {
    const instance = this.instances.get(instanceId);
    if (instance === undefined || instance.endedAtMs !== null) {
      const message = `No process instance found for id '${instanceId}': processInstance is null`;
      throw new EngineError(404, "InvalidRequestException", message);
    }
    this.#transact(instance, (run) => run.endInstance("EXTERNALLY_TERMINATED", null));
  }

  /** Deletes a deployment with its instances and their history. */
  undeploy(deploymentId: string): void {
    const definitions = this.definitions.undeploy(deploymentId);
    if (definitions === undefined) throw notFound(`Deployment with id '${deploymentId}' do not exist`);
    for (const instance of this.instances.values()) {
      if (!definitions.includes(instance.definition)) continue;
      if (instance.endedAtMs === null) this.deleteInstance(instance.id);
      this.instances.delete(instance.id);
    }
  }

  setInstanceVariable(instance: ProcessInstance, name: string, typed: TypedValue): void {
    this.#transact(instance, (run) => setVariable(run, instance.root, name, typed));
  }

  /** False when nothing waits at this activity. */
  trigger(instanceId: string, activityId: string): boolean {
    const instance = this.instances.get(instanceId);
    return instance !== undefined && this.#transact(instance, (run) => triggerEvent(run, activityId));
  }

  #transact<T>(instance: ProcessInstance, act: (run: ProcessRun) => T): T {
    const tx = new Transaction();
    const sequenceBefore = this.#sequence;
    const run = new ProcessRun(instance, tx, { nowMs: this.nowMs, nextSequence: () => ++this.#sequence });
    let result: T;
    try {
      result = act(run);
    } catch (error) {
      tx.rollback();
      this.#sequence = sequenceBefore;
      throw error;
    }
    for (const task of tx.touchedTasks) {
      if (task.ended) this.tasks.delete(task.id);
      else this.tasks.set(task.id, task);
      this.#queue.refresh(task, run.nowMs);
    }
    if (tx.touchedTasks.size > 0) this.onFetchable();
    return result;
  }

  #handle(task: ExternalTask, handling: Handling, act: (run: ProcessRun) => void): void {
    if (taskSuspended(task)) throw suspended(task);
    this.#transact(task.instance, act);
    this.ledger.note(task, handling);
  }

  #setVariables(run: ProcessRun, task: ExternalTask, variables: Variables, localVariables: Variables): void {
    for (const [name, typed] of Object.entries(variables)) setVariable(run, task.scope, name, typed);
    for (const [name, typed] of Object.entries(localVariables)) setLocalVariable(run, task.scope, name, typed);
  }

  #setRetries(run: ProcessRun, task: ExternalTask, retries: number): void {
    const { incidents } = task.instance;
    const hadRetries = task.retries === null || task.retries > 0;
    run.tx.assign(task, { retries });
    run.tx.touchedTasks.add(task);
    if (hadRetries && retries === 0) {
      const incident: Incident = {
        id: crypto.randomUUID(),
        task,
        createdAtMs: run.nowMs,
        message: task.errorMessage,
      };
      run.tx.put(incidents, incident.id, incident);
    } else if (!hadRetries && retries > 0) {
      for (const incident of [...incidents.values()]) {
        if (incident.task === task) run.tx.drop(incidents, incident.id);
      }
    }
  }

  #setLock(task: ExternalTask, workerId: string | null, lockExpiresAtMs: number | null): void {
    task.workerId = workerId;
    task.lockExpiresAtMs = lockExpiresAtMs;
    this.#queue.refresh(task, this.nowMs);
  }

  #task(taskId: string): ExternalTask {
    const task = this.tasks.get(taskId);
    if (task === undefined) {
      throw new EngineError(404, "RestException", `External task with id ${taskId} does not exist`);
    }
    return task;
  }

  /** The worker id is all that counts, an expired lock does not matter (HandleExternalTaskCmd). */
  #heldTask(
    taskId: string,
    workerId: string | null,
    refusal: (taskId: string, workerId: string) => string,
  ): ExternalTask {
    if (workerId === null) throw missingValue("workerId is null");
    const task = this.#task(taskId);
    if (task.workerId === workerId) return task;
    throw badRequest(`${refusal(taskId, workerId)}'. It is locked by worker '${task.workerId}'.`);
  }
}

function badRequest(message: string): EngineError {
  return new EngineError(400, "RestException", message);
}

function suspended(task: ExternalTask): EngineError {
  return badRequest(`ENGINE-03043 ExternalTask with id '${task.id}' is suspended.`);
}
