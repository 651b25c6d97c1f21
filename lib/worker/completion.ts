/**
 * Applies one response to Camunda and says what became of it. Camunda's answers are graded in lib/camunda/answers.ts;
 * here stands what each means for a response. Everything can be repeated: a second `complete` finds the task gone.
 */
import { type CamundaGrade, gradeCamundaError } from "../camunda/answers.ts";
import type { CamundaClient } from "../camunda/client.ts";
import { encodeVariable, storableVariable } from "../camunda/variables.ts";
import type { ResponseMessage } from "../messages/response_message.ts";
import type { SetAsideReason } from "../messages/set_aside.ts";
import type { TypedValue, TypedVariables } from "../messages/typed_variables.ts";
import type { Clock } from "../time/clock.ts";
import { mapResponse } from "./response_variables.ts";

export type Applied =
  /** Camunda took it, or had taken it before. */
  | { readonly kind: "completed" | "failed" | "gone"; readonly oddities: readonly string[] }
  /** An answer about this task that may be another one later; counts as an attempt. */
  | { readonly kind: "retry"; readonly reason: SetAsideReason }
  /** Nothing wrong with the response, its time has not come; costs no attempt. */
  | { readonly kind: "wait"; readonly reason: string }
  /** Camunda is down or answers for everybody; says nothing about this task. */
  | { readonly kind: "down"; readonly reason: string }
  /** It will never work. */
  | { readonly kind: "refused"; readonly reason: SetAsideReason };

/** The task a response is about, and who holds its lock, if the response says so. */
export interface AnsweredTask {
  readonly id: string;
  readonly workerId: string | null;
}

interface GivenFailure {
  readonly response: ResponseMessage;
  readonly reason: string;
  readonly retries: number;
}

export interface CompletionOptions {
  /** For responses that do not say who holds the lock; CAMUNDA_WORKER_ID. */
  readonly workerId: string;
  /** CAMUNDA_LOCK_DURATION: how long a lock taken again is held. */
  readonly leaseMs: number;
  /** Whether the engine has Spin: Json variables and long texts need it. */
  readonly jsonVariables: "Json" | "String";
}

/** Retries in place of an optimistic-locking conflict: another branch of the instance was faster, mostly by milliseconds. */
const CONFLICT_DELAYS_MS = [50, 150, 400] as const;

export class Completion {
  constructor(
    private readonly options: CompletionOptions,
    private readonly deps: { readonly camunda: CamundaClient; readonly clock: Clock },
  ) {}

  async apply(response: ResponseMessage, signal: AbortSignal): Promise<Applied> {
    switch (response.processing_status) {
      case "completed":
      case "completed_by_tracker":
        return await this.#complete(response, signal);
      case "failed":
        return await this.#fail(
          { response, reason: reasonIn(response), retries: response.error?.retries ?? 0 },
          signal,
        );
      case "bpmn_error":
        return await this.#bpmnError(response, signal);
      default:
        return {
          kind: "refused",
          reason: {
            type: "unknown_status",
            message:
              `processing_status is "${response.processing_status}"; known are completed, completed_by_tracker, ` +
              "failed and bpmn_error",
          },
        };
    }
  }

  /** The incident of a response that was given up. `gone` when there is no task to attach it to. */
  async raiseIncident(task: AnsweredTask, message: string, signal: AbortSignal): Promise<Applied> {
    return await this.#ask(
      task,
      "failed",
      signal,
      (workerId) =>
        this.deps.camunda.failure(task.id, { workerId, errorMessage: message, retries: 0, retryTimeoutMs: 0 }, signal),
    );
  }

  async #complete(response: ResponseMessage, signal: AbortSignal): Promise<Applied> {
    const { values, oddities } = mapResponse(response);
    const { jsonVariables } = this.options;
    const variables: Record<string, TypedValue> = this.#storable(response.variables);
    for (const [name, value] of values) variables[name] = encodeVariable(name, value, { jsonVariables });
    const task = taskOf(response);
    return await this.#ask(
      task,
      "completed",
      signal,
      (workerId) => this.deps.camunda.complete(task.id, { workerId, variables }, signal),
      oddities,
    );
  }

  #storable(variables: TypedVariables): Record<string, TypedValue> {
    return Object.fromEntries(
      Object.entries(variables).map(([name, typed]) => [name, storableVariable(name, typed, this.options)]),
    );
  }

  async #fail({ response, reason, retries }: GivenFailure, signal: AbortSignal): Promise<Applied> {
    const task = taskOf(response);
    const { details, retry_timeout_ms } = response.error ?? {};
    return await this.#ask(task, "failed", signal, (workerId) =>
      this.deps.camunda.failure(task.id, {
        workerId,
        errorMessage: reason,
        ...(details ? { errorDetails: details } : {}),
        retries,
        // With retries 0 any other time-out would make Cockpit's "increment retries" do nothing until it has passed.
        retryTimeoutMs: retries === 0 ? 0 : retry_timeout_ms ?? 0,
      }, signal));
  }

  /** An error code that the process does not catch would end its execution without a trace: that becomes an incident. */
  async #bpmnError(response: ResponseMessage, signal: AbortSignal): Promise<Applied> {
    const task = taskOf(response);
    const { error, variables, original_message: { metadata } } = response;
    const code = error?.code ?? "";
    const catches = Array.isArray(metadata["errorCatches"]) ? metadata["errorCatches"] : [];
    if (code === "" || !(catches.includes(code) || catches.includes("*"))) {
      const reason = `${reasonIn(response)} (BPMN error "${code}", which the process does not catch)`;
      return await this.#fail({ response, reason, retries: 0 }, signal);
    }
    const request = { errorCode: code, errorMessage: reasonIn(response), variables: this.#storable(variables) };
    return await this.#ask(
      task,
      "failed",
      signal,
      (workerId) => this.deps.camunda.bpmnError(task.id, { workerId, ...request }, signal),
    );
  }

  /** Asks Camunda, again where that helps at once, and grades what it finally says. */
  async #ask(
    { id: taskId, workerId: workerIdOfMessage }: AnsweredTask,
    success: "completed" | "failed",
    signal: AbortSignal,
    request: (workerId: string) => Promise<void>,
    oddities: readonly string[] = [],
  ): Promise<Applied> {
    const workerId = workerIdOfMessage ?? this.options.workerId;
    let relocked = false;
    for (let conflicts = 0;;) {
      try {
        await request(workerId);
        return { kind: success, oddities };
      } catch (error) {
        const grade = gradeCamundaError(error);
        switch (grade.kind) {
          case "gone":
            return { kind: "gone", oddities };
          case "conflict": {
            const delayMs = CONFLICT_DELAYS_MS[conflicts++];
            if (delayMs === undefined) return { kind: "retry", reason: reasonOf("conflict", grade) };
            await this.deps.clock.sleep(delayMs, signal);
            break;
          }
          case "other_worker":
            // An expired or unlocked lock can be taken again by its worker; a live one of somebody else cannot.
            if (relocked || !(await this.#relock(taskId, workerId, signal))) {
              return { kind: "wait", reason: grade.reason };
            }
            relocked = true;
            break;
          case "suspended":
            await this.#relock(taskId, workerId, signal);
            return { kind: "wait", reason: grade.reason };
          case "process_failed":
            return { kind: "retry", reason: reasonOf("camunda_internal_error", grade) };
          case "permanent":
            return { kind: "refused", reason: reasonOf("unexpected_http_status", grade) };
          case "dependency_wrong":
          case "unavailable":
          case "overloaded":
            return { kind: "down", reason: grade.reason };
        }
      }
    }
  }

  async #relock(taskId: string, workerId: string, signal: AbortSignal): Promise<boolean> {
    try {
      await this.deps.camunda.lock(taskId, workerId, this.options.leaseMs, signal);
      return true;
    } catch {
      // Why does not matter: the response waits, and the next attempt meets the same answer again.
      return false;
    }
  }
}

function taskOf({ original_message: { task_id, worker_id } }: ResponseMessage): AnsweredTask {
  return { id: task_id, workerId: worker_id };
}

function reasonIn({ error }: ResponseMessage): string {
  return error?.message ?? "The task failed without a reason";
}

function reasonOf(type: string, grade: CamundaGrade): SetAsideReason {
  return { type, message: grade.reason, ...grade.answer };
}
