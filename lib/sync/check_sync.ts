/** What `exchanger-sync check` looks at; one line each. */
import { SettingsError } from "../config/require_settings.ts";
import { checkCamunda } from "../program/checks.ts";
import type { CheckResult } from "../telemetry/check_result.ts";
import { errorText } from "../telemetry/error_text.ts";
import { logOf } from "../telemetry/log.ts";
import { systemClock } from "../time/clock.ts";
import { mappingOf } from "./commands/mapping_option.ts";
import { openCamunda, openStorm } from "./open_systems.ts";
import type { SyncSettings } from "./sync_settings.ts";

const deps = { clock: systemClock, log: logOf("check") };

/** Never throws. Costs StormBPMN one request. */
export async function checkSync(settings: SyncSettings, signal: AbortSignal): Promise<CheckResult[]> {
  return [
    ...await attempt(
      "StormBPMN",
      "See STORMBPMN_BASE_URL and STORMBPMN_API_KEY or STORMBPMN_BEARER_TOKEN.",
      async () => {
        using storm = openStorm(settings, deps);
        const first = await storm.pages({}, signal).next();
        return [{ name: "StormBPMN", ok: true, detail: `${first.value?.total ?? 0} diagrams are seen` }];
      },
    ),
    ...await attempt("Camunda", "See CAMUNDA_BASE_URL, CAMUNDA_AUTH_USERNAME and CAMUNDA_AUTH_PASSWORD.", async () => {
      const camunda = openCamunda(settings, deps);
      try {
        return await checkCamunda(camunda, signal);
      } finally {
        camunda.close();
      }
    }),
    ...settings.SYNC_MAPPING_FILE === undefined
      ? []
      : await attempt("Mapping file", "See SYNC_MAPPING_FILE; docs/sync.md explains the file.", async () => {
        await mappingOf(undefined, { settings, signal });
        return [{ name: "Mapping file", ok: true, detail: `${settings.SYNC_MAPPING_FILE} is valid` }];
      }),
  ];
}

async function attempt(name: string, remedy: string, look: () => Promise<CheckResult[]>): Promise<CheckResult[]> {
  try {
    return await look();
  } catch (error) {
    const detail = error instanceof SettingsError
      ? error.faults.map((fault) => `${fault.name} ${fault.problem}`).join("; ")
      : errorText(error);
    return [{ name, ok: false, detail, remedy }];
  }
}
