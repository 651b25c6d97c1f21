/** What has to be remembered of past requests, so that the next one does not go beyond the account's limit. */
import { z } from "zod";

/** All times are epoch milliseconds. */
export interface LimiterState {
  /** One per request that still counts: when it ceases to. */
  readonly countedUntilMs: readonly number[];
  /** StormBPMN said: not before. */
  readonly notBeforeMs: number;
  /** When it said that we were over the limit, in the last 24 hours. */
  readonly overrunsMs: readonly number[];
}

export interface LimiterStore {
  /**
   * Replaces the state with what `change` makes of it and hands on its result; nobody else changes it meanwhile. `change`
   * gets `undefined` when there is a state that cannot be understood; a state that it returns unchanged is not written.
   * @throws {StormError} `limited`, when the state cannot be read or kept
   */
  update<T>(change: (state: LimiterState | undefined) => readonly [LimiterState, T]): Promise<T>;
}

export const FRESH_STATE: LimiterState = { countedUntilMs: [], notBeforeMs: 0, overrunsMs: [] };

const times = z.array(z.number()).max(10_000);

export const limiterState: z.ZodType<LimiterState> = z.object({
  countedUntilMs: times,
  notBeforeMs: z.number(),
  overrunsMs: times,
});

/** Forgets when the program ends: for a server without a limit that matters. */
export class LimiterMemory implements LimiterStore {
  #state = FRESH_STATE;

  update<T>(change: (state: LimiterState) => readonly [LimiterState, T]): Promise<T> {
    const [state, result] = change(this.#state);
    this.#state = state;
    return Promise.resolve(result);
  }
}
