/** The service: a look at all diagrams, a pause, the next look. */
import type { ServiceContext } from "../program/run_service.ts";
import { countsOf } from "./commands/round_counts.ts";
import { outcomeWords } from "./commands/outcome_words.ts";
import { type Failure, failureOf } from "./failure.ts";
import type { RoundRow, Synchroniser } from "./synchroniser.ts";

export interface WatchOptions {
  readonly enabled: boolean;
  /** From the end of one look to the beginning of the next. */
  readonly intervalMs: number;
}

type Counts = ReturnType<typeof countsOf>;

export class Watch {
  #counts: Counts | undefined;
  #lastGoodMs: number | undefined;
  readonly #told = new Map<string, string>();

  constructor(
    private readonly options: WatchOptions,
    private readonly synchroniser: Pick<Synchroniser, "round">,
    private readonly context: Omit<ServiceContext, "force">,
  ) {}

  /** Until the signal aborts; nothing that happens to a diagram or a system ends it. */
  async run(): Promise<void> {
    const { clock, signal, health, log, meter } = this.context;
    this.#observe();
    const rounds = meter.createCounter("exchanger_sync_rounds_total", { description: "Looks at all diagrams" });
    const deployments = meter.createCounter("exchanger_sync_deployments_total", { description: "Diagrams deployed" });
    try {
      if (!this.options.enabled) {
        log.warn("sync.disabled", "SYNC_ENABLED is false: nothing is looked at");
        health.waiting("SYNC_ENABLED to become true");
        await clock.sleep(LONG_MS, signal);
      }
      for (;;) {
        const isGood = await this.#round(() => deployments.add(1));
        rounds.add(1, { result: isGood ? "ok" : "failed" });
        health.waiting(`the next look, every ${this.options.intervalMs / 1000} s`);
        await clock.sleep(this.options.intervalMs, signal);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      health.ended();
    }
  }

  /** Whether all diagrams were looked at. */
  async #round(onDeployed: () => void): Promise<boolean> {
    const { clock, signal, health } = this.context;
    const startedMs = clock.now();
    const turned = () => health.turned();
    turned();
    try {
      const { rows, stoppedBy } = await this.synchroniser.round({
        listed: turned,
        begins: turned,
        ended: (row) => {
          turned();
          if (row.outcome.kind === "deployed") onDeployed();
          this.#tell(row);
        },
      }, signal);
      signal.throwIfAborted();
      this.#counts = countsOf(rows);
      return stoppedBy === undefined ? this.#succeeded(startedMs) : this.#failed(stoppedBy, startedMs);
    } catch (error) {
      signal.throwIfAborted();
      return this.#failed(failureOf(error, signal), startedMs);
    }
  }

  #succeeded(startedMs: number): true {
    const { clock, health, log } = this.context;
    this.#lastGoodMs = clock.now();
    health.set("sync", undefined);
    log.info("sync.round", "All diagrams were looked at", { ...this.#counts, durationMs: clock.now() - startedMs });
    return true;
  }

  #failed({ text }: Failure, startedMs: number): false {
    const { clock, health, log } = this.context;
    health.set("sync", text);
    log.error("sync.round_failed", text, { durationMs: clock.now() - startedMs });
    return false;
  }

  /** What is as it was the last time is not told again. */
  #tell({ diagram, outcome }: RoundRow): void {
    const { result, note } = outcomeWords(outcome);
    const stamp = `${diagram.versionNumber} ${diagram.updatedOn} ${result} ${note}`;
    if (outcome.kind === "skipped" || outcome.kind === "unchanged" || this.#told.get(diagram.id) === stamp) return;
    this.#told.set(diagram.id, stamp);
    const { log } = this.context;
    const fields = { diagramId: diagram.id, diagram: diagram.name, version: diagram.versionNumber };
    switch (outcome.kind) {
      case "deployed":
      case "would_deploy":
        log.info(`sync.${outcome.kind}`, `${diagram.name}: ${result}`, { ...fields, note });
        for (const warning of outcome.warnings) log.warn("sync.warning", warning, fields);
        return;
      case "refused":
      case "failed":
        return log.warn(`sync.${outcome.kind}`, `${diagram.name}: ${note}`, fields);
    }
  }

  #observe(): void {
    const { meter, clock } = this.context;
    meter.createObservableGauge("exchanger_sync_diagrams", {
      description: "Diagrams of the last look, by what became of them",
    })
      .addCallback((result) => {
        for (const [what, count] of Object.entries(this.#counts ?? {})) result.observe(count, { result: what });
      });
    meter.createObservableGauge("exchanger_sync_last_good_round_age_seconds", {
      description: "Since the last look that saw all diagrams",
    }).addCallback((result) => {
      if (this.#lastGoodMs !== undefined) result.observe((clock.now() - this.#lastGoodMs) / 1000);
    });
  }
}

/** A timer's longest. */
const LONG_MS = 2 ** 31 - 1;
