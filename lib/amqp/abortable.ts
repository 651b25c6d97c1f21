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
