/** Queues of systems that this creator does not serve: left alone, but people are told when tasks pile up in them. */
import type { Clock } from "../time/clock.ts";
import { QueueWatch, type QueueWatchDeps } from "../program/queue_watch.ts";

const EVERY_MS = 60_000;

export interface UnservedQueuesDeps extends QueueWatchDeps {
  readonly clock: Clock;
}

/** A queue that is not consumed here, and why. */
export interface UnservedQueue {
  readonly queue: string;
  /** `this version has no adapter for it` */
  readonly why: string;
}

/** Names them at first, then runs until `signal` aborts. Never rejects: what cannot be looked at now is looked at later. */
export async function watchUnserved(
  queues: readonly UnservedQueue[],
  deps: UnservedQueuesDeps,
  signal: AbortSignal,
): Promise<void> {
  const words = queues.map(({ queue, why }) => `${queue} (${why})`).join(", ");
  if (queues.length > 0) deps.log.info("creator.queues_left_alone", `Not consumed by this program: ${words}`);
  const watch = new QueueWatch("creator.queue_filling", deps);
  while (!signal.aborted) {
    await Promise.allSettled(
      queues.map(({ queue, why }) => watch.look({ queue, meaning: `they are left alone; ${why}`, level: "warn" })),
    );
    await deps.clock.sleep(EVERY_MS, signal).catch(() => {});
  }
}
