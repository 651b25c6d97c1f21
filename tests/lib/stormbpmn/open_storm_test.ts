import assert from "node:assert/strict";
import { readSettings } from "../../../lib/config/read_settings.ts";
import { openStorm } from "../../../lib/stormbpmn/open_storm.ts";
import { stormSettings } from "../../../lib/stormbpmn/storm_settings.ts";
import { startStormSimulator } from "../../../simulators/stormbpmn/simulator.ts";
import { RecordedLog } from "../amqp/recorded_log.ts";
import { SleepingClock } from "../bitrix24/sleeping_clock.ts";
import { DRAWING, failureOf, never } from "./storm_place.ts";

const deps = () => ({ clock: new SleepingClock(), log: new RecordedLog() });

Deno.test("a token that was renewed in its file counts from the next request on", async () => {
  await using simulator = await startStormSimulator({ bearerToken: "s3cret-of-this-week" });
  let inFile = "s3cret-of-last-week";
  const reading = readSettings(stormSettings, {
    STORMBPMN_BASE_URL: simulator.baseUrl,
    STORMBPMN_BEARER_TOKEN_FILE: "/run/credentials/token",
    STORMBPMN_REQUESTS_PER_MINUTE: "0",
  }, { readTextFile: () => `${inFile}\n` });
  assert.ok(reading.settings);
  using client = openStorm(reading.settings, deps());
  const id = simulator.diagrams.add({ name: "D", xml: DRAWING });
  assert.equal((await failureOf(client.diagram(id, never))).failure, "denied");
  inFile = "s3cret-of-this-week";
  reading.rereadSecretFiles();
  assert.equal((await client.diagram(id, never)).name, "D");
});

Deno.test("StormBPMN is not opened without what it needs", () => {
  const { settings } = readSettings(stormSettings, { STORMBPMN_API_KEY: "key" });
  assert.ok(settings);
  assert.throws(() => openStorm(settings, deps()), /STORMBPMN_BASE_URL is not set/);
});
