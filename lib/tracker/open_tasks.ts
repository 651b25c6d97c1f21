/** How many tasks of a system are open and how long the oldest has been, as metrics: counted from one tick to the next. */
import type { Meter } from "@opentelemetry/api";
import type { Clock } from "../time/clock.ts";

interface Count {
  tick: number;
  tasks: number;
  oldestMs: number;
}

export class OpenTasks {
  /** By interval: what is looked at less often is counted less often. */
  readonly #counts: ReadonlyMap<number, TickCount>;

  /** @param intervalsS as tasks are looked at, in seconds */
  constructor(system: string, intervalsS: readonly number[], meter: Meter, private readonly clock: Clock) {
    this.#counts = new Map(intervalsS.map((seconds) => [seconds, new TickCount(seconds * 1000, clock)]));
    const gauge = (name: string, description: string, value: (counts: readonly Count[]) => number) =>
      meter.createObservableGauge(name, { description }).addCallback((result) => {
        result.observe(value([...this.#counts.values()].map((count) => count.last())), { system });
      });
    gauge(
      "exchanger_open_tasks",
      "Tasks that waited for somebody at the last complete tick",
      (counts) => counts.reduce((sum, { tasks }) => sum + tasks, 0),
    );
    gauge(
      "exchanger_oldest_open_task_seconds",
      "How long the oldest of them has been open",
      (counts) => Math.max(0, ...counts.map(({ oldestMs }) => oldestMs)) / 1000,
    );
  }

  /**
   * @param openedAtMs epoch milliseconds; 0 when the message does not say
   * @param intervalS until its next look
   */
  count(openedAtMs: number, intervalS: number): void {
    this.#counts.get(intervalS)?.add(openedAtMs > 0 ? this.clock.now() - openedAtMs : 0);
  }
}

class TickCount {
  #current: Count = { tick: 0, tasks: 0, oldestMs: 0 };
  #last: Count = this.#current;

  constructor(private readonly tickMs: number, private readonly clock: Clock) {}

  add(openForMs: number): void {
    this.#roll();
    this.#current.tasks++;
    this.#current.oldestMs = Math.max(this.#current.oldestMs, openForMs);
  }

  last(): Count {
    this.#roll();
    return this.#last;
  }

  #roll(): void {
    const tick = Math.floor(this.clock.now() / this.tickMs);
    if (tick === this.#current.tick) return;
    this.#last = tick === this.#current.tick + 1 ? this.#current : { tick, tasks: 0, oldestMs: 0 };
    this.#current = { tick, tasks: 0, oldestMs: 0 };
  }
}
