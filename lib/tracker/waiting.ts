/**
 * Where open tasks wait between two looks: in the broker, which is the only store of work under way. The copy that waits is
 * slim; what is counted about it travels in headers.
 */
import type { Settlement } from "../amqp/batches.ts";
import type { Broker, Delivery } from "../amqp/broker.ts";
import { waitingQueueName } from "../amqp/topology.ts";
import { encodeMessage, type JsonObject } from "../messages/json.ts";
import { slimTask } from "../messages/response_message.ts";
import type { SentMessage } from "../messages/sent_message.ts";
import { ACK } from "../program/settlements.ts";
import type { Clock } from "../time/clock.ts";

/** How often something happened to an open task: `looks` in all, `misses` and `failures` in a row, `withdrawals`. */
export type Counted = "looks" | "misses" | "failures" | "withdrawals";

export function countOf({ headers }: Delivery, counted: Counted): number {
  const count = headers[`x-${counted}`];
  return typeof count === "number" && Number.isInteger(count) && count > 0 ? count : 0;
}

export class Waiting {
  constructor(
    private readonly system: string,
    private readonly deps: { readonly broker: Broker; readonly clock: Clock },
  ) {}

  /**
   * Until the next common tick of its interval, so that open tasks come back within moments of each other. Counts that are
   * not given begin anew.
   * @param notes replace those in the message
   */
  async untilNextTick(
    { delivery, message }: { readonly delivery: Delivery; readonly message: SentMessage },
    counts: Readonly<Partial<Record<Counted, number>>>,
    intervalS: number,
    notes?: JsonObject,
  ): Promise<Settlement> {
    const intervalMs = intervalS * 1000;
    const looks = countOf(delivery, "looks");
    const all = { looks: looks + 1, ...counts };
    // What has waited before is slim already: most looks write what they read.
    const asItCame = looks > 0 && notes === undefined;
    await this.deps.broker.publish({
      exchange: "",
      routingKey: waitingQueueName(this.system, intervalS),
      messageId: message.original_message.task_id,
      contentEncoding: "utf-8",
      body: asItCame ? delivery.body : encodeMessage(slimmed(message, notes)),
      headers: Object.fromEntries(Object.entries(all).map(([counted, count]) => [`x-${counted}`, count])),
      expirationMs: intervalMs - this.deps.clock.now() % intervalMs,
      // The broker held it before, fatter.
      ignoreSizeLimit: true,
    });
    return ACK;
  }
}

function slimmed(message: SentMessage, notes: JsonObject | undefined): object {
  const slim = { ...message, original_message: slimTask(message.original_message) };
  return notes === undefined ? slim : { ...slim, notes };
}
