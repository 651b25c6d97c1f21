/**
 * Keeps the locks of tasks that are under way: whoever handles their messages renews below half of the lease. A lock that
 * has run out is taken again by the worker id that the message names, since only that one can complete the task.
 */
import type { Log } from "../telemetry/log.ts";
import { errorText } from "../telemetry/error_text.ts";
import type { Clock } from "../time/clock.ts";
import { Semaphore } from "../time/semaphore.ts";
import type { CamundaClient } from "./client.ts";
import { spreadLease } from "./camunda_settings.ts";
import type { ExternalTask } from "./types.ts";

export interface LeaseRenewalOptions {
  /** CAMUNDA_LOCK_DURATION. */
  readonly leaseMs: number;
  /** CAMUNDA_WORKER_ID, for messages that do not say who holds the lock. */
  readonly workerId: string;
  /** Requests under way at once; the engine gets slower, not faster, beyond a handful. @default 8 */
  readonly concurrency?: number;
}

export interface LeaseRenewalDeps {
  readonly camunda: Pick<CamundaClient, "lock">;
  readonly clock: Clock;
  readonly log: Log;
}

/** A task as Camunda shows it, and who holds it according to its message. */
export interface HeldTask {
  readonly task: ExternalTask;
  readonly workerId: string | null;
}

export class LeaseRenewal {
  readonly #slots: Semaphore;

  constructor(private readonly options: LeaseRenewalOptions, private readonly deps: LeaseRenewalDeps) {
    this.#slots = new Semaphore(options.concurrency ?? 8);
  }

  /** Never rejects: after a lease that was missed its task is fetched again, and its object found. */
  async renew(held: readonly HeldTask[], signal: AbortSignal): Promise<void> {
    await Promise.all(
      held.filter(({ task }) => this.#isDue(task)).map((one) => this.#slots.run(() => this.#lock(one, signal))),
    );
  }

  /** With retries 0 an incident waits for a person, and a lock would only hide the task from the retry. */
  #isDue({ retries, lockExpirationTime }: ExternalTask): boolean {
    if (retries === 0) return false;
    const { leaseMs } = this.options;
    const leftMs = lockExpirationTime === null ? 0 : Date.parse(lockExpirationTime) - this.deps.clock.now();
    // More than the longest lease is a lock of the predecessor, a year long; it is brought down when seen.
    return leftMs <= leaseMs / 2 || leftMs > leaseMs * 1.2;
  }

  async #lock({ task, workerId }: HeldTask, signal: AbortSignal): Promise<void> {
    const { leaseMs, workerId: usualWorkerId } = this.options;
    try {
      await this.deps.camunda.lock(task.id, workerId ?? task.workerId ?? usualWorkerId, spreadLease(leaseMs), signal);
    } catch (error) {
      this.deps.log.warn("camunda.lease_missed", errorText(error), { taskId: task.id });
    }
  }
}
