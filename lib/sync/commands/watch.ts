/** `exchanger-sync watch`: as `sync`, again and again, as a service. */
import type { Command } from "commander";
import { z } from "zod";
import type { OpenedService, ServiceContext } from "../../program/run_service.ts";
import { convertChoices } from "../drawing_converter.ts";
import { openDeployer, openPull } from "../open_systems.ts";
import { selectionOf } from "../selection.ts";
import type { SyncSettings } from "../sync_settings.ts";
import { Synchroniser } from "../synchroniser.ts";
import { Watch } from "../watch.ts";
import { mappingFlags, mappingHelp, mappingOf } from "./mapping_option.ts";
import { addSelection, selectionShape } from "./selection_options.ts";
import { subCommand } from "./sub_command.ts";

/** Runs what `open` sets up as a service, and resolves with its exit code. */
export type RunService = (open: (context: ServiceContext) => OpenedService) => Promise<number>;
export type ServiceWork = (settings: SyncSettings, run: RunService) => Promise<number>;
export type ServiceFactory = (choose: (work: ServiceWork) => void) => Command;

const watchOptions = z.object({ ...selectionShape, strict: z.boolean().optional(), mapping: z.string().optional() });
type WatchOptions = z.infer<typeof watchOptions>;

export function watchCommand(choose: (work: ServiceWork) => void): Command {
  const command = subCommand({
    name: "watch",
    summary: "Looks for changed diagrams every SYNC_INTERVAL seconds and deploys them, as a service, until SIGTERM.",
    examples: [
      { command: "exchanger-sync watch --env-file /etc/exchanger/.env", what: "as the unit of systemd does" },
      { command: "exchanger-sync watch --dry-run --log-format json", what: "only logs what would be deployed" },
    ],
    writes: true,
  });
  addSelection(command, "as SYNC_STATUSES and the like say")
    .option("--strict", "refuses diagrams of which something would be lost")
    .option(mappingFlags, mappingHelp);
  return command.action((raw) => {
    const options = watchOptions.extend({ dryRun: z.boolean().default(false) }).parse(raw);
    choose(async (settings, run) => {
      const mapping = await mappingOf(options.mapping, { settings, signal: new AbortController().signal });
      return await run((context) => openWatch(settings, { ...options, mapping }, context));
    });
  });
}

export function openWatch(
  settings: SyncSettings,
  options: Omit<WatchOptions, "mapping"> & Parameters<typeof convertChoices>[1] & { readonly dryRun: boolean },
  context: ServiceContext,
): OpenedService {
  const { clock, log, health } = context;
  const selection = selectionOf(settings, options);
  const { deployer, camunda } = openDeployer(settings, { clock, log });
  const pull = openPull(settings, { clock, log, onWait: () => health.waiting("StormBPMN's limit of requests") });
  const synchroniser = new Synchroniser({
    selection,
    all: false,
    choices: convertChoices(settings, options),
    dryRun: options.dryRun,
    tenantId: settings.CAMUNDA_TENANT_ID,
  }, { pull, camunda, deployer });
  const watch = new Watch(
    { enabled: settings.SYNC_ENABLED, intervalMs: settings.SYNC_INTERVAL },
    synchroniser,
    context,
  );
  return {
    run: () => watch.run(),
    close() {
      pull[Symbol.dispose]();
      camunda.close();
      return Promise.resolve();
    },
  };
}
