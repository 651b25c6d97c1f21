/** Builds the Bitrix24 adapter from its settings. */
import { Bitrix24Client } from "../../lib/bitrix24/client.ts";
import type { Log } from "../../lib/telemetry/log.ts";
import type { Clock } from "../../lib/time/clock.ts";
import { Bitrix24System } from "./bitrix24_system.ts";
import type { BitrixSettings } from "./bitrix_settings.ts";

/** `undefined` without a webhook: then Bitrix24 is not served. */
export function openBitrix24(
  settings: BitrixSettings,
  deps: { readonly clock: Clock; readonly log: Log },
): Bitrix24System | undefined {
  const webhookUrl = settings.BITRIX_WEBHOOK_URL;
  if (webhookUrl === undefined) return undefined;
  const client = new Bitrix24Client({
    webhookUrl,
    timeoutMs: settings.BITRIX_REQUEST_TIMEOUT,
    limit: { perSecond: settings.BITRIX_RATE_PER_SECOND, burst: settings.BITRIX_RATE_BURST },
    caFile: settings.BITRIX_CA_FILE,
    clock: deps.clock,
  });
  return new Bitrix24System(
    {
      fields: settings,
      createBatch: settings.BITRIX_CREATE_BATCH,
      portalOrigin: new URL(webhookUrl).origin,
      seesAllTasks: settings.BITRIX_SEES_ALL_TASKS,
    },
    { client, ...deps },
  );
}
