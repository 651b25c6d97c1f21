/** How every program consumes a queue: in batches, seen by the watchdog, with a breaker, drained when it stops. */
import { type BatchConsumer, consumeBatches, type Settlement } from "../amqp/batches.ts";
import type { Broker, Delivery } from "../amqp/broker.ts";
import type { Log } from "../telemetry/log.ts";
import { aborted, type Clock } from "../time/clock.ts";
import { Breaker } from "./breaker.ts";
import type { Health } from "./health.ts";
import type { Led } from "./led_role.ts";
import { watchedHandler } from "./watched_handler.ts";

export interface GuardedConsumerOptions {
  readonly queue: string;
  /** What is behind the queue, for the breaker: `camunda`, `bitrix24`. */
  readonly system: string;
  readonly batchSize: number;
  /** How long a batch gathers after its first message. */
  readonly windowMs: number;
  readonly concurrency: number;
  /** Most messages in hand. @default batchSize * concurrency */
  readonly prefetch?: number;
}

export interface GuardedConsumerDeps {
  readonly broker: Broker;
  readonly clock: Clock;
  readonly health: Health;
  readonly log: Log;
}

/** The first ends the taking of work, the second the finishing of what is in hand. */
export interface StopSignals {
  readonly signal: AbortSignal;
  readonly force: AbortSignal;
}

export class GuardedConsumer implements Led {
  readonly breaker: Breaker;
  readonly #consumer: BatchConsumer;

  /** Begins to consume at once. */
  constructor(
    options: GuardedConsumerOptions,
    deps: GuardedConsumerDeps,
    private readonly signals: StopSignals,
    handler: (batch: readonly Delivery[]) => Promise<readonly Settlement[]>,
  ) {
    const { queue, system, ...batches } = options;
    const { broker, clock, health, log } = deps;
    this.breaker = new Breaker(system, () => this.#consumer, { clock, health, log, signal: signals.signal });
    this.#consumer = consumeBatches(
      broker,
      queue,
      { ...batches, clock, log },
      watchedHandler(health, queue, handler),
    );
  }

  get problem(): string | undefined {
    return this.#consumer.problem;
  }

  async ended(): Promise<void> {
    await aborted(this.signals.signal);
    await this.#consumer.drain(this.signals.force);
    await this.breaker.ended();
  }
}
