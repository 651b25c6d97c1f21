/** How many tasks of a system are open and how long the oldest has been, as metrics: counted from one tick to the next. */
import type { Meter } from "@opentelemetry/api";
import type { Clock } from "../time/clock.ts";

interface Count {
  tick: number;
  tasks: number;
  oldestMs: number;
}

export class OpenTasks {
  #current: Count = { tick: 0, tasks: 0, oldestMs: 0 };
  #last: Count = this.#current;

  constructor(system: string, private readonly tickMs: number, meter: Meter, private readonly clock: Clock) {
    const gauge = (name: string, description: string, value: (count: Count) => number) =>
      meter.createObservableGauge(name, { description }).addCallback((result) => {
        this.#roll();
        result.observe(value(this.#last), { system });
      });
    gauge("exchanger_open_tasks", "Tasks that waited for somebody at the last complete tick", ({ tasks }) => tasks);
    gauge(
      "exchanger_oldest_open_task_seconds",
      "How long the oldest of them has been open",
      ({ oldestMs }) => oldestMs / 1000,
    );
  }

  /** @param openedAtMs epoch milliseconds; 0 when the message does not say */
  count(openedAtMs: number): void {
    this.#roll();
    this.#current.tasks++;
    if (openedAtMs > 0) this.#current.oldestMs = Math.max(this.#current.oldestMs, this.clock.now() - openedAtMs);
  }

  #roll(): void {
    const tick = Math.floor(this.clock.now() / this.tickMs);
    if (tick === this.#current.tick) return;
    this.#last = tick === this.#current.tick + 1 ? this.#current : { tick, tasks: 0, oldestMs: 0 };
    this.#current = { tick, tasks: 0, oldestMs: 0 };
  }
}
