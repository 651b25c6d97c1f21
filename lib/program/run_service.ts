/** One run of a service, from its settings to its exit code: telemetry, health port, signals, systemd, the work. */
import type { Meter } from "@opentelemetry/api";
import { settingsReport } from "../config/describe_settings.ts";
import type { SettingsReading } from "../config/read_settings.ts";
import { SettingsError } from "../config/require_settings.ts";
import type { SettingsOf, SettingsTable } from "../config/setting.ts";
import { configureLogging, type LogFormat, type Logging, writeLine } from "../telemetry/configure_logging.ts";
import { errorText } from "../telemetry/error_text.ts";
import { type Log, logOf } from "../telemetry/log.ts";
import { createMetrics } from "../telemetry/metrics.ts";
import { systemClock } from "../time/clock.ts";
import { DependencyDownError, exitCode } from "./exit_code.ts";
import { Health } from "./health.ts";
import { openHealthPort } from "./health_server.ts";
import type { ProgramContext } from "./program.ts";
import type { programSettings } from "./program_settings.ts";
import { connectNotifier } from "./sd_notify.ts";
import { handleSignals } from "./signals.ts";
import { StopControl } from "./stop_control.ts";
import { version } from "./version.ts";

/** What is read before a service can start. */
export interface PreparedService {
  /** `worker` */
  readonly name: string;
  readonly common: SettingsOf<ReturnType<typeof programSettings>>;
  readonly reading: SettingsReading<SettingsTable>;
  readonly logFormat: LogFormat;
}

export type ServiceContext = Omit<ProgramContext, "broker">;

/** A service that is set up and not yet at work. */
export interface OpenedService {
  /** As `Program.run`. */
  run(): Promise<void>;
  /** After the work; it may be cut off. */
  close(): Promise<void>;
}

/** After force, how long cleaning up may still take. */
const lastBreathMs = 1000;

/** Resolves with the exit code. When work was cut off it may still be going on: exit then. What `open` throws is thrown. */
export async function runService(
  { name, common, reading, logFormat }: PreparedService,
  open: (context: ServiceContext) => OpenedService,
): Promise<number> {
  const service = `exchanger-${name}`;
  const secrets = reading.secrets();
  const logging = configureLogging({ format: logFormat, level: common.LOG_LEVEL, service, secrets });
  const log = logOf(name);
  const metrics = createMetrics(service, version);
  const health = new Health({ limitMs: common.EXCHANGER_STALL_LIMIT_SECONDS });

  const healthPort = openHealthPort(common, health, metrics, logging.hideSecrets);
  if (healthPort.kind === "faulty") {
    writeLine(Deno.stderr, settingsReport([healthPort.fault]));
    return exitCode.settings;
  }
  await using server = healthPort.server;
  for (const { name, problem } of reading.warnings) log.warn("program.setting_ignored", `${name} ${problem}`);

  using stop = new StopControl(common.EXCHANGER_DRAIN_TIMEOUT_SECONDS);
  await using notifier = connectNotifier(Deno.env.toObject(), log);
  stop.drain.addEventListener("abort", () => {
    health.set("program", "it is stopping");
    notifier.stopping();
  }, { once: true });
  using _signals = handleSignals({
    drain(signal) {
      log.info("program.stopping", `${signal}: finishing the work in hand`);
      stop.beginDrain(signal);
    },
    force: (signal) => stop.forceNow(`${signal} again`),
    reload() {
      notifier.reloading();
      rereadSecrets(reading, logging, log);
      notifier.ready();
    },
  });

  using crash = catchCrash();
  const opened = open({ clock: systemClock, signal: stop.drain, force: stop.force, health, meter: metrics.meter, log });
  observeHealth(metrics.meter, health);
  log.info("program.started", `${service} ${version} has started`, { version, healthPort: server?.port });
  notifier.ready();

  const work = opened.run();
  notifier.keepAlive({ alive: () => health.liveness().alive, status: () => logging.hideSecrets(health.status()) });
  const code = await endOf([work, crash.happened, cutOff(stop.force)], stop, log);
  stop.beginDrain("the end of the work"); // closing has a deadline too
  await Promise.race([opened.close(), cutOff(stop.force)])
    .catch((error) => log.warn("program.close_failed", `Not all was closed properly: ${errorText(error)}`));
  log.info("program.stopped", `${service} ends`, { exitCode: code });
  return code;
}

function rereadSecrets(reading: SettingsReading<SettingsTable>, logging: Logging, log: Log): void {
  const { changed, faults } = reading.rereadSecretFiles();
  logging.addSecrets(reading.secrets());
  for (const { name, problem } of faults) log.error("program.secret_kept", `${name} ${problem}; the old value stays`);
  log.info("program.secrets_read", changed.length > 0 ? `Changed: ${changed.join(", ")}` : "No secret has changed");
}

function observeHealth(meter: Meter, health: Health): void {
  meter.createObservableGauge("exchanger_alive", { description: "1 while no loop stands still" })
    .addCallback((result) => result.observe(health.liveness().alive ? 1 : 0));
  meter.createObservableGauge("exchanger_ready", { description: "1 while nothing keeps the program from working" })
    .addCallback((result) => result.observe(health.readiness().ready ? 1 : 0));
}

/** Waits for the first end and turns it into an exit code. */
async function endOf(ends: readonly Promise<void>[], stop: StopControl, log: Log): Promise<number> {
  try {
    await Promise.race(ends);
    return exitCode.ok;
  } catch (error) {
    if (stop.force.aborted && stop.caused(error)) {
      log.error(
        "program.cut_off",
        `Ended by force: ${errorText(error)}. What was not acknowledged will be delivered again`,
      );
      return exitCode.failure;
    }
    if (stop.caused(error)) return exitCode.ok;
    const expected = error instanceof SettingsError || error instanceof DependencyDownError;
    const stack = error instanceof Error && !expected ? error.stack : undefined;
    log.error("program.failed", errorText(error), { stack });
    if (!expected) return exitCode.failure;
    return error instanceof SettingsError ? exitCode.settings : exitCode.dependency;
  }
}

/** Rejects some time after `force`, for those who did not heed it. */
function cutOff(force: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const expire = () => setTimeout(() => reject(force.reason), lastBreathMs);
    if (force.aborted) expire();
    else force.addEventListener("abort", expire, { once: true });
  });
}

/** A rejection nobody handled would end the process with an unfiltered stack on standard error. */
function catchCrash(): Disposable & { readonly happened: Promise<never> } {
  const { promise, reject } = Promise.withResolvers<never>();
  const onRejection = (event: PromiseRejectionEvent) => {
    event.preventDefault();
    reject(event.reason);
  };
  const onError = (event: ErrorEvent) => {
    event.preventDefault();
    reject(event.error);
  };
  addEventListener("unhandledrejection", onRejection);
  addEventListener("error", onError);
  return {
    happened: promise,
    [Symbol.dispose]() {
      removeEventListener("unhandledrejection", onRejection);
      removeEventListener("error", onError);
    },
  };
}
