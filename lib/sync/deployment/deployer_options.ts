/** How a deployer deploys. */
import type { CamundaSettings } from "../../camunda/camunda_settings.ts";
import type { Clock } from "../../time/clock.ts";
import type { DeploymentSettings } from "./deployment_settings.ts";
import type { OlderVersions } from "./older_versions.ts";

export interface DeployerOptions {
  /** The worker's: it takes no tasks of other tenants. Without one the processes belong to none. */
  readonly tenantId?: string | undefined;
  /** @default "camunda-sync" */
  readonly source?: string;
  /** Who deploys; part of the deployment's name. */
  readonly by?: string | undefined;
  /** Leave alone what Camunda has already. @default true */
  readonly duplicateFiltering?: boolean;
  /** @default "keep" */
  readonly olderVersions?: OlderVersions;
  /** A process that was made of another diagram may be replaced. @default false */
  readonly takeOver?: boolean;
  /** Topics that the worker fetches besides the known ones. @default none */
  readonly extraTopics?: readonly string[];
  /** Tries when Camunda cannot be reached or is too busy, 1 s to 10 s apart. @default 3 */
  readonly attempts?: number;
  /** @default systemClock */
  readonly clock?: Clock;
}

/** `extraTopics`: what WORKER_EXTRA_TOPICS names. */
export function deployerOptions(
  settings: DeploymentSettings & Pick<CamundaSettings, "CAMUNDA_TENANT_ID">,
  extraTopics: readonly string[] = [],
): DeployerOptions {
  return {
    tenantId: settings.CAMUNDA_TENANT_ID,
    source: settings.SYNC_DEPLOYMENT_SOURCE,
    by: settings.SYNC_DEPLOYED_BY,
    duplicateFiltering: settings.SYNC_DUPLICATE_FILTERING,
    olderVersions: settings.SYNC_OLDER_VERSIONS,
    takeOver: settings.SYNC_TAKE_OVER,
    attempts: settings.SYNC_DEPLOY_ATTEMPTS,
    extraTopics,
  };
}
