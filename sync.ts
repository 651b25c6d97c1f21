/**
 * exchanger-sync: makes StormBPMN's diagrams into processes that Camunda runs. Commands for people and scripts, and with
 * `watch` a service.
 */
import { adapterSettings } from "./adapters/registry.ts";
import { amqpSettings } from "./lib/amqp/amqp_settings.ts";
import { retrySettings } from "./lib/amqp/delay.ts";
import { creatorSettings } from "./lib/creator/creator_settings.ts";
import { cutOverSettings } from "./lib/program/cut_over.ts";
import { analyzeCommand } from "./lib/sync/commands/analyze.ts";
import { assigneesCommand } from "./lib/sync/commands/assignees.ts";
import { checklistsCommand } from "./lib/sync/commands/checklists.ts";
import type { CommandFactory } from "./lib/sync/commands/context.ts";
import { convertCommand } from "./lib/sync/commands/convert.ts";
import { deployCommand } from "./lib/sync/commands/deploy.ts";
import { diffCommand } from "./lib/sync/commands/diff.ts";
import { lintCommand } from "./lib/sync/commands/lint.ts";
import { listCommand } from "./lib/sync/commands/list.ts";
import { pullCommand } from "./lib/sync/commands/pull.ts";
import { renderCommand } from "./lib/sync/commands/render.ts";
import { syncCommand } from "./lib/sync/commands/sync.ts";
import { watchCommand } from "./lib/sync/commands/watch.ts";
import { syncMain } from "./lib/sync/sync_main.ts";
import { trackerSettings } from "./lib/tracker/tracker_settings.ts";
import { workerSettings } from "./lib/worker/worker_settings.ts";

/** In the order of `--help`. */
export const commands: readonly CommandFactory[] = [
  listCommand,
  pullCommand,
  convertCommand,
  lintCommand,
  diffCommand,
  deployCommand,
  syncCommand,
  assigneesCommand,
  checklistsCommand,
  analyzeCommand,
  renderCommand,
];
export const services = [watchCommand];

if (import.meta.main) {
  const settingsElsewhere = Object.keys({
    ...adapterSettings,
    ...amqpSettings,
    ...retrySettings,
    ...cutOverSettings,
    ...creatorSettings,
    ...trackerSettings,
    ...workerSettings,
  });
  Deno.exit(await syncMain(Deno.args, { commands, services, settingsElsewhere }));
}
