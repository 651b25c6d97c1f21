/** How the messages of a batch are settled, each by itself: what cannot be stored for one costs no other. */
import type { Settlement } from "../amqp/batches.ts";
import type { Delivery } from "../amqp/broker.ts";
import { errorText } from "../telemetry/error_text.ts";
import type { Log } from "../telemetry/log.ts";

export const ACK: Settlement = { kind: "ack" };
/** Back to its place in the queue; the consumer holds it for a back-off time first. */
export const GIVE_BACK: Settlement = { kind: "giveBack" };

/**
 * What `settle` says, or `GIVE_BACK` if it fails: the broker refused what follows from the message.
 * @throws the reason of `force`, once that has aborted
 */
export async function settledOrGivenBack(
  taskId: string,
  settle: () => Promise<Settlement>,
  { log, force }: { readonly log: Log; readonly force: AbortSignal },
): Promise<Settlement> {
  try {
    return await settle();
  } catch (error) {
    force.throwIfAborted();
    const reason = `A message is given back, since what follows from it was not stored: ${errorText(error)}`;
    log.error("program.settle_failed", reason, { taskId });
    return GIVE_BACK;
  }
}

/** The settlements of one batch, gathered while its tasks are sorted; what nobody settled is given back. */
export class Settlements {
  readonly #settled = new Map<Delivery, Settlement>();

  constructor(private readonly batch: readonly Delivery[]) {}

  set(deliveries: readonly Delivery[], settlement: Settlement): void {
    for (const delivery of deliveries) this.#settled.set(delivery, settlement);
  }

  inOrder(): Settlement[] {
    return this.batch.map((delivery) => this.#settled.get(delivery) ?? GIVE_BACK);
  }
}
