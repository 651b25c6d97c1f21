/**
 * exchanger-creator: takes tasks from the queues of the configured systems, finds or makes their objects there and
 * reports them to `<system>.sent.queue`.
 */
import {
  adapterFaults,
  adapterSettings,
  detourFaults,
  longestRequestMs,
  openAdapters,
  unservedQueues,
} from "./adapters/registry.ts";
import { amqpSettings } from "./lib/amqp/amqp_settings.ts";
import { retrySettings } from "./lib/amqp/delay.ts";
import { delayQueueName, queueOf } from "./lib/amqp/topology.ts";
import { camundaSettings, leaseFaults, leaseMsOf } from "./lib/camunda/camunda_settings.ts";
import { CamundaClient } from "./lib/camunda/client.ts";
import type { SettingFault } from "./lib/config/read_settings.ts";
import type { SettingsOf } from "./lib/config/setting.ts";
import { Creator } from "./lib/creator/creator.ts";
import { creatorSettings } from "./lib/creator/creator_settings.ts";
import { STRAY_SYSTEM, Strays } from "./lib/creator/strays.ts";
import { watchUnserved } from "./lib/creator/unserved_queues.ts";
import { camundaRules } from "./lib/program/camunda_rules.ts";
import { checkAll } from "./lib/program/checks.ts";
import { cutOverSettings, refuseForeignConsumers } from "./lib/program/cut_over.ts";
import { leadershipName } from "./lib/program/leadership.ts";
import { runLed } from "./lib/program/led_role.ts";
import { main } from "./lib/program/main.ts";
import type { Program, ProgramContext } from "./lib/program/program.ts";
import { programSettings } from "./lib/program/program_settings.ts";
import type { SetupRequest } from "./lib/program/setup_program.ts";
import { programTopology, setAsideRouteOf } from "./lib/program/program_topology.ts";
import { TaskEvents } from "./lib/program/task_events.ts";
import { logOf } from "./lib/telemetry/log.ts";
import type { SetupStep } from "./lib/telemetry/setup_step.ts";
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
  const detourS = settings.CREATOR_DETOUR_SECONDS;
  const systems = openAdapters(settings, context);
  const queues = systems.map(({ name }) => queueOf(name));
  await broker.declare(programTopology(settings, queues, detourS), signal);
  const guarded = [...systems.map(({ name }) => name), STRAY_SYSTEM].map((name) => ({
    kind: "led" as const,
    queue: queueOf(name),
    leadership: leadershipName("creator", name),
  }));
  await refuseForeignConsumers(settings, guarded, context);

  const camunda = new CamundaClient(settings, { log });
  const options = {
    batchSize: settings.CREATOR_BATCH_SIZE,
    windowMs: settings.CREATOR_BATCH_WINDOW_SECONDS,
    detourS,
    retryDelaysS: settings.RETRY_DELAYS_SECONDS,
    leaseMs: leaseMsOf(settings, log),
    workerId: settings.CAMUNDA_WORKER_ID,
  };
  const deps = {
    ...context,
    camunda,
    events: new TaskEvents("creator", context),
    setAsideRoute: setAsideRouteOf(settings),
    responsesQueue: settings.RABBITMQ_RESPONSES_QUEUE,
  };

  /** A dead leader's connection is noticed after two heartbeats at most; what it had begun may live on at the target. */
  async function pauseMs(system: string, tookOver: boolean): Promise<number> {
    const requestMs = longestRequestMs(system, settings);
    if (tookOver) return 2_000 * settings.RABBITMQ_HEARTBEAT + requestMs;
    // Tasks on a detour were begun by a program before this one, and fresh copies of them may be in the queue.
    const detours = [detourS, ...settings.RETRY_DELAYS_SECONDS.filter((seconds) => seconds > detourS)];
    const states = await Promise.all(
      detours.map((seconds) => broker.inspect(delayQueueName(queueOf(system), seconds))),
    );
    return states.some((state) => state.kind === "present" && state.messages > 0) ? requestMs : 0;
  }

  await Promise.all([
    ...systems.map((adapter) =>
      runLed(
        {
          role: "creator",
          system: adapter.name,
          pauseMs: (tookOver) => pauseMs(adapter.name, tookOver),
        },
        context,
        (signals) => new Creator(options, { ...deps, adapter }, signals).consumer,
      )
    ),
    runLed(
      { role: "creator", system: STRAY_SYSTEM, pauseMs: () => Promise.resolve(0) },
      context,
      (signals) => new Strays(deps, signals).consumer,
    ),
    watchUnserved(unservedQueues(systems.map(({ name }) => name)), context, signal),
  ]);
  for (const system of systems) system[Symbol.dispose]();
  camunda.close();
}

function crossCheck(settings: CreatorProgramSettings): SettingFault[] {
  const { CREATOR_DETOUR_SECONDS, RETRY_DELAYS_SECONDS } = settings;
  const detour = {
    name: "CREATOR_DETOUR_SECONDS",
    ms: CREATOR_DETOUR_SECONDS * 1000,
    example: creatorSettings.CREATOR_DETOUR_SECONDS.example,
  };
  const retry = {
    name: "RETRY_DELAYS_SECONDS",
    ms: Math.max(...RETRY_DELAYS_SECONDS) * 1000,
    example: retrySettings.RETRY_DELAYS_SECONDS.example,
  };
  return [
    ...camundaRules(settings),
    ...adapterFaults(settings),
    ...detourFaults(settings, detour),
    ...leaseFaults(settings, [detour, retry]),
  ];
}

async function setUpSystem(
  settings: CreatorProgramSettings,
  { system, apply }: SetupRequest,
  { clock, signal }: Pick<ProgramContext, "clock" | "signal">,
): Promise<SetupStep[] | undefined> {
  const systems = openAdapters(settings, { clock, log: logOf("setup") });
  try {
    return await systems.find(({ name }) => name === system)?.setup?.({ apply }, signal);
  } finally {
    for (const opened of systems) opened[Symbol.dispose]();
  }
}

export const program: Program<typeof table> = {
  name: "creator",
  summary: "Makes the tasks of Camunda's processes in Bitrix24 and the other configured systems.",
  examples: [
    { command: "exchanger-creator check", what: "says what is missing, and what to do" },
    {
      command: "exchanger-creator setup bitrix24",
      what: "says which task fields the portal lacks; --apply makes them",
    },
    { command: "exchanger-creator --env-file /etc/exchanger/.env", what: "runs until SIGTERM" },
    { command: "exchanger-creator --settings", what: "prints the effective settings" },
  ],
  settings: table,
  crossCheck,
  run,
  check: (settings, context) => checkAll(settings, context, (systems) => [...systems, STRAY_SYSTEM].map(queueOf)),
  setup: setUpSystem,
};

if (import.meta.main) {
  const settingsElsewhere = Object.keys({ ...workerSettings, ...trackerSettings });
  Deno.exit(await main(program, Deno.args, { settingsElsewhere }));
}
