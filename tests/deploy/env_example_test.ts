import assert from "node:assert/strict";
import { parse } from "dotenv";
import { renderEnvExample } from "../../deploy/env_example.ts";
import { requireSettings } from "../../lib/config/require_settings.ts";
import { program as creator } from "../../creator.ts";
import { syncSettings } from "../../lib/sync/sync_settings.ts";
import { program as tracker } from "../../tracker.ts";
import { program as worker } from "../../worker.ts";

const file = new URL("../../.env.example", import.meta.url);

Deno.test(".env.example says what the settings tables say", () => {
  assert.equal(Deno.readTextFileSync(file), renderEnvExample(), "run: deno task env > .env.example");
});

Deno.test(".env.example with every line taken in suits all programs", () => {
  const uncommented = Deno.readTextFileSync(file).replaceAll(/^#([A-Z0-9_]+=)/gm, "$1");
  for (const { settings, name } of [worker, creator, tracker]) {
    assert.ok(requireSettings(settings, parse(uncommented)), name);
  }
  assert.ok(requireSettings(syncSettings, parse(uncommented)), "sync");
});
