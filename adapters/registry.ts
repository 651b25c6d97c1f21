/** The list of target systems. A new one adds its settings table and its line here, and its folder beside. */
import type { SettingFault } from "../lib/config/read_settings.ts";
import type { SettingsOf, SettingsTable } from "../lib/config/setting.ts";
import type { Log } from "../lib/telemetry/log.ts";
import type { Clock } from "../lib/time/clock.ts";
import { bitrixSettings } from "./bitrix24/bitrix_settings.ts";
import { openBitrix24 } from "./bitrix24/open_bitrix24.ts";
import type { TargetSystem } from "./target_system.ts";

/** The settings of all systems. Each is served when the address of its server is set, and only then. */
export const adapterSettings = { ...bitrixSettings } as const satisfies SettingsTable;
export type AdapterSettings = SettingsOf<typeof adapterSettings>;

export interface AdapterDeps {
  readonly clock: Clock;
  readonly log: Log;
}

/** A target system and its connections, which end with `dispose`. */
export type OpenTargetSystem = TargetSystem & Disposable;

export interface Adapter {
  /** As in queue names. */
  readonly name: string;
  /** The setting that, when set, makes programs serve the system. */
  readonly servedWhenSet: keyof AdapterSettings;
  /** `undefined` when the settings do not name the system. */
  open(settings: AdapterSettings, deps: AdapterDeps): OpenTargetSystem | undefined;
}

export const adapters: readonly Adapter[] = [
  { name: "bitrix24", servedWhenSet: "BITRIX_WEBHOOK_URL", open: openBitrix24 },
];

/** All systems that the settings name. */
export function openAdapters(settings: AdapterSettings, deps: AdapterDeps): OpenTargetSystem[] {
  return adapters.flatMap((adapter) => adapter.open(settings, deps) ?? []);
}

/** A creator or tracker without any system would have nothing to do. */
export function adapterFaults(settings: AdapterSettings): SettingFault[] {
  if (adapters.some(({ servedWhenSet }) => settings[servedWhenSet] !== undefined)) return [];
  return adapters.map(({ name, servedWhenSet }) => ({
    name: servedWhenSet,
    problem: `is not set, and no other system either: ${name} would not be served`,
    example: adapterSettings[servedWhenSet].example,
  }));
}
