/**
 * Tasks about which a request may still be on its way to the target. Until it has taken effect or never will, a look for
 * their objects proves nothing; other copies of them must wait too, even those that nobody has handled before.
 */
import type { Clock } from "../time/clock.ts";

export class UncertainTasks {
  /** Epoch milliseconds by task id, the oldest first. */
  readonly #until = new Map<string, number>();

  /** @param durationMs longer than any request to the target can live */
  constructor(private readonly durationMs: number, private readonly clock: Clock) {}

  add(taskId: string): void {
    const nowMs = this.clock.now();
    for (const [id, untilMs] of this.#until) {
      if (untilMs > nowMs) break;
      this.#until.delete(id);
    }
    this.#until.delete(taskId);
    this.#until.set(taskId, nowMs + this.durationMs);
  }

  has(taskId: string): boolean {
    return (this.#until.get(taskId) ?? 0) > this.clock.now();
  }
}
