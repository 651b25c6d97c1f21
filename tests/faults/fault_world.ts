/**
 * What a fault test of the worker owns: a virtual host (or a broker node), a tenant of the engine with a process of one
 * external task, and between them and the worker proxies that fail on demand. Locks are short, so that healing is quick.
 */
import assert from "node:assert/strict";
import { bpmn, external, flows } from "../simulators/camunda/contract_bench.ts";
import { eventually } from "../lib/amqp/eventually.ts";
import { camundaAvailable, type CamundaEngine } from "../services/camunda.ts";
import { CamundaDriver, type CamundaVariable } from "../services/camunda_driver.ts";
import { type Proxy, startProxy } from "../services/half_open_proxy.ts";
import {
  canStartRabbitMqNode,
  createVhost,
  rabbitMqAvailable,
  type RabbitMqNode,
  type TestVhost,
} from "../services/rabbitmq.ts";
import { type CamundaProxy, startCamundaProxy } from "./camunda_proxy.ts";
import { ProgramProcess } from "./program_process.ts";
import { QueueView } from "./queue_view.ts";

/** For tests on the shared broker, and for those with a node of their own. */
export const ignore = !rabbitMqAvailable || !camundaAvailable;
export const ignoreWithoutNode = !canStartRabbitMqNode || !camundaAvailable;

export const topic = "bitrix_create_task";
export const taskQueue = "bitrix24.queue";
export const responsesQueue = "camunda.responses.queue";
export const defaultQueue = "default.queue";
export const errorsQueue = "errors.camunda_tasks.queue";
export const fetchLockMs = 3_000;

/** A start event, the task `A`, an end event. */
const oneTask = `<bpmn:startEvent id="s"/>${external("A", topic)}<bpmn:endEvent id="e"/>${flows("s>A", "A>e")}`;

const quickSettings = {
  CAMUNDA_AUTH_ENABLED: "false",
  CAMUNDA_FETCH_LOCK_DURATION: String(fetchLockMs),
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

export interface FaultWorldOptions {
  /** A broker of the test's own in place of a virtual host on the shared one. */
  readonly node?: RabbitMqNode;
  /** An engine of the test's own in place of the shared one. */
  readonly camunda?: CamundaEngine;
}

export class FaultWorld implements AsyncDisposable {
  readonly tenantId = `t_${crypto.randomUUID().replaceAll("-", "")}`;
  readonly processKey = `p_${crypto.randomUUID().replaceAll("-", "")}`;
  /** All that were started, the killed ones too. */
  readonly workers: ProgramProcess[] = [];

  private constructor(
    private readonly owned: AsyncDisposableStack,
    /** The engine and the broker themselves, past all proxies. */
    readonly engine: CamundaDriver,
    readonly queues: QueueView,
    private readonly brokerSettings: Readonly<Record<string, string>>,
    /** Single requests to Camunda. */
    readonly camunda: CamundaProxy,
    /** The wire from the worker to Camunda. */
    readonly camundaWire: Proxy,
    /** The wire from the worker to RabbitMQ. */
    readonly brokerWire: Proxy,
    /** Unless the broker is a node of the test's own. */
    readonly vhost: TestVhost | undefined,
  ) {}

  static async open({ node, camunda: ownEngine }: FaultWorldOptions = {}): Promise<FaultWorld> {
    await using owned = new AsyncDisposableStack();
    const { origin, href } = new URL(ownEngine?.baseUrl ?? Deno.env.get("CAMUNDA_BASE_URL") ?? "");
    const engine = new CamundaDriver(href);
    const vhost = node === undefined ? owned.use(await createVhost()) : undefined;
    const broker = new URL(vhost?.url ?? node?.url ?? "");
    const queues = owned.use(new QueueView(broker.href));
    const brokerWire = owned.use(startProxy(broker.hostname, Number(broker.port)));
    const camunda = owned.use(await startCamundaProxy(origin));
    const camundaWire = owned.use(startProxy("127.0.0.1", camunda.port));
    const settings = vhost?.settings ?? {
      RABBITMQ_USERNAME: "guest",
      RABBITMQ_PASSWORD: "guest",
      RABBITMQ_VIRTUAL_HOST: "/",
    };
    const world = new FaultWorld(
      owned.move(),
      engine,
      queues,
      settings,
      camunda,
      camundaWire,
      brokerWire,
      vhost,
    );
    const deploymentId = await engine.deploy(bpmn(world.processKey, oneTask), { tenantId: world.tenantId });
    world.owned.defer(() => engine.undeploy(deploymentId));
    return world;
  }

  /** Resolves when the worker says that it is ready. */
  async startWorker(settings: Readonly<Record<string, string>> = {}): Promise<ProgramProcess> {
    const worker = await ProgramProcess.start("worker.ts", {
      ...quickSettings,
      ...this.brokerSettings,
      CAMUNDA_BASE_URL: `http://127.0.0.1:${this.camundaWire.port}/engine-rest`,
      CAMUNDA_TENANT_ID: this.tenantId,
      RABBITMQ_HOST: this.brokerWire.hostname,
      RABBITMQ_PORT: String(this.brokerWire.port),
      ...settings,
    });
    this.owned.use(worker);
    this.workers.push(worker);
    await worker.ready();
    // Ready says that nothing is wrong; this, that the consumer is there and the pump has begun.
    await worker.logged("camunda.call");
    return worker;
  }

  /** Returns the ids of the process instances. */
  async startInstances(
    count: number,
    variables: Readonly<Record<string, CamundaVariable>> = {},
  ): Promise<string[]> {
    const ids: string[] = [];
    const starter = async () => {
      while (ids.length + underWay < count) {
        underWay++;
        ids.push(await this.engine.start(this.processKey, { tenantId: this.tenantId, variables }));
        underWay--;
      }
    };
    let underWay = 0;
    await Promise.all([starter(), starter(), starter(), starter()]);
    return ids;
  }

  /** Waits until this many tasks have their lease, so that the worker is done with them. */
  async leased(count: number): Promise<void> {
    await eventually(async () => {
      const lockExpirationAfter = camundaTime(Date.now() + 3_600_000);
      const tasks = await this.engine.externalTasks({ tenantIdIn: [this.tenantId], lockExpirationAfter });
      return tasks.length >= count;
    }, `${count} leases`);
  }

  /** Ends the leases and locks of tasks, as time does. */
  async endLocks(taskIds: readonly string[]): Promise<void> {
    for (const id of taskIds) await this.engine.call("POST", `/external-task/${id}/unlock`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Traps hold requests of the worker; it must not wait for them.
    for (const worker of this.workers) await worker.kill9();
    await this.owned.disposeAsync();
  }
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

function camundaTime(epochMs: number): string {
  return new Date(epochMs).toISOString().replace("Z", "+0000");
}

/** The worker does its work after the fault as before it, and ends as asked. */
export async function stopsCleanly(worker: ProgramProcess): Promise<void> {
  assert.equal(await worker.stop(), 0, "exit code of the worker");
}
