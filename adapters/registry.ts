/** The list of target systems. A new one adds its settings table and its line here, and its folder beside. */
import type { Meter } from "@opentelemetry/api";
import { queueOf, systems } from "../lib/amqp/topology.ts";
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
  /** Without it adapters count nothing. */
  readonly meter?: Meter | undefined;
}

/** A target system and its connections, which end with `dispose`. */
export type OpenTargetSystem = TargetSystem & Disposable;

export interface Adapter {
  /** As in queue names. */
  readonly name: string;
  /** The setting that, when set, makes programs serve the system. */
  readonly servedWhenSet: keyof AdapterSettings;
  /** The settings that, added up, say how long a request to the system may live. */
  readonly requestLifetime: readonly (keyof AdapterSettings)[];
  /** The setting by which calls of the system are verified; absent when it calls nobody. */
  readonly webhookSecret?: keyof AdapterSettings;
  /** `undefined` when the settings do not name the system. */
  open(settings: AdapterSettings, deps: AdapterDeps): OpenTargetSystem | undefined;
}

export const adapters: readonly Adapter[] = [
  {
    name: "bitrix24",
    servedWhenSet: "BITRIX_WEBHOOK_URL",
    requestLifetime: ["BITRIX_REQUEST_TIMEOUT", "BITRIX_REQUEST_LIFETIME_SECONDS"],
    webhookSecret: "BITRIX_APPLICATION_TOKEN",
    open: openBitrix24,
  },
];

/** All systems that the settings name. */
export function openAdapters(settings: AdapterSettings, deps: AdapterDeps): OpenTargetSystem[] {
  return adapters.flatMap((adapter) => adapter.open(settings, deps) ?? []);
}

/** After so many milliseconds a request to the system has taken effect or never will, whatever became of its answer. */
export function longestRequestMs(system: string, settings: AdapterSettings): number {
  const { requestLifetime = [] } = adapters.find(({ name }) => name === system) ?? {};
  return requestLifetime.reduce((sum, setting) => sum + Number(settings[setting]), 0);
}

/** A look for an object proves nothing before the last request that may create it has ended. `detour` is in milliseconds. */
export function detourFaults(
  settings: AdapterSettings,
  detour: { name: string; ms: number; example: string },
): SettingFault[] {
  const { name, ms, example } = detour;
  return served(settings).filter((adapter) => ms < longestRequestMs(adapter.name, settings)).map((adapter) => ({
    name,
    problem: `must be at least ${
      adapter.requestLifetime.join(" and ")
    } together: so long a request may still take effect`,
    example,
  }));
}

/** A port for webhooks is of no use, and every call refused, when no system has what verifies its calls. */
export function webhookFaults(settings: AdapterSettings, portSetting: string): SettingFault[] {
  const secrets = served(settings).flatMap(({ webhookSecret }) => webhookSecret ?? []);
  if (secrets.some((name) => settings[name] !== undefined)) return [];
  return secrets.map((name) => ({
    name,
    problem: `is not set, but ${portSetting} is: nobody could tell who calls`,
    example: adapterSettings[name].example,
  }));
}

function served(settings: AdapterSettings): Adapter[] {
  return adapters.filter(({ servedWhenSet }) => settings[servedWhenSet] !== undefined);
}

/** The queues of the systems that are not among those served, and why. */
export function unservedQueues(served: readonly string[]): { readonly queue: string; readonly why: string }[] {
  return systems.filter((system) => !served.includes(system)).map((system) => {
    const setting = adapters.find(({ name }) => name === system)?.servedWhenSet;
    const why = setting === undefined ? "this version has no adapter for it" : `${setting} is not set`;
    return { queue: queueOf(system), why };
  });
}

/** A creator or tracker without any system would have nothing to do. */
export function adapterFaults(settings: AdapterSettings): SettingFault[] {
  if (served(settings).length > 0) return [];
  return adapters.map(({ name, servedWhenSet }) => ({
    name: servedWhenSet,
    problem: `is not set, and no other system either: ${name} would not be served`,
    example: adapterSettings[servedWhenSet].example,
  }));
}
