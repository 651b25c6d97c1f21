/** Tells people of queues that fill although nobody works on them: a line whenever there is more, and a gauge. */
import type { Meter } from "@opentelemetry/api";
import type { Broker } from "../amqp/broker.ts";
import type { Log } from "../telemetry/log.ts";

export interface QueueWatchDeps {
  readonly broker: Pick<Broker, "inspect">;
  readonly meter: Meter;
  readonly log: Log;
}

/** What a filling queue means to people. */
export interface FillingQueue {
  readonly queue: string;
  /** Follows "… holds 3 messages: ". */
  readonly meaning: string;
  readonly level: "warn" | "error";
}

export class QueueWatch {
  readonly #depths = new Map<string, number>();

  /** @param code of the log lines: `worker.queue_filling` */
  constructor(private readonly code: string, private readonly deps: QueueWatchDeps) {
    deps.meter.createObservableGauge("exchanger_queue_messages", {
      description: "Messages in queues that should be empty",
    }).addCallback((result) => this.#depths.forEach((messages, queue) => result.observe(messages, { queue })));
  }

  /** Rejects while the broker is unreachable. */
  async look({ queue, meaning, level }: FillingQueue): Promise<void> {
    const state = await this.deps.broker.inspect(queue);
    const messages = state.kind === "present" ? state.messages : 0;
    const before = this.#depths.get(queue) ?? 0;
    this.#depths.set(queue, messages);
    if (messages > before) {
      this.deps.log[level](this.code, `${queue} holds ${messages} messages: ${meaning}`, { queue, messages });
    }
  }
}
