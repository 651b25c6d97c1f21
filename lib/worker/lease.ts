/**
 * The lease: after the confirm the short hand-over lock becomes long enough for people to work. If a message is ever lost
 * outside our reach, its task comes back when the lease ends.
 */
import { spreadLease } from "../camunda/camunda_settings.ts";
import type { CamundaClient } from "../camunda/client.ts";
import { gradeCamundaError } from "../camunda/answers.ts";
import type { LockedTask } from "../camunda/types.ts";
import type { Log } from "../telemetry/log.ts";
import { Backoff } from "../time/backoff.ts";
import type { Clock } from "../time/clock.ts";
import { Semaphore } from "../time/semaphore.ts";

export interface LeaseOptions {
  /** CAMUNDA_LOCK_DURATION; each lease is a little longer or shorter. */
  readonly leaseMs: number;
  /** Requests under way at once; the engine gets slower, not faster, beyond a handful. @default 8 */
  readonly concurrency?: number;
}

export class Lease {
  readonly #slots: Semaphore;
  constructor(
    private readonly options: LeaseOptions,
    private readonly deps: {
      readonly camunda: CamundaClient;
      readonly clock: Clock;
      readonly log: Log;
      readonly random?: () => number;
    },
  ) {
    this.#slots = new Semaphore(options.concurrency ?? 8);
  }

  /** Tries until the hand-over lock ends (`lockedUntil`, epoch ms): after that the task is simply fetched again. Never rejects. */
  async extend(task: LockedTask, lockedUntil: number, force: AbortSignal): Promise<void> {
    const backoff = new Backoff({ firstMs: 200, capMs: 10_000 });
    for (let attempt = 1;; attempt++) {
      try {
        const leaseMs = spreadLease(this.options.leaseMs, this.deps.random);
        await this.#slots.run(() => this.deps.camunda.extendLock(task.id, task.workerId, leaseMs));
        return;
      } catch (error) {
        const grade = gradeCamundaError(error);
        // Cancelled while it was handed over: whoever handles the message finds out and drops it.
        if (grade.kind === "gone") return;
        const waitMs = backoff.nextMs();
        const lastChance = this.deps.clock.now() + waitMs >= lockedUntil;
        if (lastChance || grade.kind === "other_worker") {
          this.deps.log.warn("worker.lease_missed", `The task will be published again and collapsed: ${grade.reason}`, {
            taskId: task.id,
            attempt,
          });
          return;
        }
        const stopped = await this.deps.clock.sleep(waitMs, force).then(() => false, () => true);
        if (stopped) return;
      }
    }
  }
}
