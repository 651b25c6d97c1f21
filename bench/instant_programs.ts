/**
 * `creator` or `tracker` over a target that answers at once and keeps every task open: what is left is our own work, with
 * the real broker and the question to Camunda. Only the adapter is another one; a lead is not needed for it.
 */
import type { CreateOutcome, Progress, TargetSystem, Withdrawal } from "../adapters/target_system.ts";
import { amqpSettings } from "../lib/amqp/amqp_settings.ts";
import { retrySettings } from "../lib/amqp/delay.ts";
import { joinTopologies, queueOf, waitingQueue } from "../lib/amqp/topology.ts";
import { camundaSettings, leaseMsOf } from "../lib/camunda/camunda_settings.ts";
import { CamundaClient } from "../lib/camunda/client.ts";
import type { SettingsOf } from "../lib/config/setting.ts";
import { Creator } from "../lib/creator/creator.ts";
import { creatorSettings } from "../lib/creator/creator_settings.ts";
import type { SentMessage } from "../lib/messages/sent_message.ts";
import type { TaskMessage } from "../lib/messages/task_message.ts";
import { cutOverSettings } from "../lib/program/cut_over.ts";
import { main } from "../lib/program/main.ts";
import type { ProgramContext } from "../lib/program/program.ts";
import { programSettings } from "../lib/program/program_settings.ts";
import { programTopology, setAsideRouteOf } from "../lib/program/program_topology.ts";
import { TaskEvents } from "../lib/program/task_events.ts";
import { LookIntervals } from "../lib/tracker/look_intervals.ts";
import { OpenTasks } from "../lib/tracker/open_tasks.ts";
import { Tracker } from "../lib/tracker/tracker.ts";
import { trackerSettings } from "../lib/tracker/tracker_settings.ts";

const instantTarget: TargetSystem = {
  name: "bitrix24",
  identity: () => "keyed",
  check: () => Promise.resolve([]),
  create: (tasks: readonly TaskMessage[]) =>
    Promise.resolve(tasks.map(({ task_id }): CreateOutcome => ({
      kind: "created",
      id: task_id,
      response: { result: { task: { id: task_id, title: "Order", status: "2" } } },
    }))),
  track: (sent: readonly SentMessage[]) => Promise.resolve(sent.map((): Progress => ({ kind: "open" }))),
  withdraw: (sent: readonly SentMessage[]) => Promise.resolve(sent.map((): Withdrawal => ({ kind: "withdrawn" }))),
};

const shared = { ...camundaSettings, ...amqpSettings, ...retrySettings, ...cutOverSettings };

function dependencies(settings: SettingsOf<typeof shared>, context: ProgramContext, program: string) {
  return {
    ...context,
    adapter: instantTarget,
    camunda: new CamundaClient(settings, context),
    events: new TaskEvents(program, context),
    setAsideRoute: setAsideRouteOf(settings),
    responsesQueue: settings.RABBITMQ_RESPONSES_QUEUE,
  };
}

const common = { summary: "Measures.", examples: [], check: () => Promise.resolve([]) };

const creatorTable = { ...programSettings("creator"), ...shared, ...creatorSettings };
const creator = {
  ...common,
  name: "creator" as const,
  settings: creatorTable,
  async run(settings: SettingsOf<typeof creatorTable>, context: ProgramContext) {
    const detourS = settings.CREATOR_DETOUR_SECONDS;
    await context.broker.declare(programTopology(settings, [queueOf("bitrix24")], detourS), context.signal);
    const options = {
      batchSize: settings.CREATOR_BATCH_SIZE,
      windowMs: settings.CREATOR_BATCH_WINDOW_SECONDS,
      detourS,
      retryDelaysS: settings.RETRY_DELAYS_SECONDS,
      leaseMs: leaseMsOf(settings, context.log),
      workerId: settings.CAMUNDA_WORKER_ID,
    };
    await new Creator(options, dependencies(settings, context, "creator"), context).consumer.ended();
  },
};

const trackerTable = { ...programSettings("tracker"), ...shared, ...trackerSettings };
const tracker = {
  ...common,
  name: "tracker" as const,
  settings: trackerTable,
  async run(settings: SettingsOf<typeof trackerTable>, context: ProgramContext) {
    const intervalS = settings.TRACKER_INTERVAL_SECONDS;
    const intervals = new LookIntervals(intervalS);
    const topology = joinTopologies(programTopology(settings, []), waitingQueue("bitrix24", intervalS));
    await context.broker.declare(topology, context.signal);
    const options = {
      intervals,
      batchSize: settings.TRACKER_BATCH_SIZE,
      windowMs: settings.TRACKER_BATCH_WINDOW_SECONDS,
      leaseMs: leaseMsOf(settings, context.log),
      workerId: settings.CAMUNDA_WORKER_ID,
      missingShare: settings.TRACKER_MISSING_PERCENT / 100,
    };
    const openTasks = new OpenTasks("bitrix24", intervals.all, context.meter, context.clock);
    const deps = { ...dependencies(settings, context, "tracker"), openTasks };
    await new Tracker(options, deps, context).consumer.ended();
  },
};

Deno.exit(Deno.args[0] === "creator" ? await main(creator, []) : await main(tracker, []));
