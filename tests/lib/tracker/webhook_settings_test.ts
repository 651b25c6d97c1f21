import assert from "node:assert/strict";
import { readSettings } from "../../../lib/config/read_settings.ts";
import { program as tracker } from "../../../tracker.ts";

const required = {
  CAMUNDA_BASE_URL: "http://camunda.example/engine-rest",
  CAMUNDA_AUTH_ENABLED: "false",
  RABBITMQ_HOST: "rabbit.example",
  RABBITMQ_USERNAME: "exchanger",
  RABBITMQ_PASSWORD: "sesame-42",
  RABBITMQ_VIRTUAL_HOST: "/test",
  BITRIX_WEBHOOK_URL: "https://portal.example/rest/1/webhook-code",
};

/** The faults that the tracker finds in these settings, by name. */
function faults(settings: Readonly<Record<string, string>>): Record<string, string> {
  const reading = readSettings(tracker.settings, { ...required, ...settings });
  const all = [...reading.faults, ...tracker.crossCheck?.(reading.assumed) ?? []];
  return Object.fromEntries(all.map(({ name, problem }) => [name, problem]));
}

Deno.test("a webhook port without a token to verify calls by is a fault; a token without a port is none", () => {
  assert.deepEqual(faults({}), {});
  assert.deepEqual(faults({ BITRIX_APPLICATION_TOKEN: "a" }), {});
  assert.deepEqual(faults({ BITRIX_APPLICATION_TOKEN: "a", TRACKER_WEBHOOK_PORT: "8093" }), {});
  const { BITRIX_APPLICATION_TOKEN } = faults({ TRACKER_WEBHOOK_PORT: "8093" });
  assert.match(BITRIX_APPLICATION_TOKEN ?? "", /is not set, but TRACKER_WEBHOOK_PORT is/);
});

Deno.test("tokens are words between commas; a stray comma is a fault that shows none of them", () => {
  const { settings } = readSettings(tracker.settings, { ...required, BITRIX_APPLICATION_TOKEN: " first , second " });
  assert.deepEqual(settings?.BITRIX_APPLICATION_TOKEN, ["first", "second"]);
  const { BITRIX_APPLICATION_TOKEN = "" } = faults({ BITRIX_APPLICATION_TOKEN: "first,,second" });
  assert.match(BITRIX_APPLICATION_TOKEN, /must be one token or several/);
  assert.doesNotMatch(BITRIX_APPLICATION_TOKEN, /first|second/);
});
