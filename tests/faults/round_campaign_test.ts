/**
 * The mixed campaign: thousands of tasks go all the way round while everything that can break does, again and again, in
 * an order drawn at random (and printed). What was started must be there once and completed once.
 */
import assert from "node:assert/strict";
import { z } from "zod";
import { writeLine } from "../../lib/telemetry/configure_logging.ts";
import { startRabbitMqNode } from "../services/rabbitmq.ts";
import { eventually } from "../lib/amqp/eventually.ts";
import { ignoreWithoutNode, taskQueue } from "./fault_world.ts";
import type { ProgramProcess } from "./program_process.ts";
import { QueueView } from "./queue_view.ts";
import { openRoundWorld, RoundBook, type RoundProgram, type RoundWorld } from "./round_world.ts";

const tasks = 10_000;
const wave = 250;
/** How many waves may be under way at once: as many tasks as a busy portal has open. */
const wavesUnderWay = 4;
const rounds = 3;

const settings = {
  CAMUNDA_MAX_TASKS: "100",
  // A busy machine answers late, and a program must not take that for a fault.
  CAMUNDA_HTTP_TIMEOUT: "15000",
  BITRIX_RATE_BURST: "1000",
};

/** What is running; whatever is killed is started again. */
class Fleet {
  #worker: ProgramProcess | undefined;
  readonly #creators: RoundProgram[] = [];
  readonly #trackers: RoundProgram[] = [];

  constructor(private readonly world: RoundWorld) {}

  async start(): Promise<void> {
    const { world } = this;
    const two = (start: () => Promise<RoundProgram>) => Promise.all([start(), start()]);
    this.#worker = await world.faults.startWorker();
    this.#creators.push(...await two(() => world.startCreator()));
    this.#trackers.push(...await two(() => world.startTracker()));
  }

  async killWorker(): Promise<void> {
    await this.#worker?.kill9();
    this.#worker = await this.world.faults.startWorker();
  }

  /** Any of the two, leader or stand-by. */
  killCreator(): Promise<void> {
    return this.#replace(this.#creators, () => this.world.startCreator());
  }

  killTracker(): Promise<void> {
    return this.#replace(this.#trackers, () => this.world.startTracker());
  }

  cutWires(): void {
    for (const { wire } of [...this.#creators, ...this.#trackers]) wire.cut();
    this.world.faults.brokerWire.cut();
  }

  async #replace(programs: RoundProgram[], start: () => Promise<RoundProgram>): Promise<void> {
    const [killed] = programs.splice(Math.floor(Math.random() * programs.length), 1);
    await killed?.process.kill9();
    programs.push(await start());
  }
}

/** Starts instances in waves and lets people finish what the book knows of, until all are completed. */
class Campaign {
  readonly #known = new Set<string>();
  #completed = 0;

  constructor(private readonly world: RoundWorld, private readonly book: RoundBook) {}

  get completed(): number {
    return this.#completed;
  }

  get open(): readonly string[] {
    return this.world.portal.people.openTasks().map(({ externalTaskId }) => externalTaskId);
  }

  async startWaves(): Promise<void> {
    for (let started = 0; started < tasks; started += wave) {
      const room = () => started - this.#completed < wavesUnderWay * wave;
      await eventually(room, `room for a wave after ${started} tasks, ${this.#completed} completed`, 300_000);
      for (const task of await this.book.start(wave)) this.#known.add(task);
    }
  }

  async peopleWork(): Promise<void> {
    const { portal: { people }, faults: { engine, tenantId } } = this.world;
    const query = { tenantIdIn: [tenantId], successLog: true };
    while (this.#completed < tasks) {
      for (const { id, externalTaskId } of people.openTasks()) {
        if (this.#known.has(externalTaskId)) people.finish(id);
      }
      const answer = await engine.call("POST", "/history/external-task-log/count", query);
      this.#completed = z.object({ count: z.number() }).parse(answer).count;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}

function shuffled<T>(items: readonly T[]): T[] {
  return items.map((item) => ({ item, at: Math.random() })).toSorted((a, b) => a.at - b.at).map(({ item }) => item);
}

Deno.test({
  name: `${tasks} tasks go round once each while programs are killed, the broker restarts and the portal fails`,
  ignore: ignoreWithoutNode,
  async fn() {
    await using node = await startRabbitMqNode();
    await using world = await openRoundWorld({ node, settings });
    const book = new RoundBook(`campaign of ${tasks}`, world);
    const campaign = new Campaign(world, book);
    const fleet = new Fleet(world);
    await fleet.start();
    const { portal, portalRequests, faults: { camunda } } = world;
    const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

    const faults: Readonly<Record<string, () => Promise<void> | void>> = {
      "worker killed": () => fleet.killWorker(),
      "creator killed": () => fleet.killCreator(),
      "tracker killed": () => fleet.killTracker(),
      "wires to the broker cut": () => fleet.cutWires(),
      "creations without an answer": () => portal.faults.dropAnswer("tasks.task.add", { times: 2 }),
      "portal limits": () => portal.faults.failNext({ status: 503, error: "QUERY_LIMIT_EXCEEDED" }, { times: 3 }),
      "portal down": async () => {
        portal.faults.down = true;
        await pause(3_000);
        portal.faults.down = false;
      },
      "answers of Camunda lost": () => {
        camunda.interfere(/complete|fetchAndLock/, { kind: "drop_answer" }, 5);
      },
      "answers of the portal lost": () => {
        portalRequests.interfere(/batch/, { kind: "drop_answer" }, 3);
      },
      "messages come twice": async () => {
        const copies = campaign.open.slice(0, 200).map((task_id) =>
          JSON.stringify({ task_id, topic: "bitrix_create_task", activity_id: "A", worker_id: "universal-worker" })
        );
        await using queues = new QueueView(world.brokerUrl);
        await queues.publish(taskQueue, copies);
      },
    };
    const plan = [
      ...Array.from({ length: rounds }, () => shuffled(Object.keys(faults))).flat(),
    ].toSpliced(Object.keys(faults).length, 0, "broker restarted");
    const breakThings = async () => {
      for (const name of plan) {
        if (campaign.completed >= tasks) break;
        const before = campaign.completed;
        writeLine(Deno.stdout, `campaign: ${before} completed, then: ${name}`);
        await (name === "broker restarted" ? node.restart() : faults[name]?.());
        // Each fault hits work that is under way, not a heap of the last one's debris. What is left of faults that are
        // counted may hit one probe after the other, and programs wait longer before each.
        const goesOn = () => campaign.completed >= Math.min(tasks, before + wave);
        await eventually(goesOn, `work that goes on after: ${name}`, 240_000);
      }
    };

    const startedAt = performance.now();
    await Promise.all([campaign.startWaves(), campaign.peopleWork(), breakThings()]);
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    writeLine(Deno.stdout, `campaign: ${tasks} tasks in ${seconds} s`);
    assert.equal(portal.ledger().size, tasks);
    await book.balance();
  },
});
