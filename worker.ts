/**
 * exchanger-worker: takes external tasks from Camunda and publishes them to RabbitMQ; takes the answers from
 * `camunda.responses.queue` and completes the tasks.
 */
import { adapterSettings } from "./adapters/registry.ts";
import { amqpSettings } from "./lib/amqp/amqp_settings.ts";
import { retrySettings } from "./lib/amqp/delay.ts";
import { queueOf } from "./lib/amqp/topology.ts";
import { MetadataCache } from "./lib/bpmn/metadata_cache.ts";
import { camundaSettings, leaseMsOf } from "./lib/camunda/camunda_settings.ts";
import { CamundaClient } from "./lib/camunda/client.ts";
import { TaskFetcher } from "./lib/camunda/fetcher.ts";
import type { LockedTask } from "./lib/camunda/types.ts";
import type { SettingsOf } from "./lib/config/setting.ts";
import { camundaRules } from "./lib/program/camunda_rules.ts";
import { creatorSettings } from "./lib/creator/creator_settings.ts";
import { checkBroker, checkCamunda } from "./lib/program/checks.ts";
import { cutOverSettings, refuseForeignConsumers } from "./lib/program/cut_over.ts";
import { joinMembers } from "./lib/program/foreign_consumers.ts";
import { leadershipName } from "./lib/program/leadership.ts";
import { main } from "./lib/program/main.ts";
import type { Program, ProgramContext } from "./lib/program/program.ts";
import { programSettings } from "./lib/program/program_settings.ts";
import { programTopology, setAsideRouteOf } from "./lib/program/program_topology.ts";
import { TaskEvents } from "./lib/program/task_events.ts";
import { logOf } from "./lib/telemetry/log.ts";
import { trackerSettings } from "./lib/tracker/tracker_settings.ts";
import { Completion } from "./lib/worker/completion.ts";
import { Enricher } from "./lib/worker/enricher.ts";
import { Gate } from "./lib/worker/gate.ts";
import { HandOver } from "./lib/worker/hand_over.ts";
import { Lease } from "./lib/worker/lease.ts";
import { pump } from "./lib/worker/pump.ts";
import { Responses } from "./lib/worker/responses.ts";
import { watchOver } from "./lib/worker/sentinel.ts";
import { workerTopics } from "./lib/worker/topics.ts";
import { workerFaults, workerSettings } from "./lib/worker/worker_settings.ts";

const table = {
  ...programSettings("worker"),
  ...camundaSettings,
  ...amqpSettings,
  ...retrySettings,
  ...cutOverSettings,
  ...workerSettings,
};
type WorkerProgramSettings = SettingsOf<typeof table>;

export async function run(settings: WorkerProgramSettings, context: ProgramContext): Promise<void> {
  const { broker, clock, signal, force, health, log } = context;
  const signals = { signal, force };
  const responsesQueue = settings.RABBITMQ_RESPONSES_QUEUE;
  const responseWaitS = settings.WORKER_RESPONSE_WAIT_SECONDS;
  const topics = workerTopics(settings.WORKER_ONLY_SYSTEMS, settings.WORKER_EXTRA_TOPICS);
  const topology = programTopology(settings, [responsesQueue], responseWaitS);
  const setAsideRoute = setAsideRouteOf(settings);
  const leaseMs = leaseMsOf(settings, log);

  await broker.declare(topology, signal);
  // The creators' queues too: a stub that consumes one would swallow what we publish.
  const led = [...topics.bySystem.keys()].map((system) => ({
    kind: "led" as const,
    queue: queueOf(system),
    leadership: leadershipName("creator", system),
  }));
  await refuseForeignConsumers(settings, [{ kind: "shared", queue: responsesQueue }, ...led], context);
  const membership = await joinMembers(broker, responsesQueue, { signal: force, clock, retryMs: 1_000 });

  const camunda = new CamundaClient(settings, { log });
  const events = new TaskEvents("worker", context);
  const enricher = new Enricher({
    camunda,
    log,
    metadata: new MetadataCache({ load: (definitionId, signal) => camunda.processDefinitionXml(definitionId, signal) }),
  });
  const lease = new Lease({ leaseMs }, { camunda, clock, log });
  const handOver = new HandOver({
    broker,
    camunda,
    enricher,
    lease,
    events,
    clock,
    log,
    systemOf: topics.systemOf,
    tasksExchange: settings.RABBITMQ_TASKS_EXCHANGE,
    setAsideRoute,
    fetchLockMs: settings.CAMUNDA_FETCH_LOCK_DURATION,
  });
  const gate = new Gate({
    topics: topics.bySystem,
    queueLimit: settings.WORKER_QUEUE_LIMIT,
    needsConsumer: settings.WORKER_NEEDS_CONSUMER,
    topology,
  }, context);
  const completion = new Completion({
    workerId: settings.CAMUNDA_WORKER_ID,
    leaseMs,
    jsonVariables: settings.CAMUNDA_JSON_VARIABLES,
  }, { camunda, clock });
  const { consumer: responses } = new Responses(
    {
      queue: responsesQueue,
      concurrency: settings.WORKER_RESPONSE_CONCURRENCY,
      setAsideRoute,
      retryDelaysS: settings.RETRY_DELAYS_SECONDS,
      waitS: responseWaitS,
    },
    { ...context, camunda, completion, events },
    signals,
  );
  health.watch("responses", () => responses.problem);

  const fetcher = new TaskFetcher(settings, { camunda, clock, log });
  const pumpOptions = {
    capacity: settings.WORKER_CAPACITY,
    maxTasks: settings.CAMUNDA_MAX_TASKS,
    pollMs: settings.CAMUNDA_ASYNC_TIMEOUT,
  };
  const onFetched = (tasks: readonly LockedTask[]) => {
    for (const task of tasks) {
      const { id: taskId, topicName: topic, processInstanceId } = task;
      // How long the task has waited in Camunda; our clock and the engine's may differ a little.
      const age = task.createTime === null
        ? {}
        : { durationMs: Math.max(0, clock.now() - Date.parse(task.createTime)) };
      events.record("fetched", { taskId, system: topics.systemOf(topic), topic, processInstanceId, ...age });
    }
  };
  await Promise.all([
    pump(pumpOptions, { ...context, fetcher, gate, handOver, onFetched }, signals),
    responses.ended(),
    watchOver({ ...context, camunda, topics: new Set([...topics.bySystem.values()].flat()) }, signal),
  ]);
  await membership.leave();
  camunda.close();
}

export const program: Program<typeof table> = {
  name: "worker",
  summary: "Publishes Camunda's external tasks to RabbitMQ and completes them when their answers arrive.",
  examples: [
    { command: "exchanger-worker check", what: "says what is missing, and what to do" },
    { command: "exchanger-worker --env-file /etc/exchanger/.env", what: "runs until SIGTERM" },
    { command: "exchanger-worker --settings", what: "prints the effective settings" },
  ],
  settings: table,
  crossCheck: (settings) => [...camundaRules(settings), ...workerFaults(settings)],
  run,
  async check(settings, { broker, signal }) {
    const { bySystem } = workerTopics(settings.WORKER_ONLY_SYSTEMS, settings.WORKER_EXTRA_TOPICS);
    const queues = [settings.RABBITMQ_RESPONSES_QUEUE, ...[...bySystem.keys()].map(queueOf)];
    const camunda = new CamundaClient(settings, { log: logOf("worker") });
    const results = await Promise.all([
      checkCamunda(camunda, signal, [...bySystem.values()].flat()),
      checkBroker(broker, queues, signal),
    ]);
    camunda.close();
    return results.flat();
  },
};

if (import.meta.main) {
  const settingsElsewhere = Object.keys({ ...creatorSettings, ...trackerSettings, ...adapterSettings });
  Deno.exit(await main(program, Deno.args, { settingsElsewhere }));
}
