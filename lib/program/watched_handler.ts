/** Lets the watchdog see a consumer: one whose handler hangs is noticed, one that has no messages is left in peace. */
import type { BatchHandler } from "../amqp/batches.ts";
import type { Health } from "./health.ts";

/** Wraps a handler; `loop` is the consumer's name in health reports. */
export function watchedHandler(health: Health, loop: string, handler: BatchHandler): BatchHandler {
  let running = 0;
  const tell = () => running === 0 ? health.waiting("messages", loop) : health.turned(loop);
  tell();
  return async (batch, signal) => {
    running++;
    tell();
    try {
      return await handler(batch, signal);
    } finally {
      running--;
      tell();
    }
  };
}
