/** Runs programs and services side by side in this process, as their entries run one each. */
import type { EmbeddedBroker } from "../../lib/amqp/embedded.ts";
import { requireSettings } from "../../lib/config/require_settings.ts";
import type { SettingsTable } from "../../lib/config/setting.ts";
import { Health } from "../../lib/program/health.ts";
import type { Program } from "../../lib/program/program.ts";
import type { OpenedService, ServiceContext } from "../../lib/program/run_service.ts";
import type { StopControl } from "../../lib/program/stop_control.ts";
import { errorText } from "../../lib/telemetry/error_text.ts";
import { logOf } from "../../lib/telemetry/log.ts";
import { createMetrics } from "../../lib/telemetry/metrics.ts";
import { aborted, systemClock } from "../../lib/time/clock.ts";

/** What a program that is cut off has for dropping what is in hand. */
const LAST_BREATH_MS = 1_000;

export interface DemoProgramsDeps {
  readonly broker: EmbeddedBroker;
  readonly environment: Readonly<Record<string, string>>;
  readonly stop: StopControl;
}

export class DemoPrograms {
  readonly #runs: Promise<void>[] = [];
  #failed = false;

  constructor(private readonly deps: DemoProgramsDeps) {}

  /** Whether one of them could not go on. */
  get failed(): boolean {
    return this.#failed;
  }

  /** A program that fails says so and ends the others. */
  start<Table extends SettingsTable>(program: Program<Table>): void {
    const { broker, environment } = this.deps;
    this.#launch(program.name, async (context) => {
      const settings = requireSettings(program.settings, environment);
      await program.run(settings, { ...context, broker: broker.connection(program.name) });
    });
  }

  /** As `start`, for a service that needs no broker. */
  startService(name: string, open: (context: ServiceContext) => OpenedService): void {
    this.#launch(name, async (context) => {
      const service = open(context);
      await service.run().finally(() => service.close());
    });
  }

  /** Resolves when all have drained, or when they had their last breath. */
  async ended(): Promise<void> {
    const { force } = this.deps.stop;
    await Promise.race([Promise.all(this.#runs), aborted(force).then(() => systemClock.sleep(LAST_BREATH_MS))]);
  }

  #launch(name: string, work: (context: ServiceContext) => Promise<void>): void {
    this.#runs.push(this.#run(name, work));
  }

  async #run(name: string, work: (context: ServiceContext) => Promise<void>): Promise<void> {
    const { stop } = this.deps;
    try {
      await work({
        clock: systemClock,
        signal: stop.drain,
        force: stop.force,
        health: new Health(),
        meter: createMetrics(`exchanger-${name}`, "demo").meter,
        log: logOf(name),
      });
    } catch (error) {
      if (stop.caused(error)) return;
      this.#failed = true;
      logOf("demo").error("demo.program_failed", `The ${name} failed: ${errorText(error)}`);
      stop.beginDrain(`the failure of the ${name}`);
    }
  }
}
