/** Builds the Bitrix24 adapter from its settings. */
import type { Meter } from "@opentelemetry/api";
import { Bitrix24Client } from "../../lib/bitrix24/client.ts";
import type { Log } from "../../lib/telemetry/log.ts";
import type { Clock } from "../../lib/time/clock.ts";
import { Bitrix24System } from "./bitrix24_system.ts";
import type { BitrixSettings } from "./bitrix_settings.ts";
import { readRoles } from "./roles.ts";

/** `undefined` without a webhook: then Bitrix24 is not served. */
export function openBitrix24(
  settings: BitrixSettings,
  deps: { readonly clock: Clock; readonly log: Log; readonly meter?: Meter | undefined },
): Bitrix24System | undefined {
  const webhookUrl = settings.BITRIX_WEBHOOK_URL;
  if (webhookUrl === undefined) return undefined;
  const client = new Bitrix24Client({
    webhookUrl,
    timeoutMs: settings.BITRIX_REQUEST_TIMEOUT,
    limit: { perSecond: settings.BITRIX_RATE_PER_SECOND, burst: settings.BITRIX_RATE_BURST },
    operatingLimitS: settings.BITRIX_OPERATING_SECONDS,
    caFile: settings.BITRIX_CA_FILE,
    clock: deps.clock,
  });
  return new Bitrix24System(
    {
      settings,
      tracking: settings,
      roles: readRoles(settings.BITRIX_ROLES_MAPPING_FILE),
      addon: settings.BITRIX_ADDON,
      cacheMs: settings.BITRIX_CACHE_SECONDS,
      createBatch: settings.BITRIX_CREATE_BATCH,
      portalOrigin: new URL(webhookUrl).origin,
      seesAllTasks: settings.BITRIX_SEES_ALL_TASKS,
      applicationTokens: () => settings.BITRIX_APPLICATION_TOKEN ?? [],
    },
    { client, ...deps },
  );
}
