/**
 * Tasks that were finished lately, so that one which a person opens again is noticed: its process went on and will not look
 * at it any more. Kept in memory alone; after a restart only those finished since are known.
 */
import type { Clock } from "../../../lib/time/clock.ts";

const INTERVAL_MS = 600_000; // 10 min
const KEPT_MS = 86_400_000; // 24 h
/** They ride in looks at open tasks, 2,500 ids to a request. */
const MOST_KEPT = 1_000;

interface Finished {
  /** Camunda's. */
  readonly taskId: string;
  readonly finishedAtMs: number;
  lookedAtMs: number;
}

export class FinishedTasks {
  readonly #byId = new Map<string, Finished>();

  constructor(private readonly clock: Clock) {}

  /** @param id the portal's */
  add(id: string, taskId: string): void {
    const now = this.clock.now();
    this.#byId.delete(id);
    this.#byId.set(id, { taskId, finishedAtMs: now, lookedAtMs: now });
    const [oldest] = this.#byId.keys();
    if (this.#byId.size > MOST_KEPT && oldest !== undefined) this.#byId.delete(oldest);
  }

  /** The portal's ids of those to look at again now, by which the external task is found. */
  due(): ReadonlyMap<string, string> {
    const now = this.clock.now();
    const due = new Map<string, string>();
    for (const [id, finished] of this.#byId) {
      if (now - finished.finishedAtMs > KEPT_MS) this.#byId.delete(id);
      else if (now - finished.lookedAtMs >= INTERVAL_MS) {
        finished.lookedAtMs = now;
        due.set(id, finished.taskId);
      }
    }
    return due;
  }

  delete(id: string): void {
    this.#byId.delete(id);
  }
}
