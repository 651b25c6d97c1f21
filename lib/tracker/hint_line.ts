/** The line from the server that takes webhooks to the tracker of one system, which is there only while it leads. */
import type { Counter, Meter } from "@opentelemetry/api";

/** What became of a hint; one is about one object, or a call that names none. */
export type HintOutcome =
  /** Its task is done and the answer on its way. */
  | "answered"
  /** Its task is open. */
  | "open"
  /** For the next tick to decide: declined, deleted, suspended, no longer wanted, or nobody could say. */
  | "left"
  /** About no open task that was looked at before. */
  | "unknown"
  /** Too many at once, or this program does not lead. */
  | "dropped"
  /** A genuine call about something else. */
  | "ignored"
  | "refused";

type Taker = (objectIds: readonly string[]) => void;

export class HintLine {
  readonly #hints: Counter;
  readonly #waitsEnded: Counter;
  #taker: Taker | undefined;

  constructor(private readonly system: string, meter: Meter) {
    this.#hints = meter.createCounter("exchanger_hints_total", {
      description: "Objects that webhooks told of, by what became of that",
    });
    this.#waitsEnded = meter.createCounter("exchanger_hinted_waits_ended_total", {
      description: "Messages that came back from waiting after a hint had answered their tasks",
    });
  }

  /** Whether somebody takes them: another program may lead. */
  give(objectIds: readonly string[]): boolean {
    if (this.#taker === undefined) this.count("dropped", objectIds.length);
    else this.#taker(objectIds);
    return this.#taker !== undefined;
  }

  /** Until disposed, `taker` gets what is given. */
  connect(taker: Taker): Disposable {
    this.#taker = taker;
    return {
      [Symbol.dispose]: () => {
        if (this.#taker === taker) this.#taker = undefined;
      },
    };
  }

  count(outcome: HintOutcome, hints = 1): void {
    if (hints > 0) this.#hints.add(hints, { system: this.system, outcome });
  }

  countEndedWait(): void {
    this.#waitsEnded.add(1, { system: this.system });
  }
}
