/** A program under test, run in this process: with a broker connection of its own, signals in the test's hand, a kept log. */
import type { Broker } from "../../lib/amqp/broker.ts";
import { requireSettings } from "../../lib/config/require_settings.ts";
import type { SettingsTable } from "../../lib/config/setting.ts";
import { Health } from "../../lib/program/health.ts";
import type { Program } from "../../lib/program/program.ts";
import type { Log, LogFields } from "../../lib/telemetry/log.ts";
import { createMetrics } from "../../lib/telemetry/metrics.ts";
import { systemClock } from "../../lib/time/clock.ts";
import { eventually } from "../lib/amqp/eventually.ts";

export interface LogLine {
  readonly level: "debug" | "info" | "warn" | "error";
  readonly code: string;
  readonly message: string;
  readonly fields: LogFields;
}

export interface RunningProgram extends AsyncDisposable {
  readonly health: Health;
  /** Settles as the program's `run` does. */
  readonly ended: Promise<void>;
  /** Waits for this many lines of a code. */
  logged(code: string, times?: number): Promise<LogLine>;
  linesOf(code: string): LogLine[];
  /** The first signal: finish what is in hand. Resolves when the program has. */
  stop(): Promise<void>;
  /** The second signal: drop what is in hand. */
  force(): Promise<void>;
}

export function runInProcess<Table extends SettingsTable>(
  program: Program<Table>,
  environment: Readonly<Record<string, string>>,
  broker: Broker,
): RunningProgram {
  const lines: LogLine[] = [];
  const stopping = new AbortController();
  const forcing = new AbortController();
  const health = new Health();
  const running = program.run(requireSettings(program.settings, environment), {
    broker,
    clock: systemClock,
    signal: stopping.signal,
    force: forcing.signal,
    health,
    meter: createMetrics(`exchanger-${program.name}`, "test").meter,
    log: keep(lines, {}),
  });
  let failed = false;
  running.catch(() => failed = true);

  const linesOf = (code: string) => lines.filter((line) => line.code === code);
  const stop = async () => {
    stopping.abort(new DOMException("stopped by the test", "AbortError"));
    await running;
  };
  return {
    health,
    ended: running,
    linesOf,
    async logged(code, times = 1) {
      await eventually(() => linesOf(code).length >= times || failed, code).catch(() => {});
      const last = linesOf(code)[times - 1];
      if (last === undefined) {
        const told = lines.map((line) => `${line.code} ${line.message}`).join("\n");
        throw new Error(`${code} was not logged ${times} times; what was:\n${told}`);
      }
      return last;
    },
    stop,
    async force() {
      forcing.abort(new DOMException("forced by the test", "AbortError"));
      await stop();
    },
    async [Symbol.asyncDispose]() {
      const late = setTimeout(() => forcing.abort(new DOMException("the test is over", "AbortError")), 5_000);
      await stop().catch(() => {}); // whoever cares has awaited `ended`
      clearTimeout(late);
      await broker.close();
    },
  };
}

function keep(lines: LogLine[], bound: LogFields): Log {
  const write = (level: LogLine["level"]) => (code: string, message: string, fields?: LogFields) => {
    lines.push({ level, code, message, fields: { ...bound, ...fields } });
  };
  return {
    debug: write("debug"),
    info: write("info"),
    warn: write("warn"),
    error: write("error"),
    with: (fields) => keep(lines, { ...bound, ...fields }),
  };
}
