/** Trying again when Camunda cannot be reached or is too busy; what it refuses, it would refuse again. */
import { gradeCamundaError } from "../../camunda/answers.ts";
import { Backoff } from "../../time/backoff.ts";
import type { Clock } from "../../time/clock.ts";

export interface Repetition {
  /** Tries in all. */
  readonly attempts: number;
  readonly clock: Clock;
}

/** `act` is told which try it is, from 1: it may have taken effect before without our knowing. */
export async function repeat<T>(
  act: (attempt: number) => Promise<T>,
  { attempts, clock }: Repetition,
  signal: AbortSignal,
): Promise<T> {
  const backoff = new Backoff({ firstMs: 1_000, capMs: 10_000 });
  for (let attempt = 1;; attempt++) {
    try {
      return await act(attempt);
    } catch (error) {
      if (attempt >= attempts || signal.aborted || !isPassing(error)) throw error;
      await clock.sleep(backoff.nextMs(), signal);
    }
  }
}

function isPassing(error: unknown): boolean {
  const { kind } = gradeCamundaError(error);
  return kind === "unavailable" || kind === "overloaded" || kind === "conflict";
}
