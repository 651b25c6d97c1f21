/** The systems between which sync stands, as the settings describe them; what is missing in the settings is said here. */
import { CamundaClient } from "../camunda/client.ts";
import type { CamundaSettings } from "../camunda/camunda_settings.ts";
import { SettingsError } from "../config/require_settings.ts";
import { camundaRules } from "../program/camunda_rules.ts";
import { openStorm as open } from "../stormbpmn/open_storm.ts";
import type { StormClient } from "../stormbpmn/storm_client.ts";
import { stormFaults } from "../stormbpmn/storm_settings.ts";
import type { Log } from "../telemetry/log.ts";
import type { Clock } from "../time/clock.ts";
import type { OpenPull } from "./commands/context.ts";
import { Deployer, type DeployerOptions } from "./deployment/deployer.ts";
import { deployerOptions } from "./deployment/deployer_options.ts";
import { openLinkedTasks } from "./linked_checklists.ts";
import { type SyncSettings, syncSettings } from "./sync_settings.ts";

export interface OpenDeps {
  readonly clock: Clock;
  readonly log: Log;
  /** Told before each wait for StormBPMN's limit. */
  readonly onWait?: (waitMs: number) => void;
}

/** @throws {SettingsError} */
export function openStorm(settings: SyncSettings, deps: OpenDeps): StormClient {
  const faults = stormFaults(settings);
  if (faults.length > 0) throw new SettingsError(faults);
  return open(settings, deps);
}

/** @throws {SettingsError} */
export function openPull(settings: SyncSettings, deps: OpenDeps): OpenPull {
  const storm = openStorm(settings, deps);
  const tasks = openLinkedTasks(settings, deps.clock);
  return {
    storm,
    ...(tasks && { checklistsOf: (ids, signal) => tasks.checklistsOf(ids, signal) }),
    [Symbol.dispose]() {
      storm[Symbol.dispose]();
      tasks?.[Symbol.dispose]();
    },
  };
}

/** @throws {SettingsError} */
export function openCamunda(settings: SyncSettings, { log }: Pick<OpenDeps, "log">): CamundaClient {
  if (!namesCamunda(settings)) {
    const { example } = syncSettings.CAMUNDA_BASE_URL;
    throw new SettingsError([{ name: "CAMUNDA_BASE_URL", problem: "is not set", example }]);
  }
  const faults = camundaRules(settings);
  if (faults.length > 0) throw new SettingsError(faults);
  return new CamundaClient(settings, { log });
}

export interface OpenDeployer {
  readonly deployer: Deployer;
  readonly camunda: CamundaClient;
}

/** @throws {SettingsError} */
export function openDeployer(
  settings: SyncSettings,
  { clock, log }: OpenDeps,
  options: Partial<DeployerOptions> = {},
): OpenDeployer {
  const camunda = openCamunda(settings, { log });
  const topics = settings.WORKER_EXTRA_TOPICS.map(({ topic }) => topic);
  return { camunda, deployer: new Deployer({ ...deployerOptions(settings, topics), clock, ...options }, camunda) };
}

function namesCamunda(settings: SyncSettings): settings is SyncSettings & CamundaSettings {
  return settings.CAMUNDA_BASE_URL !== undefined;
}
