/**
 * The pump: takes external tasks from Camunda as fast as they can be handed over, and no faster. It never asks for work
 * without a free slot, a broker that takes messages and a queue with room.
 */
import type { Broker } from "../amqp/broker.ts";
import type { TaskFetcher } from "../camunda/fetcher.ts";
import type { LockedTask } from "../camunda/types.ts";
import type { Health } from "../program/health.ts";
import { errorText } from "../telemetry/error_text.ts";
import type { Log } from "../telemetry/log.ts";
import { Backoff } from "../time/backoff.ts";
import type { Clock } from "../time/clock.ts";
import type { Gate } from "./gate.ts";
import type { HandOver } from "./hand_over.ts";

export interface PumpOptions {
  /** Most tasks between fetch and lease. */
  readonly capacity: number;
  /** CAMUNDA_MAX_TASKS: most tasks in one fetch. */
  readonly maxTasks: number;
  /** CAMUNDA_ASYNC_TIMEOUT: how long Camunda holds a poll that finds nothing. */
  readonly pollMs: number;
}

export interface PumpDeps {
  readonly broker: Broker;
  readonly fetcher: TaskFetcher;
  readonly gate: Gate;
  readonly handOver: HandOver;
  readonly health: Health;
  readonly clock: Clock;
  readonly log: Log;
  /** Called with every fetched batch. */
  readonly onFetched: (tasks: readonly LockedTask[]) => void;
}

const LOOP = "pump";
/** While a system is closed, polls are short, so that its opening is noticed soon. */
const CLOSED_POLL_MS = 5_000;
/** How often a look is taken while no system is open. */
const ALL_CLOSED_MS = 1_000;

/** Runs until `signal` aborts and what was fetched is handed over; `force` ends the hand-over too. Never rejects. */
export async function pump(
  options: PumpOptions,
  deps: PumpDeps,
  { signal, force }: { readonly signal: AbortSignal; readonly force: AbortSignal },
): Promise<void> {
  const { broker, gate, health, clock, log } = deps;
  const backoff = new Backoff({ firstMs: 500, capMs: 30_000 });
  const batches = new Set<Promise<void>>();
  let inHand = 0;
  let pauseUntil = 0;

  function handOver(tasks: readonly LockedTask[]): void {
    inHand += tasks.length;
    const batch = deps.handOver.handOver(tasks, clock.now(), force).then((outcomes) => {
      inHand -= tasks.length;
      batches.delete(batch);
      // Without this a task that was unlocked because it could not be published would come back at once, hot.
      if (outcomes.every((outcome) => outcome === "published" || outcome === "refused")) backoff.reset();
      else pauseUntil = clock.now() + backoff.nextMs();
    });
    batches.add(batch);
  }

  /** One turn; returns how long to wait before the next. */
  async function turn(): Promise<number> {
    health.waiting("RabbitMQ", LOOP);
    await broker.whenWritable(signal);
    health.turned(LOOP);
    if (pauseUntil > clock.now()) return pauseUntil - clock.now();
    const free = options.capacity - inHand;
    if (free <= 0) {
      health.waiting("a free slot", LOOP);
      await Promise.race(batches);
      return 0;
    }
    const open = await gate.look(signal);
    if (open.topics.length === 0) return ALL_CLOSED_MS;
    const outcome = await deps.fetcher.fetch({
      topics: open.topics,
      maxTasks: Math.min(options.maxTasks, free),
      pollMs: open.closed.size === 0 ? options.pollMs : Math.min(options.pollMs, CLOSED_POLL_MS),
      signal,
    });
    switch (outcome.kind) {
      case "tasks":
        health.set("fetch", undefined);
        deps.onFetched(outcome.tasks);
        // The poll may have been held for long: a queue that was deleted meanwhile is declared again before publishing.
        await gate.look(signal).catch(() => {});
        handOver(outcome.tasks);
        return 0;
      case "empty":
        health.set("fetch", undefined);
        return 0;
      case "failed":
        health.set("fetch", outcome.reason);
        return outcome.retryInMs;
    }
  }

  while (!signal.aborted) {
    health.turned(LOOP);
    try {
      const waitMs = await turn();
      if (waitMs > 0) await clock.sleep(waitMs, signal);
    } catch (error) {
      if (signal.aborted) break;
      // The look at the queues failed: the broker went away between two steps.
      log.debug("worker.turn_failed", errorText(error));
      await clock.sleep(backoff.nextMs(), signal).catch(() => {});
    }
  }
  await Promise.all(batches);
  health.ended(LOOP);
}
