/** Queues of systems that this creator does not serve: left alone, but people are told when tasks pile up in them. */
import type { Clock } from "../time/clock.ts";
import { type FillingQueue, QueueWatch, type QueueWatchDeps } from "../program/queue_watch.ts";

const EVERY_MS = 60_000;

export interface UnservedQueuesDeps extends QueueWatchDeps {
  readonly clock: Clock;
}

/** Runs until `signal` aborts. Never rejects: what cannot be looked at now is looked at later. */
export async function watchUnserved(
  queues: readonly Omit<FillingQueue, "level">[],
  deps: UnservedQueuesDeps,
  signal: AbortSignal,
): Promise<void> {
  const watch = new QueueWatch("creator.queue_left_alone", deps);
  while (!signal.aborted) {
    await Promise.allSettled(queues.map((queue) => watch.look({ ...queue, level: "warn" })));
    await deps.clock.sleep(EVERY_MS, signal).catch(() => {});
  }
}
