/**
 * Tasks about which a request may still be on its way to the target. Until it has taken effect or never will, a look for
 * their objects proves nothing; other copies of them must wait too, even those that nobody has handled before.
 */
import type { Clock } from "../time/clock.ts";

export class UncertainTasks {
  /** Epoch milliseconds by task id, the oldest first. */
  readonly #until = new Map<string, number>();
  /** Copies by task id. */
  readonly #untouched = new Map<string, number>();

  /** @param durationMs longer than any request to the target can live */
  constructor(private readonly durationMs: number, private readonly clock: Clock) {}

  /** A request about the task has ended without an answer. */
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

  /** This program gives copies back without having asked the target about their task. */
  givenBack(taskId: string, copies: number): void {
    this.#untouched.set(taskId, (this.#untouched.get(taskId) ?? 0) + copies);
  }

  /**
   * Copies come that were delivered before: either this program gave them back, or another one ended with them in hand, and
   * then nobody knows what it has asked.
   */
  seenAgain(taskId: string, copies: number): void {
    const untouched = this.#untouched.get(taskId) ?? 0;
    if (untouched > copies) this.#untouched.set(taskId, untouched - copies);
    else this.#untouched.delete(taskId);
    if (untouched < copies) this.add(taskId);
  }
}
