import assert from "node:assert/strict";
import { RecordedLog } from "../amqp/recorded_log.ts";
import { camundaFaults, camundaSettings, leaseMsOf } from "../../../lib/camunda/camunda_settings.ts";
import { readSettings } from "../../../lib/config/read_settings.ts";
import { settingsFor } from "./camunda_fixture.ts";

Deno.test("an address is enough, and its trailing slashes do not matter", () => {
  const settings = settingsFor("https://camunda.internal/engine-rest//");
  assert.equal(settings.CAMUNDA_BASE_URL, "https://camunda.internal/engine-rest");
  assert.equal(settings.CAMUNDA_WORKER_ID, "universal-worker");
  assert.equal(settings.CAMUNDA_FETCH_LOCK_DURATION, 300_000);
  assert.equal(settings.CAMUNDA_LOCK_DURATION, 86_400_000);
});

Deno.test("a lease of more than 7 days, as in the predecessor's files, is reported and taken as 24 h", () => {
  const lease = (text: string) => {
    const log = new RecordedLog();
    return [leaseMsOf(settingsFor("http://camunda", { CAMUNDA_LOCK_DURATION: text }), log), log.codes];
  };
  assert.deepEqual(lease("31536000000"), [86_400_000, ["camunda.lease_shortened"]]);
  assert.deepEqual(lease("604800000"), [604_800_000, []]);
});

Deno.test("both spellings of the predecessor are read", () => {
  const settings = settingsFor("http://camunda", {
    CAMUNDA_ASYNC_RESPONSE_TIMEOUT: "25000",
    CAMUNDA_TIMEOUT_DELTA_MILLIS: "6000",
    CAMUNDA_HTTP_TIMEOUT_MILLIS: "7000",
  });
  assert.deepEqual(
    [settings.CAMUNDA_ASYNC_TIMEOUT, settings.CAMUNDA_TIMEOUT_DELTA, settings.CAMUNDA_HTTP_TIMEOUT],
    [25_000, 6_000, 7_000],
  );
});

Deno.test("what is not an address, a lease of seconds and a poll beyond Camunda's limit are faults", () => {
  const { faults } = readSettings(camundaSettings, {
    CAMUNDA_BASE_URL: "camunda.internal/engine-rest",
    CAMUNDA_LOCK_DURATION: "60",
    CAMUNDA_ASYNC_TIMEOUT: "1800001",
  });
  assert.deepEqual(faults.map((fault) => fault.name).sort(), [
    "CAMUNDA_ASYNC_TIMEOUT",
    "CAMUNDA_BASE_URL",
    "CAMUNDA_LOCK_DURATION",
  ]);
});

Deno.test("credentials are missed unless they are switched off or a token is there", () => {
  const missed = (environment: Readonly<Record<string, string>>) =>
    camundaFaults(settingsFor("http://camunda", environment)).map((fault) => fault.name);
  assert.deepEqual(missed({ CAMUNDA_AUTH_ENABLED: "true" }), ["CAMUNDA_AUTH_USERNAME", "CAMUNDA_AUTH_PASSWORD"]);
  assert.deepEqual(missed({ CAMUNDA_AUTH_ENABLED: "true", CAMUNDA_AUTH_USERNAME: "u" }), ["CAMUNDA_AUTH_PASSWORD"]);
  assert.deepEqual(missed({ CAMUNDA_AUTH_ENABLED: "true", CAMUNDA_BEARER_TOKEN: "t" }), []);
  assert.deepEqual(missed({ CAMUNDA_AUTH_ENABLED: "false" }), []);
});
