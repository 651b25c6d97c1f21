import assert from "node:assert/strict";
import { camundaSettings } from "../../../../lib/camunda/camunda_settings.ts";
import { readSettings } from "../../../../lib/config/read_settings.ts";
import { requireSettings } from "../../../../lib/config/require_settings.ts";
import { deployerOptions } from "../../../../lib/sync/deployment/deployer_options.ts";
import { deploymentSettings } from "../../../../lib/sync/deployment/deployment_settings.ts";

const table = { ...deploymentSettings, CAMUNDA_TENANT_ID: camundaSettings.CAMUNDA_TENANT_ID };

Deno.test("without settings duplicates are filtered, older versions kept and nothing taken over", () => {
  const options = deployerOptions(requireSettings(table, { CAMUNDA_TENANT_ID: "imenaProd" }), ["mine"]);
  assert.deepEqual(options, {
    tenantId: "imenaProd",
    source: "camunda-sync",
    by: undefined,
    duplicateFiltering: true,
    olderVersions: "keep",
    takeOver: false,
    attempts: 3,
    extraTopics: ["mine"],
  });
});

Deno.test("what becomes of older versions is one of three words", () => {
  const { faults } = readSettings(deploymentSettings, { SYNC_OLDER_VERSIONS: "delete", SYNC_COCKPIT_URL: "cockpit" });
  assert.deepEqual(faults.map(({ name }) => name).toSorted(), ["SYNC_COCKPIT_URL", "SYNC_OLDER_VERSIONS"]);
});
