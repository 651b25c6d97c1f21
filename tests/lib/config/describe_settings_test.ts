import assert from "node:assert/strict";
import { describeSettings, settingsReport } from "../../../lib/config/describe_settings.ts";
import { readSettings } from "../../../lib/config/read_settings.ts";
import { text } from "../../../lib/config/schemas.ts";
import type { SettingsTable } from "../../../lib/config/setting.ts";

const table = {
  RABBITMQ_HOST: { schema: text, doc: "", example: "rmq" },
  RABBITMQ_PASSWORD: { schema: text, doc: "", example: "change-me", secret: true },
  BITRIX_WEBHOOK_URL: { schema: text, doc: "", example: "https://portal/rest/1/token/", secret: true },
  PROXY_URL: { schema: text, doc: "", example: "http://proxy", optional: true },
  LOG_LEVEL: { schema: text, doc: "", example: "info", default: "info" },
  RABBITMQ_CA_FILE: { schema: text, doc: "", example: "/ca.pem", optional: true },
} as const satisfies SettingsTable;

Deno.test("effective settings are shown with their origin and without any part of a secret", () => {
  const environment = {
    RABBITMQ_HOST: "rmq.example.org",
    RABBITMQ_PASSWORD: "p",
    BITRIX_WEBHOOK_URL: "https://portal.example.org/rest/1/abcdefgh12345678/",
    PROXY_URL: "http://user:sesame@proxy:3128/path?q=a@b",
  };
  const { found } = readSettings(table, environment, { origins: { RABBITMQ_HOST: ".env.prod" } });
  const lines = describeSettings(table, found).trimEnd().split("\n").map((line) => line.replace(/ +# /, " # "));
  assert.deepEqual(lines, [
    "RABBITMQ_HOST=rmq.example.org # .env.prod",
    "RABBITMQ_PASSWORD=*** # environment",
    "BITRIX_WEBHOOK_URL=*** # environment",
    "PROXY_URL=http://***@proxy:3128/path?q=a@b # environment",
    "LOG_LEVEL=info # default",
    "RABBITMQ_CA_FILE= # not set",
  ]);
});

Deno.test("the report names every fault with an example that can be copied, and what was read", () => {
  const { faults } = readSettings(table, {});
  const report = settingsReport(faults, "process environment; there is no .env");
  assert.match(report, /^The settings have 3 faults:/);
  for (const { name, example } of faults) {
    assert.ok(report.includes(`✗ ${name} is not set\n    for example: ${name}=${example}`));
  }
  assert.match(report, /Read: process environment; there is no \.env\./);
});
