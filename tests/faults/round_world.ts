/**
 * A fault world with the whole round in it: worker, creators and trackers as processes, a portal behind a proxy that can
 * hold single requests, and people who finish tasks. Pauses before and after a take-over are as short as settings allow.
 */
import assert from "node:assert/strict";
import { z } from "zod";
import { leadershipName } from "../../lib/program/leadership.ts";
import {
  type Bitrix24Simulator,
  type Bitrix24SimulatorOptions,
  startBitrix24Simulator,
} from "../../simulators/bitrix24/simulator.ts";
import { eventually } from "../lib/amqp/eventually.ts";
import type { CamundaVariable } from "../services/camunda_driver.ts";
import { type Proxy, startProxy } from "../services/half_open_proxy.ts";
import { type RequestProxy, startRequestProxy } from "./request_proxy.ts";
import { defaultQueue, errorsQueue, type FaultWorld, type FaultWorldOptions, openFaultWorld } from "./fault_world.ts";
import { Ledger } from "./ledger.ts";
import { ProgramProcess } from "./program_process.ts";
import { QueueView } from "./queue_view.ts";

export const sentQueue = "bitrix24.sent.queue";
export const waitingQueue = "bitrix24.waiting.1s";
/** Where a task waits before a create that may have been tried already. */
export const detourQueue = "bitrix24.queue.delay.3s";

const quickSettings = {
  CAMUNDA_AUTH_ENABLED: "false",
  RABBITMQ_HEARTBEAT: "2",
  BITRIX_REQUEST_TIMEOUT: "2",
  BITRIX_REQUEST_LIFETIME_SECONDS: "1",
  BITRIX_RATE_PER_SECOND: "100",
  BITRIX_RATE_BURST: "100",
  // The process under test names nobody.
  BITRIX_DEFAULT_RESPONSIBLE_ID: "1",
  RETRY_DELAYS_SECONDS: "1,2",
};
/** One batch gathers what the worker publishes at once, so that a fault hits many tasks together. */
const creatorSettings = { CREATOR_DETOUR_SECONDS: "3", CREATOR_BATCH_WINDOW_SECONDS: "0.5" };
const trackerSettings = { TRACKER_INTERVAL_SECONDS: "1" };

export interface RoundProgram {
  readonly process: ProgramProcess;
  /** Whether it found another program in the lead when it started. */
  readonly standsBy: boolean;
  /** Waits until it has won the lead this many times. */
  leads(options?: { readonly times?: number; readonly withinMs?: number }): Promise<void>;
  /** Its own wire to RabbitMQ. */
  readonly wire: Proxy;
}

export interface RoundWorldOptions extends FaultWorldOptions {
  readonly portal?: Bitrix24SimulatorOptions;
}

export interface RoundWorld extends AsyncDisposable {
  readonly faults: FaultWorld;
  readonly portal: Bitrix24Simulator;
  /** Single requests to the portal. */
  readonly portalRequests: RequestProxy;
  /** The broker itself. */
  readonly brokerUrl: string;
  /** Resolves when it leads or stands by. */
  startCreator(): Promise<RoundProgram>;
  startTracker(): Promise<RoundProgram>;
  /** One of each. */
  startPrograms(): Promise<RoundPrograms>;
}

export interface RoundPrograms {
  readonly worker: ProgramProcess;
  readonly creator: RoundProgram;
  readonly tracker: RoundProgram;
}

export async function openRoundWorld(options: RoundWorldOptions = {}): Promise<RoundWorld> {
  await using owned = new AsyncDisposableStack();
  const faults = owned.use(await openFaultWorld(options));
  const portal = owned.use(await startBitrix24Simulator(options.portal));
  const webhook = new URL(portal.webhookUrl);
  const portalRequests = owned.use(await startRequestProxy(webhook.origin));
  const broker = new URL(faults.vhost?.url ?? options.node?.url ?? "");
  const settings = {
    ...quickSettings,
    RABBITMQ_USERNAME: "guest",
    RABBITMQ_PASSWORD: "guest",
    RABBITMQ_VIRTUAL_HOST: "/",
    ...faults.vhost?.settings,
    CAMUNDA_BASE_URL: `http://127.0.0.1:${faults.camunda.port}/engine-rest`,
    CAMUNDA_TENANT_ID: faults.tenantId,
    BITRIX_WEBHOOK_URL: `http://127.0.0.1:${portalRequests.port}${webhook.pathname}`,
    ...options.settings,
  };
  const parts = owned.move();
  const start = async (
    role: "creator" | "tracker",
    own: Readonly<Record<string, string>>,
  ): Promise<RoundProgram> => {
    const wire = parts.use(startProxy(broker.hostname, Number(broker.port)));
    const address = { RABBITMQ_HOST: wire.hostname, RABBITMQ_PORT: String(wire.port) };
    const process = parts.use(await ProgramProcess.start(role, { ...settings, ...own, ...address }, options.form));
    const name = leadershipName(role, "bitrix24");
    const standsBy = () => process.count("program.standing_by", name) > 0;
    const placed = () => standsBy() || process.count("program.leading", name) > 0;
    await process.until(placed, `the ${role} leads or stands by`, 30_000);
    return {
      process,
      wire,
      standsBy: standsBy(),
      leads: (options) => process.logged("program.leading", { ...options, name }),
    };
  };
  const startCreator = () => start("creator", creatorSettings);
  const startTracker = () => start("tracker", trackerSettings);
  return {
    faults,
    portal,
    portalRequests,
    brokerUrl: broker.href,
    startCreator,
    startTracker,
    startPrograms: async () => ({
      worker: await faults.startWorker(),
      creator: await startCreator(),
      tracker: await startTracker(),
    }),
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

const doneTasks = z.array(z.looseObject({ id: z.string(), externalTaskId: z.string() }));

/** Two accounts of one run: external tasks and their objects on the portal, external tasks and their completions. */
export class RoundBook {
  readonly objects: Ledger;
  readonly completions: Ledger;
  readonly #seen = new Set<string>();

  constructor(name: string, private readonly world: RoundWorld) {
    this.objects = new Ledger(`${name}, objects`);
    this.completions = new Ledger(`${name}, round`);
  }

  /** Starts instances; returns their external tasks. */
  async start(count: number, variables: Readonly<Record<string, CamundaVariable>> = {}): Promise<string[]> {
    const { engine, startInstances } = this.world.faults;
    const processInstanceIdIn = await startInstances(count, variables);
    const tasks = (await engine.externalTasks({ processInstanceIdIn })).map(({ id }) => id);
    assert.equal(tasks.length, count);
    for (const ledger of [this.objects, this.completions]) {
      for (const task of tasks) {
        ledger.attempt(task);
        ledger.acknowledge(task);
      }
    }
    return tasks;
  }

  /** Waits until every task has its object on the portal. */
  async created(withinMs = 40_000): Promise<void> {
    await this.#until(() => this.#missingObjects() === 0, "an object for every task", withinMs);
  }

  /** Until everything is completed, people finish what is open: a few at each look. */
  async carriedThrough({ atATime = Infinity, withinMs = 40_000 } = {}): Promise<void> {
    const { people } = this.world.portal;
    const look = async () => {
      for (const { id } of people.openTasks().slice(0, atATime)) people.finish(id);
      await this.#lookForCompletions();
      return this.completions.missing().length === 0;
    };
    await this.#until(look, "the completion of every task", withinMs);
  }

  /** Prints both ledgers and demands that they balance; nothing was set aside, nothing was unroutable. */
  async balance(): Promise<void> {
    await this.#lookForCompletions();
    for (const [taskId, objectIds] of this.world.portal.ledger()) {
      for (const objectId of objectIds) this.objects.effect(taskId, objectId);
    }
    // Connected anew: the broker may have been restarted.
    await using queues = new QueueView(this.world.brokerUrl);
    for (const queue of [errorsQueue, defaultQueue]) {
      const depth = await queues.depth(queue);
      if (depth > 0) this.completions.unexpected(`${depth} messages in ${queue}`);
    }
    this.objects.balance();
    this.completions.balance();
  }

  #missingObjects(): number {
    return this.objects.counts().acknowledged - this.world.portal.ledger().size;
  }

  async #lookForCompletions(): Promise<void> {
    const query = { tenantIdIn: [this.world.faults.tenantId], successLog: true };
    const done = doneTasks.parse(await this.world.faults.engine.call("POST", "/history/external-task-log", query));
    for (const { id, externalTaskId } of done) {
      if (this.#seen.has(id)) continue;
      this.#seen.add(id);
      this.completions.effect(externalTaskId, `completed by ${id}`);
    }
  }

  /** If time is up, the ledgers say more than that. */
  async #until(condition: () => boolean | Promise<boolean>, what: string, withinMs: number): Promise<void> {
    const look = async () => {
      if (await condition()) return true;
      await new Promise((resolve) => setTimeout(resolve, 200));
      return false;
    };
    await eventually(look, what, withinMs).catch(async (error) => {
      await this.balance();
      throw error;
    });
  }
}
