/**
 * exchanger-tracker: watches the objects that `<system>.sent.queue` names until a person or a service is done with them,
 * and answers to `camunda.responses.queue`.
 */
import { adapterFaults, adapterSettings, openAdapters, webhookFaults } from "./adapters/registry.ts";
import { amqpSettings } from "./lib/amqp/amqp_settings.ts";
import { retrySettings } from "./lib/amqp/delay.ts";
import { joinTopologies, sentQueueOf, waitingQueue } from "./lib/amqp/topology.ts";
import { camundaSettings, leaseFaults, leaseMsOf } from "./lib/camunda/camunda_settings.ts";
import { CamundaClient } from "./lib/camunda/client.ts";
import type { SettingFault } from "./lib/config/read_settings.ts";
import type { SettingsOf } from "./lib/config/setting.ts";
import { camundaRules } from "./lib/program/camunda_rules.ts";
import { creatorSettings } from "./lib/creator/creator_settings.ts";
import { checkAll } from "./lib/program/checks.ts";
import { cutOverSettings, refuseForeignConsumers } from "./lib/program/cut_over.ts";
import { leadershipName } from "./lib/program/leadership.ts";
import { runLed } from "./lib/program/led_role.ts";
import { main } from "./lib/program/main.ts";
import type { Program, ProgramContext } from "./lib/program/program.ts";
import { programSettings } from "./lib/program/program_settings.ts";
import { programTopology, setAsideRouteOf } from "./lib/program/program_topology.ts";
import { TaskEvents } from "./lib/program/task_events.ts";
import { HintLine } from "./lib/tracker/hint_line.ts";
import { LookIntervals } from "./lib/tracker/look_intervals.ts";
import { OpenTasks } from "./lib/tracker/open_tasks.ts";
import { Tracker } from "./lib/tracker/tracker.ts";
import { trackerSettings } from "./lib/tracker/tracker_settings.ts";
import { openWebhookPort } from "./lib/tracker/webhook_server.ts";
import { workerSettings } from "./lib/worker/worker_settings.ts";

const table = {
  ...programSettings("tracker"),
  ...camundaSettings,
  ...amqpSettings,
  ...retrySettings,
  ...cutOverSettings,
  ...trackerSettings,
  ...adapterSettings,
};
type TrackerProgramSettings = SettingsOf<typeof table>;

export async function run(settings: TrackerProgramSettings, context: ProgramContext): Promise<void> {
  const { broker, signal, log } = context;
  const systems = openAdapters(settings, context);
  const called = systems.flatMap(({ name, webhook }) =>
    webhook === undefined ? [] : [[name, { webhook, line: new HintLine(name, context.meter) }] as const]
  );
  const lines = new Map(called);
  await using webhooks = openWebhookPort(settings, lines, context);
  const intervals = new LookIntervals(settings.TRACKER_INTERVAL_SECONDS, settings.TRACKER_SLOWER_LOOKS);
  const waiting = systems.flatMap(({ name }) => intervals.all.map((seconds) => waitingQueue(name, seconds)));
  await broker.declare(joinTopologies(programTopology(settings, []), ...waiting), signal);
  const guarded = systems.map(({ name }) => ({
    kind: "led" as const,
    queue: sentQueueOf(name),
    leadership: leadershipName("tracker", name),
  }));
  await refuseForeignConsumers(settings, guarded, context);

  const camunda = new CamundaClient(settings, { log });
  const options = {
    intervals,
    batchSize: settings.TRACKER_BATCH_SIZE,
    windowMs: settings.TRACKER_BATCH_WINDOW_SECONDS,
    leaseMs: leaseMsOf(settings, log),
    workerId: settings.CAMUNDA_WORKER_ID,
    missingShare: settings.TRACKER_MISSING_PERCENT / 100,
  };
  const deps = {
    ...context,
    camunda,
    events: new TaskEvents("tracker", context),
    setAsideRoute: setAsideRouteOf(settings),
    responsesQueue: settings.RABBITMQ_RESPONSES_QUEUE,
  };
  await Promise.all(systems.map((adapter) => {
    const openTasks = new OpenTasks(adapter.name, intervals.all, context.meter, context.clock);
    const hints = webhooks && lines.get(adapter.name)?.line;
    return runLed(
      // Looking twice does no harm, so a take-over needs no pause.
      { role: "tracker", system: adapter.name, pauseMs: () => Promise.resolve(0) },
      context,
      (signals) => new Tracker(options, { ...deps, adapter, openTasks, hints }, signals),
    );
  }));
  for (const system of systems) system[Symbol.dispose]();
  camunda.close();
}

function crossCheck(settings: TrackerProgramSettings): SettingFault[] {
  const interval = {
    name: "TRACKER_INTERVAL_SECONDS",
    ms: settings.TRACKER_INTERVAL_SECONDS * 1000,
    example: trackerSettings.TRACKER_INTERVAL_SECONDS.example,
  };
  const slower = {
    name: "TRACKER_SLOWER_LOOKS",
    ms: Math.max(0, ...settings.TRACKER_SLOWER_LOOKS.map(({ everyS }) => everyS)) * 1000,
    example: "none",
  };
  return [
    ...camundaRules(settings),
    ...adapterFaults(settings),
    ...leaseFaults(settings, [interval, slower]),
    ...(settings.TRACKER_WEBHOOK_PORT === 0 ? [] : webhookFaults(settings, "TRACKER_WEBHOOK_PORT")),
  ];
}

export const program: Program<typeof table> = {
  name: "tracker",
  summary: "Watches the tasks of Camunda's processes in Bitrix24 and the other configured systems until they are done.",
  examples: [
    { command: "exchanger-tracker check", what: "says what is missing, and what to do" },
    { command: "exchanger-tracker --env-file /etc/exchanger/.env", what: "runs until SIGTERM" },
    { command: "exchanger-tracker --settings", what: "prints the effective settings" },
  ],
  settings: table,
  crossCheck,
  run,
  check: (settings, context) => checkAll(settings, context, (systems) => systems.map(sentQueueOf)),
};

if (import.meta.main) {
  const settingsElsewhere = Object.keys({ ...workerSettings, ...creatorSettings });
  Deno.exit(await main(program, Deno.args, { settingsElsewhere }));
}
