/**
 * exchanger-creator: takes tasks from the queues of the configured systems, finds or makes their objects there and
 * reports them to `<system>.sent.queue`.
 */
import { adapterFaults, adapters, adapterSettings, openAdapters } from "./adapters/registry.ts";
import { amqpSettings } from "./lib/amqp/amqp_settings.ts";
import { retrySettings } from "./lib/amqp/delay.ts";
import { queueOf } from "./lib/amqp/topology.ts";
import { camundaSettings } from "./lib/camunda/camunda_settings.ts";
import { CamundaClient } from "./lib/camunda/client.ts";
import type { SettingsOf } from "./lib/config/setting.ts";
import { Creator } from "./lib/creator/creator.ts";
import { creatorSettings } from "./lib/creator/creator_settings.ts";
import { camundaRules } from "./lib/program/camunda_rules.ts";
import { checkAll } from "./lib/program/checks.ts";
import { cutOverSettings, refuseForeignConsumers } from "./lib/program/cut_over.ts";
import { leadershipName } from "./lib/program/leadership.ts";
import { runLed } from "./lib/program/led_role.ts";
import { main } from "./lib/program/main.ts";
import type { Program, ProgramContext } from "./lib/program/program.ts";
import { programSettings } from "./lib/program/program_settings.ts";
import { programTopology, setAsideRouteOf } from "./lib/program/program_topology.ts";
import { TaskEvents } from "./lib/program/task_events.ts";
import { trackerSettings } from "./lib/tracker/tracker_settings.ts";
import { workerSettings } from "./lib/worker/worker_settings.ts";

const table = {
  ...programSettings("creator"),
  ...camundaSettings,
  ...amqpSettings,
  ...retrySettings,
  ...cutOverSettings,
  ...creatorSettings,
  ...adapterSettings,
};
type CreatorProgramSettings = SettingsOf<typeof table>;

export async function run(settings: CreatorProgramSettings, context: ProgramContext): Promise<void> {
  const { broker, signal, log } = context;
  const systems = openAdapters(settings, context);
  const queues = systems.map(({ name }) => queueOf(name));
  await broker.declare(programTopology(settings, queues, settings.CREATOR_DETOUR_SECONDS), signal);
  const guarded = systems.map(({ name }) => ({
    kind: "led" as const,
    queue: queueOf(name),
    leadership: leadershipName("creator", name),
  }));
  await refuseForeignConsumers(settings, guarded, context);
  for (const { name, servedWhenSet } of adapters) {
    if (systems.some((system) => system.name === name)) continue;
    log.warn("creator.system_left_alone", `${queueOf(name)} is not consumed: set ${servedWhenSet} to serve ${name}`);
  }

  const camunda = new CamundaClient(settings, { log });
  const events = new TaskEvents("creator", context);
  const options = {
    batchSize: settings.CREATOR_BATCH_SIZE,
    windowMs: settings.CREATOR_BATCH_WINDOW_SECONDS,
    detourS: settings.CREATOR_DETOUR_SECONDS,
    retryDelaysS: settings.RETRY_DELAYS_SECONDS,
  };
  const deps = {
    ...context,
    camunda,
    events,
    setAsideRoute: setAsideRouteOf(settings),
    responsesQueue: settings.RABBITMQ_RESPONSES_QUEUE,
  };
  // Requests of a former leader can live until its heartbeat has failed twice and its longest request has ended.
  const takeOverMs = 2_000 * settings.RABBITMQ_HEARTBEAT + settings.BITRIX_REQUEST_TIMEOUT;
  await Promise.all(systems.map((adapter) =>
    runLed(
      { role: "creator", system: adapter.name, takeOverMs },
      context,
      (signals) => new Creator(options, { ...deps, adapter }, signals).consumer,
    )
  ));
  for (const system of systems) system[Symbol.dispose]();
  camunda.close();
}

export const program: Program<typeof table> = {
  name: "creator",
  summary: "Makes the tasks of Camunda's processes in Bitrix24 and the other configured systems.",
  examples: [
    { command: "exchanger-creator check", what: "says what is missing, and what to do" },
    { command: "exchanger-creator --env-file /etc/exchanger/.env", what: "runs until SIGTERM" },
    { command: "exchanger-creator --settings", what: "prints the effective settings" },
  ],
  settings: table,
  crossCheck: (settings) => [...camundaRules(settings), ...adapterFaults(settings)],
  run,
  check: (settings, context) => checkAll(settings, context, (system) => queueOf(system)),
};

if (import.meta.main) {
  const settingsElsewhere = Object.keys({ ...workerSettings, ...trackerSettings });
  Deno.exit(await main(program, Deno.args, { settingsElsewhere }));
}
