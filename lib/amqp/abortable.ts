/** Waits that end early: by a signal, or because they have taken long enough. */
import type { Clock } from "../time/clock.ts";

/** Settles as `promise` does, or rejects with the signal's reason, whichever comes first. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}

/** Resolves when `promise` settles either way, at the latest after `ms`. Never rejects. */
export async function settledWithin(ms: number, promise: Promise<unknown>, clock: Clock): Promise<void> {
  const timer = new AbortController();
  const settled = promise.then(() => {}, () => {}).finally(() => timer.abort());
  await Promise.race([settled, clock.sleep(ms, timer.signal).catch(() => {})]);
}

/** Settles as `promise` does, or rejects with `late` after `ms`. */
export async function within<T>(ms: number, promise: Promise<T>, late: string, clock: Clock): Promise<T> {
  const timer = new AbortController();
  const tooLate = clock.sleep(ms, timer.signal).then((): never => {
    throw new Error(late);
  });
  tooLate.catch(() => {}); // the timer that is not needed any more
  try {
    return await Promise.race([promise, tooLate]);
  } finally {
    timer.abort();
  }
}
