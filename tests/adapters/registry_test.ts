import assert from "node:assert/strict";
import { adapterSettings, detourFaults, longestRequestMs, unservedQueues } from "../../adapters/registry.ts";
import { readSettings } from "../../lib/config/read_settings.ts";

function settings(environment: Readonly<Record<string, string>>) {
  const { settings } = readSettings(adapterSettings, environment);
  assert.ok(settings);
  return settings;
}

const served = { BITRIX_WEBHOOK_URL: "https://portal.example/rest/1/code" };

Deno.test("queues of systems that are not served are named, each with the reason", () => {
  const queues = unservedQueues([]);
  assert.deepEqual(queues.map(({ queue }) => queue), [
    "bitrix24.queue",
    "openproject.queue",
    "1c.queue",
    "python-services.queue",
  ]);
  assert.match(queues[0]?.why ?? "", /BITRIX_WEBHOOK_URL is not set/);
  assert.match(queues[2]?.why ?? "", /no adapter/);
  assert.ok(!unservedQueues(["bitrix24"]).some(({ queue }) => queue === "bitrix24.queue"));
});

Deno.test("a detour shorter than a request may live is a fault that names the settings which say so", () => {
  const requests = settings({ ...served, BITRIX_REQUEST_TIMEOUT: "20", BITRIX_REQUEST_LIFETIME_SECONDS: "40" });
  assert.equal(longestRequestMs("bitrix24", requests), 60_000);
  const detour = (ms: number) => ({ name: "CREATOR_DETOUR_SECONDS", ms, example: "120" });
  assert.deepEqual(detourFaults(requests, detour(60_000)), []);
  const [fault] = detourFaults(requests, detour(59_000));
  assert.equal(fault?.name, "CREATOR_DETOUR_SECONDS");
  assert.match(fault.problem, /BITRIX_REQUEST_TIMEOUT and BITRIX_REQUEST_LIFETIME_SECONDS/);
  assert.deepEqual(detourFaults(settings({}), detour(1)), [], "nobody asks a system that is not served");
});
