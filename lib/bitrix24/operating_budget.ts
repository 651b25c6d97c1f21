/**
 * Keeps below the portal's second limit: the seconds that each method may work per ten minutes (480 in the cloud, counted by
 * webhook; the vendor's `limits.md`). Every answer says how much is used and when part of it will be forgotten, whoever
 * used it, so programs that share a webhook share the budget without knowing of each other.
 */
import type { Clock } from "../time/clock.ts";
import { Bitrix24Error } from "./bitrix24_error.ts";

/** What answers say of a method in their `time`. */
export interface OperatingTime {
  readonly operating: number;
  /** Unix seconds. */
  readonly operating_reset_at: number;
}

interface Usage {
  seconds: number;
  resetAtMs: number;
  /** What a call costs, in seconds, as last seen. */
  perCall: number;
}

/** The portal forgets in steps of a minute: a longer wait is for the caller to decide about. */
const LONGEST_WAIT_MS = 90_000;
/** Clocks differ, and the portal rounds. */
const MARGIN_MS = 1_000;
/** For a method that is blocked, when nothing said how long. */
const UNKNOWN_BLOCK_MS = 60_000;

export class OperatingBudget {
  readonly #used = new Map<string, Usage>();

  /** @param limitS seconds per method; 0 for a portal that does not limit them */
  constructor(private readonly limitS: number, private readonly clock: Clock) {}

  /**
   * Resolves when so many calls of each method fit into what is left.
   * @throws {Bitrix24Error} `limited`, when that takes longer than a minute and a half
   */
  async take(calls: ReadonlyMap<string, number>, signal: AbortSignal): Promise<void> {
    const freeAtMs = Math.max(...[...calls].map(([method, count]) => this.#freeAtMs(method, count)));
    const waitMs = freeAtMs - this.clock.now();
    if (waitMs <= 0) return;
    if (waitMs > LONGEST_WAIT_MS) {
      const methods = [...calls.keys()].join(", ");
      const message = `Bitrix24's working time for ${methods} is spent for another ${Math.ceil(waitMs / 1000)} s.`;
      throw new Bitrix24Error("limited", "OPERATION_TIME_LIMIT", message);
    }
    await this.clock.sleep(waitMs, signal);
  }

  /** What the answer to the last of `calls` calls of the method said. */
  record(method: string, { operating, operating_reset_at }: OperatingTime, calls: number): void {
    const before = this.#used.get(method);
    const spent = before === undefined ? 0 : operating - before.seconds;
    const perCall = spent > 0 ? spent / calls : before?.perCall ?? 0;
    this.#used.set(method, { seconds: operating, resetAtMs: operating_reset_at * 1000 + MARGIN_MS, perCall });
  }

  /** The portal refused the method for this limit. */
  block(method: string): void {
    const before = this.#used.get(method);
    const nowMs = this.clock.now();
    const resetAtMs = before !== undefined && before.resetAtMs > nowMs ? before.resetAtMs : nowMs + UNKNOWN_BLOCK_MS;
    this.#used.set(method, { seconds: Infinity, resetAtMs, perCall: before?.perCall ?? 0 });
  }

  #freeAtMs(method: string, count: number): number {
    const usage = this.#used.get(method);
    if (this.limitS === 0 || usage === undefined) return 0;
    // A single request must always be tried at some time, however much it costs.
    const fits = usage.seconds + count * usage.perCall <= this.limitS || usage.seconds === 0;
    if (fits) return 0;
    if (usage.resetAtMs <= this.clock.now()) {
      // Part of it was forgotten; how much, the next answer says.
      this.#used.delete(method);
      return 0;
    }
    return usage.resetAtMs;
  }
}
