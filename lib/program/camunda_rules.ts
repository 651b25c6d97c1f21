/** What the Camunda settings of every program must fulfil together. */
import { camundaFaults, type CamundaSettings, camundaSettings } from "../camunda/camunda_settings.ts";
import type { SettingFault } from "../config/read_settings.ts";

/** Credentials, and a tenant in production: without one a worker would take other environments' tasks too. */
export function camundaRules(
  settings: CamundaSettings & { readonly EXCHANGER_ENV: "prod" | "dev" | undefined },
): SettingFault[] {
  const faults = camundaFaults(settings);
  if (settings.EXCHANGER_ENV === "prod" && settings.CAMUNDA_TENANT_ID === undefined) {
    const { example } = camundaSettings.CAMUNDA_TENANT_ID;
    faults.push({ name: "CAMUNDA_TENANT_ID", problem: "is not set; EXCHANGER_ENV=prod needs it", example });
  }
  return faults;
}
