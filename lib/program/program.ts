/** What a program is to the code that starts it: settings, a run, a check. `main.ts` turns one into a process. */
import type { Meter } from "@opentelemetry/api";
import type { Broker } from "../amqp/broker.ts";
import type { SettingFault } from "../config/read_settings.ts";
import type { SettingsOf, SettingsTable } from "../config/setting.ts";
import type { CheckResult } from "../telemetry/check_result.ts";
import type { Log } from "../telemetry/log.ts";
import type { SetupStep } from "../telemetry/setup_step.ts";
import type { Clock } from "../time/clock.ts";
import type { Health } from "./health.ts";
import type { SetupRequest } from "./setup_program.ts";

/** What a running program is handed; tests and the demo hand in an embedded broker and their own signals. */
export interface ProgramContext {
  readonly broker: Broker;
  readonly clock: Clock;
  /** Aborts when the program shall take no new work and finish what it has in hand (first SIGTERM or SIGINT). */
  readonly signal: AbortSignal;
  /** Aborts when it shall end at once (second signal, or the drain deadline). */
  readonly force: AbortSignal;
  readonly health: Health;
  readonly meter: Meter;
  readonly log: Log;
}

export interface Program<Table extends SettingsTable> {
  /** `worker` becomes `exchanger-worker` in help, logs and units. */
  readonly name: string;
  /** One sentence for `--help`. */
  readonly summary: string;
  /** Command lines people can copy, each with a few words. */
  readonly examples: readonly { readonly command: string; readonly what: string }[];
  readonly settings: Table;
  /** Faults that no single setting shows, such as a lease shorter than the hand-over lock. */
  crossCheck?(settings: SettingsOf<Table>): SettingFault[];
  /** Ends when `context.signal` aborts and the work in hand is done; rejects when it cannot go on. */
  run(settings: SettingsOf<Table>, context: ProgramContext): Promise<void>;
  /** Looks at everything the program needs; never throws. */
  check(
    settings: SettingsOf<Table>,
    context: Pick<ProgramContext, "broker" | "signal" | "clock">,
  ): Promise<CheckResult[]>;
  /** Makes what a target system lacks; `undefined` for a system that the program does not serve or that needs nothing. */
  setup?(
    settings: SettingsOf<Table>,
    request: SetupRequest,
    context: Pick<ProgramContext, "signal" | "clock">,
  ): Promise<SetupStep[] | undefined>;
}
