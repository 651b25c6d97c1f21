/** What a program knows about itself: `/healthz`, `/readyz`, systemd's watchdog and its status line are answered from here. */
import { Watchdog, type WatchdogOptions } from "./watchdog.ts";

export class Health {
  readonly #problems = new Map<string, string>();
  readonly #looks = new Map<string, () => string | undefined>();
  readonly #watchdog: Watchdog;

  constructor(options: Partial<WatchdogOptions> = {}) {
    this.#watchdog = new Watchdog({ limitMs: 300_000, ...options }); // 5 min
  }

  /** Sets or clears a named reason why the program is not ready: `set("topology", "camunda.responses.queue is missing")`. */
  set(name: string, problem: string | undefined): void {
    if (problem === undefined) this.#problems.delete(name);
    else this.#problems.set(name, problem);
  }

  /** A reason that is looked up whenever somebody asks: `watch("broker", () => broker.state().problem)`. */
  watch(name: string, look: () => string | undefined): void {
    this.#looks.set(name, look);
  }

  /** Forgets a reason that `set` or `watch` brought up. */
  forget(name: string): void {
    this.#problems.delete(name);
    this.#looks.delete(name);
  }

  /** A loop of the program has turned, or got a long piece of work done. The first call has it watched. */
  turned(loop = "main loop"): void {
    this.#watchdog.turned(loop);
  }

  /** A loop waits for this, however long it takes, until it turns again. */
  waiting(reason: string, loop = "main loop"): void {
    this.#watchdog.waiting(loop, reason);
  }

  /** A loop has ended as it should and is watched no more. */
  ended(loop = "main loop"): void {
    this.#watchdog.ended(loop);
  }

  /** Whether to leave the process alone: `false` means that only a restart helps. */
  liveness(): { readonly alive: boolean; readonly reasons: readonly string[] } {
    const reasons = this.#watchdog.stalled();
    return { alive: reasons.length === 0, reasons };
  }

  /** Whether work flows; the reasons are for people. Ready does not mean busy: a loop may wait for a target that is down. */
  readiness(): { readonly ready: boolean; readonly reasons: readonly string[] } {
    const looked = [...this.#looks].flatMap(([name, look]) => {
      const problem = look();
      return problem === undefined ? [] : [`${name}: ${problem}`];
    });
    const reasons = [
      ...[...this.#problems].map(([name, problem]) => `${name}: ${problem}`),
      ...looked,
      ...this.#watchdog.stalled(),
    ];
    return { ready: reasons.length === 0, reasons };
  }

  /** One line for `systemctl status`. */
  status(): string {
    const words = [...this.readiness().reasons, ...this.#watchdog.waits()];
    return words.length === 0 ? "running" : words.join("; ");
  }
}
