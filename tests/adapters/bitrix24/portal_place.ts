/** A simulated portal and the adapter that works with it. */
import assert from "node:assert/strict";
import { bitrixSettings } from "../../../adapters/bitrix24/bitrix_settings.ts";
import { openBitrix24 } from "../../../adapters/bitrix24/open_bitrix24.ts";
import type { CreateOutcome } from "../../../adapters/target_system.ts";
import { Bitrix24Client } from "../../../lib/bitrix24/client.ts";
import { readSettings } from "../../../lib/config/read_settings.ts";
import { logOf } from "../../../lib/telemetry/log.ts";
import { systemClock } from "../../../lib/time/clock.ts";
import { type Bitrix24SimulatorOptions, startBitrix24Simulator } from "../../../simulators/bitrix24/simulator.ts";

export const never = new AbortController().signal;

export async function portal(
  environment: Readonly<Record<string, string>> = {},
  options: Bitrix24SimulatorOptions = {},
) {
  await using stack = new AsyncDisposableStack();
  const simulator = stack.use(await startBitrix24Simulator(options));
  const { settings, faults } = readSettings(bitrixSettings, {
    BITRIX_WEBHOOK_URL: simulator.webhookUrl,
    BITRIX_RATE_PER_SECOND: "100",
    BITRIX_RATE_BURST: "1000",
    BITRIX_DEFAULT_RESPONSIBLE_ID: "1",
    ...environment,
  });
  assert.ok(settings, JSON.stringify(faults));
  const system = openBitrix24(settings, { clock: systemClock, log: logOf("test") });
  assert.ok(system);
  stack.use(system);
  /** Asks the portal itself, beside the adapter. */
  const client = stack.use(
    new Bitrix24Client({
      webhookUrl: simulator.webhookUrl,
      timeoutMs: 10_000,
      limit: { perSecond: 100, burst: 1000 },
      clock: systemClock,
    }),
  );
  const owned = stack.move();
  return { simulator, system, client, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

export function idOf(outcome: CreateOutcome | undefined): string {
  assert.equal(outcome?.kind, "created", JSON.stringify(outcome));
  return outcome.id;
}
