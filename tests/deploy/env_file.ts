/**
 * The file of settings of an installation on the test's own services, with a tenant of its own.
 * @param more what else it says, or says otherwise
 */
export function envFile(
  services: { readonly broker: Readonly<Record<string, string>>; readonly webhookUrl: string },
  more: Readonly<Record<string, string>> = {},
): string {
  const settings = {
    ...services.broker,
    CAMUNDA_BASE_URL: Deno.env.get("CAMUNDA_BASE_URL") ?? "",
    CAMUNDA_AUTH_ENABLED: "false",
    CAMUNDA_TENANT_ID: `t-${crypto.randomUUID()}`,
    BITRIX_WEBHOOK_URL: services.webhookUrl,
    HEALTH_PORT: "none",
    ...more,
  };
  return Object.entries(settings).map(([name, value]) => `${name}=${value}\n`).join("");
}
