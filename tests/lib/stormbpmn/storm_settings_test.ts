import assert from "node:assert/strict";
import { readSettings } from "../../../lib/config/read_settings.ts";
import { stormFaults, stormSettings } from "../../../lib/stormbpmn/storm_settings.ts";

const read = (environment: Record<string, string>) => readSettings(stormSettings, environment);

Deno.test("without any setting of StormBPMN there is no fault until it is needed", () => {
  const { settings, faults } = read({});
  assert.deepEqual(faults, []);
  assert.ok(settings);
  assert.deepEqual(stormFaults(settings).map(({ name }) => name), ["STORMBPMN_BASE_URL", "STORMBPMN_API_KEY"]);
});

Deno.test("the predecessor's settings are enough, and keep their meaning", () => {
  const { settings } = read({
    STORMBPMN_BASE_URL: "https://stormbpmn.com/",
    STORMBPMN_BEARER_TOKEN: "Bearer abc.def-ghi",
    STORMBPMN_TIMEOUT: "45",
    STORMBPMN_RETRY_DELAY: "2",
  });
  assert.ok(settings);
  assert.deepEqual(stormFaults(settings), []);
  assert.equal(settings.STORMBPMN_BASE_URL, "https://stormbpmn.com");
  assert.equal(settings.STORMBPMN_BEARER_TOKEN, "abc.def-ghi");
  assert.deepEqual([settings.STORMBPMN_TIMEOUT, settings.STORMBPMN_RETRY_DELAY], [45_000, 2_000]);
  assert.deepEqual([settings.STORMBPMN_RETRY_ATTEMPTS, settings.STORMBPMN_DEFAULT_PAGE_SIZE], [3, 20]);
  assert.equal(settings.STORMBPMN_REQUESTS_PER_MINUTE, 5);
});

Deno.test("an API that is demanded needs its own credential", () => {
  const faultsWith = (environment: Record<string, string>) => {
    const { settings } = read({ STORMBPMN_BASE_URL: "https://storm.internal", ...environment });
    assert.ok(settings);
    return stormFaults(settings).map(({ name }) => name);
  };
  assert.deepEqual(faultsWith({ STORMBPMN_API: "web", STORMBPMN_API_KEY: "key" }), ["STORMBPMN_BEARER_TOKEN"]);
  assert.deepEqual(faultsWith({ STORMBPMN_API: "public", STORMBPMN_BEARER_TOKEN: "t" }), ["STORMBPMN_API_KEY"]);
  assert.deepEqual(faultsWith({ STORMBPMN_API_KEY: "key" }), []);
});

Deno.test("what no header can carry, no address and no version are faults that quote nothing", () => {
  const { faults } = read({
    STORMBPMN_BASE_URL: "stormbpmn.com",
    STORMBPMN_API_KEY: "s3cret with blanks",
    STORMBPMN_BEARER_TOKEN: "s3cret\nlines",
    STORMBPMN_API_VERSION: "../v1",
  });
  assert.deepEqual(
    faults.map(({ name }) => name),
    ["STORMBPMN_BASE_URL", "STORMBPMN_API_KEY", "STORMBPMN_BEARER_TOKEN", "STORMBPMN_API_VERSION"],
  );
  assert.doesNotMatch(JSON.stringify(faults), /s3cret/);
});
