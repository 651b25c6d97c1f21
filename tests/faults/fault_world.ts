/**
 * What a fault test of the worker owns: a virtual host (or a broker node), a tenant of the engine with a process of one
 * external task, and between them and the worker proxies that fail on demand. Locks are short, so that healing is quick.
 */
import assert from "node:assert/strict";
import { bpmn, external, flows } from "../simulators/camunda/contract_bench.ts";
import { eventually } from "../lib/amqp/eventually.ts";
import { camundaAvailable, type CamundaEngine } from "../services/camunda.ts";
import type { ProgramForm } from "../services/launch.ts";
import { CamundaDriver, type CamundaVariable } from "../services/camunda_driver.ts";
import { type Proxy, startProxy } from "../services/half_open_proxy.ts";
import {
  canStartRabbitMqNode,
  createVhost,
  rabbitMqAvailable,
  type RabbitMqNode,
  type TestVhost,
} from "../services/rabbitmq.ts";
import { type RequestProxy, startRequestProxy } from "./request_proxy.ts";
import { ProgramProcess } from "./program_process.ts";
import { QueueView } from "./queue_view.ts";

/** For tests on the shared broker, and for those with a node of their own. */
export const ignore = !rabbitMqAvailable || !camundaAvailable;
export const ignoreWithoutNode = !canStartRabbitMqNode || !camundaAvailable;

export const taskQueue = "bitrix24.queue";
export const responsesQueue = "camunda.responses.queue";
export const defaultQueue = "default.queue";
export const errorsQueue = "errors.camunda_tasks.queue";

/** A start event, the task `A`, an end event. */
const oneTask = `<bpmn:startEvent id="s"/>${external("A", "bitrix_create_task")}<bpmn:endEvent id="e"/>${
  flows("s>A", "A>e")
}`;

const quickSettings = {
  CAMUNDA_AUTH_ENABLED: "false",
  CAMUNDA_FETCH_LOCK_DURATION: "3000",
  CAMUNDA_ASYNC_TIMEOUT: "1000",
  CAMUNDA_TIMEOUT_DELTA: "2000",
  CAMUNDA_HTTP_TIMEOUT: "4000",
  CAMUNDA_MAX_TASKS: "20",
  RABBITMQ_HEARTBEAT: "4",
  WORKER_ONLY_SYSTEMS: "bitrix24",
  WORKER_NEEDS_CONSUMER: "false",
  WORKER_RESPONSE_WAIT_SECONDS: "1",
  RETRY_DELAYS_SECONDS: "1,2",
};

const nodeSettings = { RABBITMQ_USERNAME: "guest", RABBITMQ_PASSWORD: "guest", RABBITMQ_VIRTUAL_HOST: "/" };

export interface FaultWorldOptions {
  /** A broker of the test's own in place of a virtual host on the shared one. */
  readonly node?: RabbitMqNode;
  /** An engine of the test's own in place of the shared one. */
  readonly camunda?: CamundaEngine;
  /** In place of the quick settings, for every program that is started. */
  readonly settings?: Readonly<Record<string, string>>;
  /** @default source */
  readonly form?: ProgramForm;
}

export interface FaultWorld extends AsyncDisposable {
  readonly tenantId: string;
  /** Of the process that was deployed; its task is the element `A`. */
  readonly processKey: string;
  /** The engine itself, past all proxies. */
  readonly engine: CamundaDriver;
  /** The broker itself. */
  readonly queues: QueueView;
  /** Unless the broker is a node of the test's own. */
  readonly vhost: TestVhost | undefined;
  /** Single requests to Camunda. */
  readonly camunda: RequestProxy;
  /** The wire from the worker to Camunda. */
  readonly camundaWire: Proxy;
  /** The wire from the worker to RabbitMQ. */
  readonly brokerWire: Proxy;
  /** All that were started, the killed ones too. */
  readonly workers: readonly ProgramProcess[];
  /** Aborts when the test is over, whatever is still waited for. */
  readonly over: AbortSignal;
  /** Resolves when the worker says that it is ready. */
  startWorker(): Promise<ProgramProcess>;
  /** Returns the ids of the process instances. */
  startInstances(count: number, variables?: Readonly<Record<string, CamundaVariable>>): Promise<string[]>;
  /** Waits until this many tasks have their lease, so that the worker is done with them. */
  leased(count: number): Promise<void>;
  /** Ends the leases and locks of tasks, as time does. */
  endLocks(taskIds: readonly string[]): Promise<void>;
}

export async function openFaultWorld(options: FaultWorldOptions = {}): Promise<FaultWorld> {
  const { node, camunda: ownEngine } = options;
  await using owned = new AsyncDisposableStack();
  const over = new AbortController();
  const { origin, href } = new URL(ownEngine?.baseUrl ?? Deno.env.get("CAMUNDA_BASE_URL") ?? "");
  const engine = new CamundaDriver(href);
  const vhost = node === undefined ? owned.use(await createVhost()) : undefined;
  const broker = new URL(vhost?.url ?? node?.url ?? "");
  const queues = owned.use(new QueueView(broker.href));
  const brokerWire = owned.use(startProxy(broker.hostname, Number(broker.port)));
  const camunda = owned.use(await startRequestProxy(origin));
  const camundaWire = owned.use(startProxy("127.0.0.1", camunda.port));
  const tenantId = `t_${crypto.randomUUID().replaceAll("-", "")}`;
  const processKey = `p_${crypto.randomUUID().replaceAll("-", "")}`;
  const deploymentId = await engine.deploy(bpmn(processKey, oneTask), { tenantId });
  owned.defer(() => engine.undeploy(deploymentId));
  const settings = {
    ...quickSettings,
    ...(vhost?.settings ?? nodeSettings),
    CAMUNDA_BASE_URL: `http://127.0.0.1:${camundaWire.port}/engine-rest`,
    CAMUNDA_TENANT_ID: tenantId,
    RABBITMQ_HOST: brokerWire.hostname,
    RABBITMQ_PORT: String(brokerWire.port),
    ...options.settings,
  };
  const workers: ProgramProcess[] = [];
  const parts = owned.move();

  return {
    tenantId,
    processKey,
    engine,
    queues,
    vhost,
    camunda,
    camundaWire,
    brokerWire,
    workers,
    over: over.signal,
    async startWorker() {
      const worker = parts.use(await ProgramProcess.start("worker", settings, options.form));
      workers.push(worker);
      await worker.ready();
      // Ready says that nothing is wrong; this, that the pump has begun.
      await worker.logged("camunda.call");
      return worker;
    },
    async startInstances(count, variables = {}) {
      const ids: string[] = [];
      let left = count;
      const starter = async () => {
        while (left-- > 0) ids.push(await engine.start(processKey, { tenantId, variables }));
      };
      await Promise.all([starter(), starter(), starter(), starter()]);
      return ids;
    },
    async leased(count) {
      await eventually(async () => {
        const lockExpirationAfter = new Date(Date.now() + 3_600_000).toISOString().replace("Z", "+0000");
        return (await engine.externalTasks({ tenantIdIn: [tenantId], lockExpirationAfter })).length >= count;
      }, `${count} leases`);
    },
    async endLocks(taskIds) {
      for (const id of taskIds) await engine.call("POST", `/external-task/${id}/unlock`);
    },
    async [Symbol.asyncDispose]() {
      over.abort(new Error("The test is over"));
      await parts.disposeAsync();
    },
  };
}

/** Swallows everything on the wire, and on every wire that is tried, while both sides believe they are connected. */
export function blackHole(wire: Proxy): void {
  wire.toClient = wire.toTarget = "swallow";
}

/** Ends a black hole. What was open through it ends too: TCP never goes on behind a gap. */
export function heal(wire: Proxy): void {
  wire.cut();
  wire.toClient = wire.toTarget = "forward";
}

/** The worker does its work after the fault as before it, and ends as asked. */
export async function stopsCleanly(worker: ProgramProcess): Promise<void> {
  assert.equal(await worker.stop(), 0, "exit code of the worker");
}
