/** Prints `.env.example` from the settings tables of all programs: `deno task env > .env.example`. */
import { bitrixSettings } from "../adapters/bitrix24/bitrix_settings.ts";
import { amqpSettings } from "../lib/amqp/amqp_settings.ts";
import { retrySettings } from "../lib/amqp/delay.ts";
import { camundaSettings } from "../lib/camunda/camunda_settings.ts";
import { envExample } from "../lib/config/env_example.ts";
import { creatorSettings } from "../lib/creator/creator_settings.ts";
import { cutOverSettings } from "../lib/program/cut_over.ts";
import { programSettings } from "../lib/program/program_settings.ts";
import { stormSettings } from "../lib/stormbpmn/storm_settings.ts";
import { deploymentSettings } from "../lib/sync/deployment/deployment_settings.ts";
import { ownSyncSettings } from "../lib/sync/sync_settings.ts";
import { trackerSettings } from "../lib/tracker/tracker_settings.ts";
import { workerSettings } from "../lib/worker/worker_settings.ts";

const introduction =
  `# Settings of all Exchanger programs. Copy to .env (or .env.prod / .env.dev, chosen by EXCHANGER_ENV) and fill in.
# The process environment wins over this file. Lines without a # must be set; the others show the default or an example.
# \`deno task worker --settings\` prints what is in effect, and everything that is wrong at once.

`;

export function renderEnvExample(): string {
  return introduction + envExample([
    { title: "Camunda", table: camundaSettings },
    { title: "RabbitMQ", table: amqpSettings },
    { title: "Bitrix24", table: bitrixSettings },
    { title: "Worker", table: workerSettings },
    { title: "Creator", table: creatorSettings },
    { title: "Tracker", table: trackerSettings },
    { title: "StormBPMN", table: stormSettings },
    { title: "Sync", table: { ...ownSyncSettings, ...deploymentSettings } },
    { title: "All programs", table: { ...retrySettings, ...cutOverSettings, ...programSettings("worker") } },
  ]);
}

if (import.meta.main) Deno.stdout.writeSync(new TextEncoder().encode(renderEnvExample()));
