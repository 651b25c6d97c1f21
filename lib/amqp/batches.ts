/**
 * Consumes a queue in batches. The handler returns what becomes of each message, so that none can be forgotten; a handler
 * that fails costs time but no message.
 */
import type { Log } from "../telemetry/log.ts";
import { Backoff, type BackoffOptions } from "../time/backoff.ts";
import type { Clock } from "../time/clock.ts";
import type { Broker, Delivery } from "./broker.ts";
import { Intake, type IntakeLimits } from "./intake.ts";

/**
 * What becomes of a message. `giveBack` is for a program that pauses or stops: while it consumes, the message is held for
 * a back-off time first, because the broker would hand it over again at once.
 */
export type Settlement = { readonly kind: "ack" } | { readonly kind: "giveBack" };

/** Returns one settlement per delivery, in order. `signal` aborts when the program must end at once. */
export type BatchHandler = (batch: readonly Delivery[], signal: AbortSignal) => Promise<readonly Settlement[]>;

export interface BatchOptions {
  /** Most messages in a batch. */
  readonly batchSize: number;
  /** How long to gather after the first message of a batch. */
  readonly windowMs: number;
  /** Batches handled at the same time. */
  readonly concurrency: number;
  /** Most messages in hand, 1–65535. @default batchSize * concurrency: nothing is taken that no handler works on */
  readonly prefetch?: number;
  /** How long messages of a failed batch are held. @default 1 s, doubling up to 30 s */
  readonly backoff?: BackoffOptions;
  readonly clock: Clock;
  readonly log: Log;
}

export interface BatchConsumer {
  readonly queue: string;
  /** What keeps work from being done, in words for `/readyz`; `undefined` when all is well. */
  readonly problem: string | undefined;
  /** Messages gathered or being handled. */
  readonly inHand: number;
  /** Epoch milliseconds when a batch last began or ended. Old while `inHand` is not 0 means that a handler hangs. */
  readonly lastProgressAt: number;
  /** Batches whose handler failed, since the start. */
  readonly failures: number;
  /** Takes no more and gives back, once, what no handler has. A handler may call and await it. */
  pause(reason: string): Promise<void>;
  /** After `pause`: takes one message at a time, to see whether the reason is over. */
  probe(): void;
  /** After `pause` or `probe`: takes batches again. */
  resume(): void;
  /** Takes no more, lets handlers finish, settles and closes; `force` gives back what they hold. Final, idempotent. */
  drain(force: AbortSignal): Promise<void>;
}

export function consumeBatches(
  broker: Pick<Broker, "subscribe">,
  queue: string,
  options: BatchOptions,
  handler: BatchHandler,
): BatchConsumer {
  const { batchSize, windowMs, concurrency, prefetch = batchSize * concurrency } = options;
  if (!(batchSize >= 1 && concurrency >= 1 && prefetch >= batchSize && prefetch <= 65535)) {
    throw new RangeError(
      `Cannot consume ${queue} with batch size ${batchSize}, concurrency ${concurrency} and prefetch ${prefetch}: ` +
        "each must be at least 1, prefetch at least the batch size and at most 65535",
    );
  }
  return new RunningBatches(broker, queue, { batchSize, windowMs, concurrency, prefetch }, options, handler);
}

type Mode =
  | { readonly kind: "consuming"; readonly intake: Intake }
  | { readonly kind: "probing"; readonly intake: Intake; readonly reason: string }
  | { readonly kind: "paused"; readonly reason: string }
  | { readonly kind: "drained" };

class RunningBatches implements BatchConsumer {
  /** With those that were paused while a batch was under way. */
  readonly #intakes = new Map<Intake, Promise<void> | undefined>();
  readonly #force = new AbortController();
  readonly #backoff: Backoff;
  #mode: Mode;
  #failure: string | undefined;
  failures = 0;
  lastProgressAt: number;

  constructor(
    private readonly broker: Pick<Broker, "subscribe">,
    readonly queue: string,
    private readonly limits: IntakeLimits,
    private readonly options: BatchOptions,
    private readonly handler: BatchHandler,
  ) {
    this.#backoff = new Backoff(options.backoff ?? { firstMs: 1000, capMs: 30_000 });
    this.lastProgressAt = options.clock.now();
    this.#mode = { kind: "consuming", intake: this.#open(limits) };
  }

  get problem(): string | undefined {
    return this.#problemIn(this.#mode);
  }

  get inHand(): number {
    return Array.from(this.#intakes.keys(), (intake) => intake.inHand).reduce((sum, count) => sum + count, 0);
  }

  async pause(reason: string): Promise<void> {
    const mode = this.#mode;
    if (mode.kind === "drained") return;
    this.#mode = { kind: "paused", reason };
    if (mode.kind === "paused") return;
    this.#retire(mode.intake);
    await mode.intake.cancel();
  }

  probe(): void {
    if (this.#mode.kind !== "paused") return;
    const intake = this.#open({ batchSize: 1, concurrency: 1, prefetch: 1, windowMs: 0 });
    this.#mode = { kind: "probing", intake, reason: this.#mode.reason };
  }

  resume(): void {
    const mode = this.#mode;
    if (mode.kind === "consuming" || mode.kind === "drained") return;
    this.#mode = { kind: "consuming", intake: this.#open(this.limits) };
    if (mode.kind === "probing") this.#retire(mode.intake);
  }

  async drain(force: AbortSignal): Promise<void> {
    this.#mode = { kind: "drained" };
    const onForce = () => this.#force.abort(force.reason);
    if (force.aborted) onForce();
    force.addEventListener("abort", onForce);
    await Promise.all(Array.from(this.#intakes.keys(), (intake) => this.#retire(intake)));
    force.removeEventListener("abort", onForce);
  }

  #problemIn(mode: Mode): string | undefined {
    switch (mode.kind) {
      case "consuming":
        return mode.intake.problem ?? this.#failure;
      case "probing":
        return `${this.queue} is probed with single messages: ${mode.reason}`;
      case "paused":
        return `${this.queue} is paused: ${mode.reason}`;
      case "drained":
        return `${this.queue} is no longer consumed: the program stops`;
    }
  }

  #open(limits: IntakeLimits): Intake {
    const { clock } = this.options;
    const intake = new Intake(this.broker, this.queue, limits, clock, (batch, from) => this.#handle(batch, from));
    this.#intakes.set(intake, undefined);
    return intake;
  }

  #retire(intake: Intake): Promise<void> {
    const ended = this.#intakes.get(intake) ?? intake.end(this.#force.signal).then(() => {
      this.#intakes.delete(intake);
    });
    this.#intakes.set(intake, ended);
    return ended;
  }

  async #handle(batch: readonly Delivery[], intake: Intake): Promise<void> {
    this.lastProgressAt = this.options.clock.now();
    const returned = await this.#settle(batch);
    this.lastProgressAt = this.options.clock.now();
    if (returned.length === 0) return this.#backoff.reset();
    // Cut short by a pause or a stop, after which the broker hands the messages to others.
    await this.options.clock.sleep(this.#backoff.nextMs(), intake.cancelled).catch(() => {});
    for (const delivery of returned) delivery.giveBack();
  }

  /** Runs the handler and acknowledges; returns what has to be given back. */
  async #settle(batch: readonly Delivery[]): Promise<readonly Delivery[]> {
    try {
      const settlements = await this.handler(batch, this.#force.signal);
      if (settlements.length !== batch.length) {
        throw new Error(`The handler settled ${settlements.length} of ${batch.length} messages`);
      }
      this.#failure = undefined;
      return batch.filter((delivery, index) => {
        const settlement = settlements[index];
        if (settlement?.kind !== "ack") return true;
        delivery.ack();
        return false;
      });
    } catch (error) {
      if (this.#force.signal.aborted) return batch;
      const reason = error instanceof Error ? error.message : String(error);
      this.failures++;
      this.#failure = `the last batch of ${this.queue} could not be handled: ${reason}`;
      this.options.log.error("amqp.batch_failed", `A batch of ${this.queue} could not be handled: ${reason}`, {
        queue: this.queue,
        messages: batch.length,
        failures: this.failures,
      });
      return batch;
    }
  }
}
