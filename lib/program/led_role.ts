/** Runs a role as long as this program leads it, stands by otherwise, and begins again after a lost lead. */
import type { Broker } from "../amqp/broker.ts";
import type { Log } from "../telemetry/log.ts";
import type { Clock } from "../time/clock.ts";
import { joinSignals } from "../time/joined_signal.ts";
import type { Health } from "./health.ts";
import { lead, leadershipName, type LedRole } from "./leadership.ts";

export interface LedRoleOptions {
  readonly role: LedRole;
  readonly system: string;
  /**
   * How long, after the lead was won, a former leader's requests to the target may still take effect; nothing begins
   * before that. Asked each time, and waited for again if it rejects.
   * @param tookOver another program led until now, as far as this one knows
   */
  pauseMs(tookOver: boolean): Promise<number>;
}

export interface LedRoleDeps {
  readonly broker: Broker;
  readonly clock: Clock;
  readonly log: Log;
  readonly health: Health;
  readonly signal: AbortSignal;
  readonly force: AbortSignal;
}

/** What leads: `problem` goes into `/readyz`, `ended` resolves after its signal when all is settled. */
export interface Led {
  readonly problem: string | undefined;
  ended(): Promise<void>;
}

/** How often a stand-by asks whether the lead is free. */
const RETRY_MS = 1_000;

export async function runLed(
  options: LedRoleOptions,
  deps: LedRoleDeps,
  start: (signals: { readonly signal: AbortSignal; readonly force: AbortSignal }) => Led,
): Promise<void> {
  const { broker, clock, log, health, signal, force } = deps;
  const name = leadershipName(options.role, options.system);
  let ledBefore = false;
  while (!signal.aborted) {
    health.waiting("another program leads", name);
    const leadership = await lead(broker, name, { signal, clock, log, retryMs: RETRY_MS, ledBefore }).catch(() =>
      undefined
    );
    if (leadership === undefined) break;
    ledBefore = true;
    using ending = joinSignals(signal, leadership.lost);
    // Whoever lost the lead must not finish what it has in hand: somebody else may have it by now.
    using forced = joinSignals(force, leadership.lost);
    const untilLost = { signal: ending.signal, force: forced.signal };
    const ready = options.pauseMs(leadership.tookOver).then((pauseMs) => {
      if (pauseMs === 0) return;
      const reason = `what an earlier program has asked of ${options.system} may still take effect`;
      log.info("program.pausing", `Begins in ${pauseMs / 1000} s: ${reason}`, { name });
      health.waiting(reason, name);
      return clock.sleep(pauseMs, untilLost.signal);
    });
    if (await ready.then(() => true, () => false)) {
      const led = start(untilLost);
      health.watch(name, () => led.problem);
      await led.ended();
      health.forget(name);
    }
    await leadership.release();
  }
  health.ended(name);
}
