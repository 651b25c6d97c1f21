/**
 * What a program lives in, owned by one test: a broker, a Camunda behind a gateway that can fail, a Bitrix24 portal. In
 * the embedded world all of it is in this process; the real one has a virtual host of its own on RabbitMQ and a tenant of
 * its own in Camunda, so that tests do not take each other's tasks.
 */
import type { Broker } from "../../lib/amqp/broker.ts";
import { contractNames } from "../../lib/amqp/topology.ts";
import type { SettingsTable } from "../../lib/config/setting.ts";
import type { Program } from "../../lib/program/program.ts";
import {
  type Bitrix24Simulator,
  type Bitrix24SimulatorOptions,
  startBitrix24Simulator,
} from "../../simulators/bitrix24/simulator.ts";
import { startCamundaSimulator } from "../../simulators/camunda/simulator.ts";
import { program as worker } from "../../worker.ts";
import { eventually } from "../lib/amqp/eventually.ts";
import { Inbox } from "../lib/amqp/inbox.ts";
import { camundaAvailable } from "../services/camunda.ts";
import { CamundaDriver, type DrivenTask, type StartOptions } from "../services/camunda_driver.ts";
import { rabbitMqAvailable } from "../services/rabbitmq.ts";
import { bpmn } from "../simulators/camunda/contract_bench.ts";
import { embeddedBrokers, realBrokers } from "./brokers.ts";
import { type Gateway, startGateway } from "./gateway.ts";
import { runInProcess, type RunningProgram } from "./running_program.ts";

export const worldKinds = ["embedded", "real"] as const;
export type WorldKind = typeof worldKinds[number];

/** Whether such a world can be made here. */
export function available(kind: WorldKind): boolean {
  return kind === "embedded" || (camundaAvailable && rabbitMqAvailable);
}

export interface WorldOptions {
  /** With a Bitrix24 portal. @default none */
  readonly portal?: Bitrix24SimulatorOptions;
  /** RABBITMQ_MAX_MESSAGE_BYTES. @default 8 MiB */
  readonly maxMessageBytes?: number;
}

export interface World extends AsyncDisposable {
  readonly kind: WorldKind;
  readonly tenantId: string;
  /** What every program needs, and times short enough for tests. */
  readonly settings: Readonly<Record<string, string>>;
  /** The test's own connection. */
  readonly broker: Broker;
  /** Straight to the engine, past the gateway. */
  readonly camunda: CamundaDriver;
  readonly gateway: Gateway;
  readonly portal: Bitrix24Simulator | undefined;
  /** Runs a program until the world ends, unless the test stops it before. */
  run<Table extends SettingsTable>(
    program: Program<Table>,
    overrides?: Readonly<Record<string, string>>,
  ): RunningProgram;
  /** Runs a worker and waits until it consumes responses. It needs no creator, unless `overrides` say so. */
  runWorker(overrides?: Readonly<Record<string, string>>): Promise<RunningProgram>;
  /** Takes everything out of a queue from now on. */
  inbox(queue: string): Inbox;
  deleteQueue(name: string): Promise<void>;
  /** Deploys what is inside `<bpmn:process>`, under this key, for the world's tenant or another one. */
  deploy(flow: string, options?: { readonly key?: string; readonly tenantId?: string }): Promise<void>;
  /** Deploys a whole BPMN file for the world's tenant. */
  deployFile(bpmnXml: string): Promise<void>;
  /** Starts an instance of what was deployed; returns its id. */
  start(variables?: StartOptions["variables"], options?: { readonly key?: string } & StartOptions): Promise<string>;
  /** The tasks of an instance that are open in the engine. */
  tasksOf(instanceId: string): Promise<DrivenTask[]>;
  /** How much longer the first open task of an instance is locked; 0 or less when it is not. */
  lockedForMs(instanceId: string): Promise<number>;
  completed(instanceId: string): Promise<void>;
  /** Messages that wait in a queue. */
  messagesIn(queue: string): Promise<number>;
  /** Publishes a response (an object as JSON), as the predecessor's tracker did. */
  respond(response: object | string | Uint8Array): Promise<void>;
}

/** The key that `deploy` and `start` use unless told otherwise. */
const PROCESS_KEY = "process";

export async function createWorld(kind: WorldKind, options: WorldOptions = {}): Promise<World> {
  await using owned = new AsyncDisposableStack();
  const brokers = owned.use(await (kind === "embedded" ? embeddedBrokers : realBrokers)(options.maxMessageBytes));
  const engineUrl = kind === "embedded" ? owned.use(await startCamundaSimulator()).baseUrl : realCamundaUrl();
  const portal = options.portal && owned.use(await startBitrix24Simulator(options.portal));
  const gateway = owned.use(await startGateway(engineUrl));
  const camunda = new CamundaDriver(engineUrl);
  const ourTenant = `t-${crypto.randomUUID()}`;
  const broker = brokers.connect("test");
  owned.defer(() => broker.close());
  await eventually(() => broker.state().connected && broker.state().writable, "a connected broker");

  const settings = {
    ...brokers.settings,
    CAMUNDA_BASE_URL: gateway.baseUrl,
    CAMUNDA_AUTH_ENABLED: "false",
    CAMUNDA_TENANT_ID: ourTenant,
    CAMUNDA_ASYNC_TIMEOUT: "2000",
    CAMUNDA_TIMEOUT_DELTA: "1000",
    CAMUNDA_HTTP_TIMEOUT: "10000",
    RETRY_DELAYS_SECONDS: "1",
    WORKER_RESPONSE_WAIT_SECONDS: "1",
    ...(portal === undefined ? {} : { BITRIX_WEBHOOK_URL: portal.webhookUrl, BITRIX_RATE_PER_SECOND: "100" }),
  };

  const ownedFromNowOn = owned.move();
  async function deployFor(tenantId: string, bpmnXml: string): Promise<void> {
    const id = await camunda.deploy(bpmnXml, { tenantId });
    ownedFromNowOn.defer(() => camunda.undeploy(id));
  }
  const world: World = {
    kind,
    tenantId: ourTenant,
    settings,
    broker,
    camunda,
    gateway,
    portal,
    run(program, overrides = {}) {
      const strange = Object.keys(overrides).filter((name) => !(name in program.settings));
      if (strange.length > 0) throw new Error(`The ${program.name} reads no setting ${strange.join(", ")}`);
      const environment = { ...settings, ...overrides };
      return ownedFromNowOn.use(runInProcess(program, environment, brokers.connect(program.name, environment)));
    },
    async runWorker(overrides = {}) {
      const running = world.run(worker, { WORKER_NEEDS_CONSUMER: "false", ...overrides });
      let failure: unknown;
      running.ended.catch((error) => failure = error);
      await eventually(async () => {
        if (failure !== undefined) throw failure;
        const state = await broker.inspect(contractNames.responsesQueue);
        return state.kind === "present" && state.consumers > 0;
      }, "a worker that consumes responses");
      return running;
    },
    inbox: (queue) => new Inbox(broker, queue, 1_000, (delivery) => delivery.ack()),
    deleteQueue: (name) => brokers.deleteQueue(name),
    deploy: (flow, { key = PROCESS_KEY, tenantId = ourTenant } = {}) => deployFor(tenantId, bpmn(key, flow)),
    deployFile: (bpmnXml) => deployFor(ourTenant, bpmnXml),
    start: (variables = {}, { key = PROCESS_KEY, ...more } = {}) =>
      camunda.start(key, { tenantId: ourTenant, variables, ...more }),
    tasksOf: (processInstanceId) => camunda.externalTasks({ processInstanceId }),
    async lockedForMs(instanceId) {
      const [task] = await world.tasksOf(instanceId);
      return task?.lockExpirationTime ? epochMs(task.lockExpirationTime) - Date.now() : 0;
    },
    async messagesIn(queue) {
      const state = await broker.inspect(queue);
      if (state.kind !== "present") throw new Error(`${queue} is ${state.kind}`);
      return state.messages;
    },
    async completed(instanceId) {
      await eventually(() => camunda.isCompleted(instanceId), `instance ${instanceId} is completed`);
    },
    async respond(response) {
      const text = typeof response === "string" ? response : JSON.stringify(response);
      await broker.publish({
        exchange: "",
        routingKey: contractNames.responsesQueue,
        contentEncoding: "utf-8",
        body: response instanceof Uint8Array ? response : new TextEncoder().encode(text),
        ignoreSizeLimit: true,
      });
    },
    [Symbol.asyncDispose]: () => ownedFromNowOn.disposeAsync(),
  };
  return world;
}

/** Camunda writes offsets without a colon, which `Date.parse` need not understand. */
function epochMs(camundaDate: string): number {
  return Date.parse(camundaDate.replace(/([+-]\d\d)(\d\d)$/, "$1:$2"));
}

function realCamundaUrl(): string {
  const url = Deno.env.get("CAMUNDA_BASE_URL");
  if (url === undefined) throw new Error("CAMUNDA_BASE_URL is not set; run the tests with deno task test");
  return url.replace(/\/$/, "");
}
