/**
 * Fetches external tasks: one long poll for all topics. It says how long to wait after a failure, keeps batches small
 * enough for memory, and goes around tasks that Camunda itself cannot hand out.
 */
import { HttpError } from "../http/http_client.ts";
import { errorText } from "../telemetry/error_text.ts";
import type { Log } from "../telemetry/log.ts";
import { FailureLog } from "../telemetry/repeats.ts";
import { Backoff } from "../time/backoff.ts";
import type { Clock } from "../time/clock.ts";
import { gradeCamundaError } from "./answers.ts";
import type { CamundaSettings } from "./camunda_settings.ts";
import type { CamundaClient } from "./client.ts";
import { narrowPoll } from "./narrow_poll.ts";
import type { LockedTask } from "./types.ts";

export interface TaskFetch {
  readonly topics: readonly string[];
  /** At most this many; a batch of large tasks is smaller. */
  readonly maxTasks: number;
  /** How long Camunda holds a fetch that finds nothing. @default CAMUNDA_ASYNC_TIMEOUT */
  readonly pollMs?: number;
  readonly signal: AbortSignal;
}

export type FetchOutcome =
  | { readonly kind: "tasks"; readonly tasks: readonly LockedTask[] }
  | { readonly kind: "empty" }
  | { readonly kind: "failed"; readonly reason: string; readonly retryInMs: number };

export interface TaskFetcherDeps {
  readonly camunda: CamundaClient;
  readonly clock: Clock;
  readonly log: Log;
  readonly random?: () => number;
}

/** Failed fetches in a row after which a rotten task is searched for; one may be a hiccup. */
const FAILURES_BEFORE_SEARCH = 2;
/** How long a topic is left out whose next task cannot be fetched. */
const TOPIC_REST_MS = 60_000;
/** How long such a task is locked away before it is tried again. */
const TASK_REST_MS = 600_000;
/** Characters of variables that a batch shall not exceed, judged by the one before. */
const BATCH_CHARACTERS = 16_000_000;
/** An engine or a proxy that does not hold polls must not be asked in a tight loop. */
const SHORTEST_EMPTY_POLL_MS = 200;

export class TaskFetcher {
  readonly #backoff: Backoff;
  readonly #failures: FailureLog;
  /** Topics left out, until when (epoch ms). */
  readonly #resting = new Map<string, number>();
  #brokenFetches = 0;
  #tasksPerBatch = Infinity;

  constructor(
    private readonly settings: Pick<CamundaSettings, "CAMUNDA_ASYNC_TIMEOUT" | "CAMUNDA_WORKER_ID">,
    private readonly deps: TaskFetcherDeps,
  ) {
    const { clock, log, random } = deps;
    this.#backoff = new Backoff({ firstMs: 500, capMs: 30_000, ...(random ? { random } : {}) });
    this.#failures = new FailureLog(log, {
      code: "camunda.fetch",
      what: "Camunda gives no tasks",
      now: () => clock.now(),
    });
  }

  /** Never rejects. An aborted fetch is `empty`; what Camunda locked for it meanwhile comes back after the short lock. */
  async fetch(request: TaskFetch): Promise<FetchOutcome> {
    const { clock, camunda } = this.deps;
    const { signal, pollMs = this.settings.CAMUNDA_ASYNC_TIMEOUT } = request;
    const topics = this.#awake(request.topics);
    if (topics.length === 0) return this.#allResting(request.topics);
    const maxTasks = Math.min(request.maxTasks, this.#tasksPerBatch);
    const startedAt = clock.now();
    try {
      const tasks = await camunda.fetchAndLock({ topics, maxTasks, pollMs }, signal);
      this.#brokenFetches = 0;
      this.#succeeded(tasks);
      if (tasks.length > 0) return { kind: "tasks", tasks };
      const paceMs = Math.min(pollMs, SHORTEST_EMPTY_POLL_MS) - (clock.now() - startedAt);
      if (paceMs > 0) await clock.sleep(paceMs, signal);
      return { kind: "empty" };
    } catch (error) {
      if (signal.aborted) return { kind: "empty" };
      if (isTooLarge(error)) this.#tasksPerBatch = Math.max(1, Math.floor(maxTasks / 2));
      if (!isBroken(error) || ++this.#brokenFetches < FAILURES_BEFORE_SEARCH) return this.#failed(error);
      return await this.#search(topics, maxTasks, error, signal);
    }
  }

  async #search(
    topics: readonly string[],
    maxTasks: number,
    cause: unknown,
    signal: AbortSignal,
  ): Promise<FetchOutcome> {
    try {
      const { tasks, offenders } = await narrowPoll(topics, maxTasks, async (some, most) => {
        try {
          return await this.deps.camunda.fetchAndLock({ topics: some, maxTasks: most, pollMs: 0 }, signal);
        } catch (error) {
          if (isBroken(error)) return undefined;
          throw error;
        }
      });
      // If nothing works, it is not one task's fault.
      const general = offenders.length === topics.length && topics.length > 1;
      if (general) return this.#failed(cause);
      for (const topic of offenders) await this.#goAround(topic, cause, signal);
      this.#succeeded(tasks);
      return tasks.length > 0 ? { kind: "tasks", tasks } : { kind: "failed", reason: errorText(cause), retryInMs: 0 };
    } catch (error) {
      return signal.aborted ? { kind: "empty" } : this.#failed(error);
    }
  }

  /** The task at the head of the topic is locked away, so that those behind it can be fetched. */
  async #goAround(topic: string, cause: unknown, signal: AbortSignal): Promise<void> {
    const { camunda, clock, log } = this.deps;
    this.#resting.set(topic, clock.now() + TOPIC_REST_MS);
    try {
      const task = await camunda.nextTask(topic, signal);
      if (task !== undefined) {
        await camunda.lock(task.id, this.settings.CAMUNDA_WORKER_ID, TASK_REST_MS, signal);
        const text = `Camunda cannot hand out this task, it is left alone for ${TASK_REST_MS / 60_000} min: `;
        log.error("camunda.task_unfetchable", `${text}${errorText(cause)}`, { taskId: task.id, topic });
        return;
      }
    } catch (error) {
      if (signal.aborted) return;
      log.debug("camunda.go_around_failed", errorText(error), { topic });
    }
    const text = `Camunda cannot hand out the tasks of ${topic}, it is left out for ${TOPIC_REST_MS / 1000} s: `;
    log.error("camunda.topic_unfetchable", `${text}${errorText(cause)}`, { topic });
  }

  #awake(topics: readonly string[]): readonly string[] {
    const now = this.deps.clock.now();
    for (const [topic, until] of this.#resting) if (until <= now) this.#resting.delete(topic);
    return topics.filter((topic) => !this.#resting.has(topic));
  }

  #allResting(topics: readonly string[]): FetchOutcome {
    const until = Math.min(...topics.map((topic) => this.#resting.get(topic) ?? Infinity));
    const retryInMs = Number.isFinite(until) ? until - this.deps.clock.now() : SHORTEST_EMPTY_POLL_MS;
    return { kind: "failed", reason: `nothing can be fetched of ${topics.join(", ") || "no topics"}`, retryInMs };
  }

  #succeeded(tasks: readonly LockedTask[]): void {
    this.#backoff.reset();
    this.#failures.recovered();
    if (tasks.length === 0) return;
    const perTask = tasks.reduce((sum, task) => sum + charactersOf(task), 0) / tasks.length;
    this.#tasksPerBatch = Math.max(1, Math.floor(BATCH_CHARACTERS / Math.max(1, perTask)));
  }

  #failed(error: unknown): FetchOutcome {
    this.#failures.failed(error);
    return { kind: "failed", reason: errorText(error), retryInMs: this.#backoff.nextMs() };
  }
}

/** Whether Camunda, up and well otherwise, could not answer this fetch: 500 for a reason of its own. */
function isBroken(error: unknown): boolean {
  return gradeCamundaError(error).kind === "process_failed";
}

function isTooLarge(error: unknown): boolean {
  return error instanceof HttpError && error.kind === "too_large";
}

function charactersOf(task: LockedTask): number {
  return Object.values(task.variables).reduce(
    (sum, { value }) => sum + (typeof value === "string" ? value.length : 20),
    0,
  );
}
