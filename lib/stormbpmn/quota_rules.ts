/**
 * When the next request is allowed. Going beyond the limit more than three times in 24 hours blocks the account (the
 * vendor's page on its REST API), so the limit is kept for any way of counting minutes, and after two such answers nothing
 * is asked any more until the first of them is a day old.
 */
import type { HttpAnswer } from "../http/http_client.ts";
import type { LimiterState } from "./limiter_state.ts";
import { remainingRequests, retryAfterMs } from "./quota_headers.ts";

export interface Quota {
  /** 0 for no limit: then only what StormBPMN itself says is heeded. */
  readonly perMinute: number;
  /** After this a request surely has been counted or never will be. */
  readonly longestRequestMs: number;
}

export type Turn =
  /** `placeMs` stands for the request until it has ended. */
  | { readonly kind: "go"; readonly placeMs: number }
  /** The minute is full. */
  | { readonly kind: "full"; readonly untilMs: number }
  /** StormBPMN itself said so. */
  | { readonly kind: "told"; readonly untilMs: number }
  /** The account is in danger. */
  | { readonly kind: "guarded"; readonly untilMs: number };

/** A minute, and what clocks and rounding may differ. */
const WINDOW_MS = 61_000;
const DAY_MS = 24 * 3_600_000;
/** The third is the last that does not block. */
export const MOST_OVERRUNS = 2;

/** Takes a place, if there is one. The state is to be kept in any case: times that cannot be were cut in it. */
export function takeTurn(quota: Quota, state: LimiterState, nowMs: number): readonly [LimiterState, Turn] {
  const now = current(quota, state, nowMs);
  const [firstOverrunMs] = now.overrunsMs;
  if (quota.perMinute > 0 && firstOverrunMs !== undefined && now.overrunsMs.length >= MOST_OVERRUNS) {
    return [now, { kind: "guarded", untilMs: firstOverrunMs + DAY_MS }];
  }
  if (now.notBeforeMs > nowMs) return [now, { kind: "told", untilMs: now.notBeforeMs }];
  // If nobody is left to say when it was answered, it counts for as long as it may have gone on.
  const placeMs = nowMs + quota.longestRequestMs + WINDOW_MS;
  if (quota.perMinute === 0) return [now, { kind: "go", placeMs }];
  const freeAtMs = now.countedUntilMs[now.countedUntilMs.length - quota.perMinute];
  if (freeAtMs !== undefined) {
    // A request under way may end before its time, and is forgotten a window later.
    return [now, { kind: "full", untilMs: Math.min(freeAtMs, nowMs + WINDOW_MS) }];
  }
  return [{ ...now, countedUntilMs: sorted([...now.countedUntilMs, placeMs]) }, { kind: "go", placeMs }];
}

/** What is known when the request of `placeMs` has ended; without an answer it counts all the same. */
export function endTurn(
  quota: Quota,
  state: LimiterState,
  placeMs: number,
  answer: HttpAnswer | undefined,
  nowMs: number,
): LimiterState {
  const now = current(quota, state, nowMs);
  const counted = quota.perMinute === 0 ? [] : countedAfter(quota, now.countedUntilMs, placeMs, answer, nowMs);
  if (answer?.status !== 429) return { ...now, countedUntilMs: counted };
  return {
    countedUntilMs: counted,
    notBeforeMs: Math.max(now.notBeforeMs, nowMs + retryAfterMs(answer.headers, nowMs)),
    overrunsMs: [...now.overrunsMs, nowMs],
  };
}

/** In place of a state that was lost: the minute counts as full, and something may have gone wrong before. */
export function carefulState(nowMs: number): LimiterState {
  return { countedUntilMs: [], notBeforeMs: nowMs + WINDOW_MS, overrunsMs: [nowMs] };
}

function countedAfter(
  quota: Quota,
  before: readonly number[],
  placeMs: number,
  answer: HttpAnswer | undefined,
  nowMs: number,
): number[] {
  const place = before.indexOf(placeMs);
  // StormBPMN counted it before it answered, so a minute after the answer it surely does not any more.
  const counted = [...before.filter((_, index) => index !== place), nowMs + WINDOW_MS];
  const remaining = answer === undefined ? undefined : remainingRequests(answer.headers);
  // Fewer left than by our own count: somebody else uses the account too.
  const others = remaining === undefined ? 0 : quota.perMinute - remaining - counted.length;
  for (let n = 0; n < others; n++) counted.push(nowMs + WINDOW_MS);
  return sorted(counted);
}

/** Without what is over. Times that cannot be, since the clock was set back, are cut to what can. */
function current(quota: Quota, state: LimiterState, nowMs: number): LimiterState {
  const latestMs = nowMs + quota.longestRequestMs + WINDOW_MS;
  return {
    countedUntilMs: state.countedUntilMs.filter((ms) => ms > nowMs).map((ms) => Math.min(ms, latestMs)),
    notBeforeMs: Math.min(state.notBeforeMs, nowMs + DAY_MS),
    overrunsMs: state.overrunsMs.map((ms) => Math.min(ms, nowMs)).filter((ms) => ms > nowMs - DAY_MS),
  };
}

function sorted(times: readonly number[]): number[] {
  return [...times].sort((left, right) => left - right);
}
