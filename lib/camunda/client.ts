/** The calls of Camunda's REST API that Exchanger makes, typed. None is repeated here: what an error means is in `answers.ts`. */
import { z } from "zod";
import type { HttpClient } from "../http/http_client.ts";
import { type TypedValue, typedValue, type TypedVariables } from "../messages/typed_variables.ts";
import type { Log } from "../telemetry/log.ts";
import { CamundaError } from "./camunda_error.ts";
import type { CamundaSettings } from "./camunda_settings.ts";
import { pagesOf } from "./pages.ts";
import { CamundaRest } from "./rest.ts";
import { type ExternalTask, externalTask, type LockedTask, lockedTask } from "./types.ts";

export { CamundaError } from "./camunda_error.ts";
export type { ExternalTask, LockedTask } from "./types.ts";

export interface FetchAndLock {
  readonly topics: readonly string[];
  readonly maxTasks: number;
  /** How long Camunda holds the call when there is nothing to fetch; 0 answers at once. */
  readonly pollMs: number;
}

export interface Completion {
  readonly workerId: string;
  readonly variables?: TypedVariables;
  readonly localVariables?: TypedVariables;
}

export interface Failure {
  readonly workerId: string;
  /** Camunda keeps the first 666 characters. */
  readonly errorMessage: string;
  readonly errorDetails?: string;
  /** 0 raises an incident. Always sent: a missing one counts as 0. */
  readonly retries: number;
  /** With `retries` 0 it must be 0, or the retry of Cockpit does nothing until it has passed. */
  readonly retryTimeoutMs: number;
}

export interface BpmnError {
  readonly workerId: string;
  readonly errorCode: string;
  readonly errorMessage?: string;
  readonly variables?: TypedVariables;
}

/** Ids in one query; 500 take about 100 ms. */
const IDS_PER_QUERY = 500;

const variableInstances = z.array(z.object({
  ...typedValue.shape,
  name: z.string(),
  processInstanceId: z.string().nullish(),
  executionId: z.string().nullish(),
  taskId: z.string().nullish(),
}));

const endedTaskLog = z.array(z.object({ successLog: z.boolean().nullish(), deletionLog: z.boolean().nullish() }));

export class CamundaClient {
  /** For calls that have no method here; see `deployment.ts`. */
  readonly rest: CamundaRest;

  constructor(
    private readonly settings: CamundaSettings,
    deps: { readonly log: Log; readonly http?: HttpClient },
  ) {
    this.rest = new CamundaRest(settings, deps);
  }

  /** Ends when there are tasks, or after `pollMs`. Fewer than `maxTasks` does not mean that there are no more. */
  async fetchAndLock(request: FetchAndLock, signal?: AbortSignal): Promise<LockedTask[]> {
    const { CAMUNDA_TENANT_ID: tenantId, CAMUNDA_FETCH_LOCK_DURATION: lockDuration } = this.settings;
    return await this.rest.read(z.array(lockedTask), {
      method: "POST",
      path: "/external-task/fetchAndLock",
      timeoutMs: request.pollMs + this.settings.CAMUNDA_TIMEOUT_DELTA,
      signal,
      json: {
        workerId: this.settings.CAMUNDA_WORKER_ID,
        maxTasks: request.maxTasks,
        usePriority: true,
        sorting: [{ sortBy: "createTime", sortOrder: "asc" }],
        ...(request.pollMs === 0 ? {} : { asyncResponseTimeout: request.pollMs }),
        topics: request.topics.map((topicName) => ({
          topicName,
          lockDuration,
          // One Object of a class that the engine does not know would answer 500 for every topic.
          deserializeValues: false,
          includeExtensionProperties: true,
          ...(tenantId === undefined ? {} : { tenantIdIn: [tenantId] }),
        })),
      },
    });
  }

  /** Succeeds also after the lock has expired, if nobody else took the task: HandleExternalTaskCmd checks only the worker. */
  async complete(
    taskId: string,
    { workerId, variables, localVariables }: Completion,
    signal?: AbortSignal,
  ): Promise<void> {
    await this.#handle(taskId, "complete", { workerId, variables, localVariables }, signal);
  }

  async failure(taskId: string, failure: Failure, signal?: AbortSignal): Promise<void> {
    const { retryTimeoutMs: retryTimeout, ...rest } = failure;
    await this.#handle(taskId, "failure", { ...rest, retryTimeout }, signal);
  }

  /** A code that the process does not catch ends its execution without an incident. */
  async bpmnError(taskId: string, error: BpmnError, signal?: AbortSignal): Promise<void> {
    await this.#handle(taskId, "bpmnError", { ...error }, signal);
  }

  /** From now on; refused once the lock has expired, when {@link lock} helps. */
  async extendLock(taskId: string, workerId: string, durationMs: number, signal?: AbortSignal): Promise<void> {
    await this.#handle(taskId, "extendLock", { workerId, newDuration: durationMs }, signal);
  }

  /** Takes a task that nobody holds, or that this worker holds or held, also one of a suspended instance. */
  async lock(taskId: string, workerId: string, durationMs: number, signal?: AbortSignal): Promise<void> {
    await this.#handle(taskId, "lock", { workerId, lockDuration: durationMs }, signal);
  }

  /** Whoever holds it. */
  async unlock(taskId: string, signal?: AbortSignal): Promise<void> {
    await this.#handle(taskId, "unlock", {}, signal);
  }

  /** Raising it from 0 ends the incident. */
  async setRetries(taskId: string, retries: number, signal?: AbortSignal): Promise<void> {
    const path = `/external-task/${encodeURIComponent(taskId)}/retries`;
    await this.rest.run({ method: "PUT", path, json: { retries }, signal });
  }

  async externalTask(taskId: string, signal?: AbortSignal): Promise<ExternalTask | undefined> {
    try {
      const path = `/external-task/${encodeURIComponent(taskId)}`;
      return await this.rest.read(externalTask, { method: "GET", path, signal });
    } catch (error) {
      // Any other 404 is not Camunda's.
      if (error instanceof CamundaError && error.status === 404 && error.camundaMessage?.includes(taskId)) {
        return undefined;
      }
      throw error;
    }
  }

  /** Those of these tasks that exist, by id. */
  async externalTasks(
    filter: { readonly externalTaskIdIn: readonly string[] },
    signal?: AbortSignal,
  ): Promise<Map<string, ExternalTask>> {
    const found = new Map<string, ExternalTask>();
    for (const ids of chunks([...new Set(filter.externalTaskIdIn)], IDS_PER_QUERY)) {
      const tasks = await this.rest.read(z.array(externalTask), {
        method: "POST",
        path: "/external-task",
        query: { maxResults: ids.length },
        json: { externalTaskIdIn: ids },
        signal,
      });
      for (const task of tasks) found.set(task.id, task);
    }
    return found;
  }

  /** The task that a fetch of this topic would take first. */
  async nextTask(topic: string, signal?: AbortSignal): Promise<ExternalTask | undefined> {
    const { CAMUNDA_TENANT_ID: tenantId } = this.settings;
    const [first] = await this.rest.read(z.array(externalTask), {
      method: "POST",
      path: "/external-task",
      query: { maxResults: 1 },
      json: {
        topicName: topic,
        notLocked: true,
        active: true,
        withRetriesLeft: true,
        ...(tenantId === undefined ? {} : { tenantIdIn: [tenantId] }),
        sorting: [{ sortBy: "taskPriority", sortOrder: "desc" }, { sortBy: "createTime", sortOrder: "asc" }],
      },
      signal,
    });
    return first;
  }

  /** Each instance's own variables, without those of its inner scopes. Instances that have none are absent. */
  async processVariables(instanceIds: readonly string[], signal?: AbortSignal): Promise<Map<string, TypedVariables>> {
    const found = new Map<string, Record<string, TypedValue>>();
    for (const ids of chunks([...new Set(instanceIds)], IDS_PER_QUERY)) {
      const pages = pagesOf((page) =>
        this.rest.read(variableInstances, {
          method: "POST",
          path: "/variable-instance",
          query: { deserializeValues: false, ...page },
          json: {
            processInstanceIdIn: ids,
            // Pages need a total order, and a name stands once in every scope.
            sorting: [
              { sortBy: "variableName", sortOrder: "asc" },
              { sortBy: "activityInstanceId", sortOrder: "asc" },
            ],
          },
          signal,
        })
      );
      for await (const rows of pages) {
        for (const { name, processInstanceId, executionId, taskId, ...value } of rows) {
          if (!processInstanceId || executionId !== processInstanceId || taskId) continue;
          const variables = found.get(processInstanceId) ?? {};
          variables[name] = value;
          found.set(processInstanceId, variables);
        }
      }
    }
    return found;
  }

  async processDefinitionXml(definitionId: string, signal?: AbortSignal): Promise<string> {
    const path = `/process-definition/${encodeURIComponent(definitionId)}/xml`;
    return (await this.rest.read(z.object({ bpmn20Xml: z.string() }), { method: "GET", path, signal })).bpmn20Xml;
  }

  /** Topics of the external tasks there are now. */
  async topicNames(signal?: AbortSignal): Promise<string[]> {
    return await this.rest.read(z.array(z.string()), { method: "GET", path: "/external-task/topic-names", signal });
  }

  /** What became of a task that is gone, as far as the engine keeps a history. */
  async endOfTask(taskId: string, signal?: AbortSignal): Promise<"completed" | "cancelled" | "unknown"> {
    const log = await this.rest.read(endedTaskLog, {
      method: "GET",
      path: "/history/external-task-log",
      query: { externalTaskId: taskId, sortBy: "timestamp", sortOrder: "desc", maxResults: 10 },
      signal,
    });
    if (log.some((entry) => entry.successLog)) return "completed";
    return log.some((entry) => entry.deletionLog) ? "cancelled" : "unknown";
  }

  /** Such as `7.24.0`. */
  async version(signal?: AbortSignal): Promise<string> {
    return (await this.rest.read(z.object({ version: z.string() }), { method: "GET", path: "/version", signal }))
      .version;
  }

  close(): void {
    this.rest.close();
  }

  async #handle(taskId: string, action: string, json: object, signal?: AbortSignal): Promise<void> {
    const path = `/external-task/${encodeURIComponent(taskId)}/${action}`;
    await this.rest.run({ method: "POST", path, json, signal });
  }
}

function* chunks<T>(items: readonly T[], size: number): Iterable<readonly T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}
