/** Makes requests no faster than the account allows, whoever else counts in the same store. */
import type { HttpAnswer } from "../http/http_client.ts";
import type { Log } from "../telemetry/log.ts";
import type { Clock } from "../time/clock.ts";
import type { LimiterState, LimiterStore } from "./limiter_state.ts";
import { carefulState, endTurn, MOST_OVERRUNS, type Quota, takeTurn } from "./quota_rules.ts";
import { StormError } from "./storm_error.ts";

export interface RequestLimiterDeps {
  readonly store: LimiterStore;
  readonly clock: Clock;
  readonly log: Log;
  /** Told before each wait, for whoever shows progress. */
  readonly onWait?: ((waitMs: number) => void) | undefined;
}

/** A longer wait that StormBPMN asks for is for the caller to decide about. */
const LONGEST_WAIT_MS = 5 * 60_000;

export class RequestLimiter {
  constructor(private readonly quota: Quota, private readonly deps: RequestLimiterDeps) {}

  /**
   * Makes the request when it is allowed, and hands on its answer; rejects as the request does, and with the signal's
   * reason when that ends the wait.
   * @throws {StormError} `limited`, without a request, when StormBPMN wants to be left alone for more than five minutes
   */
  async run(request: () => Promise<HttpAnswer>, signal: AbortSignal): Promise<HttpAnswer> {
    const placeMs = await this.#take(signal);
    let answer: HttpAnswer | undefined;
    try {
      answer = await request();
      return answer;
    } finally {
      await this.#end(placeMs, answer);
    }
  }

  async #take(signal: AbortSignal): Promise<number> {
    const { clock, onWait } = this.deps;
    for (;;) {
      signal.throwIfAborted();
      const turn = await this.#update((state) => takeTurn(this.quota, state, clock.now()));
      const waitMs = turn.kind === "go" ? 0 : Math.max(0, turn.untilMs - clock.now());
      switch (turn.kind) {
        case "go":
          return turn.placeMs;
        case "full":
          break;
        case "told":
          if (waitMs > LONGEST_WAIT_MS) throw toldToWait(turn.untilMs);
          break;
        case "guarded":
          throw guarded(turn.untilMs);
      }
      onWait?.(waitMs);
      await clock.sleep(waitMs, signal);
    }
  }

  async #end(placeMs: number, answer: HttpAnswer | undefined): Promise<void> {
    const { overrunsMs } = await this.#update((state) => {
      const ended = endTurn(this.quota, state, placeMs, answer, this.deps.clock.now());
      return [ended, ended];
    });
    if (answer?.status !== 429) return;
    this.deps.log.warn(
      "storm.over_limit",
      `StormBPMN refused a request as one too many, ${overrunsMs.length} in 24 hours; more than 3 block a cloud account`,
      { overruns: overrunsMs.length },
    );
  }

  #update<T>(change: (state: LimiterState) => readonly [LimiterState, T]): Promise<T> {
    return this.deps.store.update((found) => {
      if (found !== undefined) return change(found);
      this.deps.log.warn("storm.state_damaged", "STORMBPMN_STATE_FILE was damaged: requests wait for a minute");
      return change(carefulState(this.deps.clock.now()));
    });
  }
}

function toldToWait(untilMs: number): StormError {
  const until = new Date(untilMs).toISOString();
  const message = `StormBPMN wants to be asked nothing before ${until}. What else uses this account?`;
  return new StormError("limited", "told_to_wait", message);
}

function guarded(untilMs: number): StormError {
  const message =
    `StormBPMN has refused ${MOST_OVERRUNS} requests as too many and may soon block the account: nothing ` +
    `is asked before ${
      new Date(untilMs).toISOString()
    }. What else uses this account? Once that is settled, the file of ` +
    "STORMBPMN_STATE_FILE may be deleted.";
  return new StormError("limited", "quota_guard", message);
}
