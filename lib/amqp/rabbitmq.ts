/** RabbitMQ behind the `Broker` interface: two connections and everything on them, each part mending itself. */
import { createNoopMeter, type Meter } from "@opentelemetry/api";
import type { ChannelModel } from "amqplib";
import type { Log } from "../telemetry/log.ts";
import { FailureLog } from "../telemetry/repeats.ts";
import { type Clock, systemClock } from "../time/clock.ts";
import type { Broker, BrokerState, Claim, Delivery, Publication, QueueState, SubscribeOptions } from "./broker.ts";
import type { Subscription, Topology } from "./broker.ts";
import { isConnectionGone, replyCode, replyText, withChannel } from "./channel.ts";
import { claimName } from "./claims.ts";
import type { AmqpSettings } from "./connect_failure.ts";
import { keepConnection } from "./connection.ts";
import { Declarations } from "./declarations.ts";
import { EventEmitter, EventReader } from "./events.ts";
import type { Kept } from "./kept.ts";
import { Publisher } from "./publisher.ts";
import { RabbitMqSubscription } from "./subscription.ts";
import { abortable, within } from "./abortable.ts";

export interface RabbitMqDependencies {
  readonly log: Log;
  /** @default one that measures nothing */
  readonly meter?: Meter;
  /** Shown in the broker's list of connections, followed by `publishing` or `consuming`. */
  readonly clientName: string;
  /** @default systemClock */
  readonly clock?: Clock;
}

/** Returns at once and connects in the background, for ever; `state().problem` says what keeps it from it. */
export function connectRabbitMq(settings: AmqpSettings, dependencies: RabbitMqDependencies): Broker {
  return new RabbitMqBroker(settings, dependencies);
}

/** A look is a question of milliseconds; without a limit an answer that never comes would stop whoever asks. */
const lookTimeoutMs = 10_000;

class RabbitMqBroker implements Broker {
  readonly maxBodyBytes: number;
  readonly #log: Log;
  readonly #clock: Clock;
  readonly #deliveries;
  readonly #declarations: Declarations;
  readonly #consuming: Kept<ChannelModel>;
  readonly #publishing: Kept<ChannelModel>;
  readonly #publisher: Publisher;
  readonly #subscriptions = new Set<Subscription>();
  #emitter: EventEmitter | undefined;
  #blockedBecause: string | undefined;
  #unblocked = Promise.withResolvers<void>();
  #closing: Promise<void> | undefined;

  constructor(settings: AmqpSettings, dependencies: RabbitMqDependencies) {
    const { log, clientName, clock = systemClock, meter = createNoopMeter() } = dependencies;
    this.maxBodyBytes = settings.RABBITMQ_MAX_MESSAGE_BYTES;
    this.#log = log;
    this.#clock = clock;
    this.#deliveries = meter.createCounter("exchanger_amqp_deliveries_total", {
      description: "Messages delivered to this program, by queue",
    });
    const reconnects = meter.createCounter("exchanger_amqp_reconnects_total", {
      description: "Lost connections and failed attempts to connect, by connection",
    });
    this.#declarations = new Declarations(settings.RABBITMQ_QUEUE_TYPE, log);
    const shared = { settings, clientName, log, clock, reconnects };
    this.#consuming = keepConnection({
      ...shared,
      role: "consuming",
      prepare: (model) => this.#declarations.restore(model, "the connection is a new one"),
    });
    this.#publishing = keepConnection({
      ...shared,
      role: "publishing",
      onBlocked: (reason) => this.#onBlocked(reason),
    });
    const channelFailures = new FailureLog(log, {
      code: "amqp.publishing_channel",
      what: "The publishing channel was closed",
      now: clock.now,
    });
    this.#publisher = new Publisher({
      connection: this.#publishing,
      window: settings.RABBITMQ_CONFIRM_WINDOW,
      maxBodyBytes: this.maxBodyBytes,
      clock,
      publishes: meter.createCounter("exchanger_amqp_publishes_total", {
        description: "Publications by outcome: confirmed, or why not",
      }),
      blockedBecause: () => this.#blockedBecause,
      onUnroutable: (publication) => this.#onUnroutable(publication),
      onChannelOpen: () => channelFailures.recovered(),
      onChannelFailure: async (why) => {
        if (isConnectionGone(why)) return;
        channelFailures.failed(replyText(why));
        if (replyCode(why) === 404) await this.#restore(replyText(why));
      },
    });
    meter.createObservableGauge("exchanger_amqp_unconfirmed", {
      description: "Publications sent and not yet confirmed",
    })
      .addCallback((result) => result.observe(this.#publisher.unconfirmed));
  }

  state(): BrokerState {
    const connected = this.#publishing.current !== undefined && this.#consuming.current !== undefined;
    const problem = this.#problem(connected);
    return {
      connected,
      writable: this.#publisher.open && this.#blockedBecause === undefined,
      problem,
      unconfirmed: this.#publisher.unconfirmed,
    };
  }

  async whenWritable(signal: AbortSignal): Promise<void> {
    for (;;) {
      await this.#publisher.whenOpen(signal);
      if (this.#blockedBecause === undefined) return;
      await abortable(this.#unblocked.promise, signal);
    }
  }

  declare(topology: Topology, signal: AbortSignal): Promise<void> {
    return this.#declarations.declare(this.#consuming, topology, signal);
  }

  publish(publication: Publication, signal?: AbortSignal): Promise<void> {
    return this.#publisher.publish(publication, signal);
  }

  subscribe(queue: string, { prefetch }: SubscribeOptions, onDelivery: (delivery: Delivery) => void): Subscription {
    const subscription: Subscription = new RabbitMqSubscription({
      connection: this.#consuming,
      queue,
      prefetch,
      onDelivery,
      restore: (because) => this.#restore(because),
      onClosed: () => this.#subscriptions.delete(subscription),
      clock: this.#clock,
      log: this.#log,
      deliveries: this.#deliveries,
    });
    this.#subscriptions.add(subscription);
    return subscription;
  }

  async inspect(queue: string): Promise<QueueState> {
    try {
      const look = withChannel(this.#connected(), (channel) => channel.checkQueue(queue));
      const found = await within(lookTimeoutMs, look, `RabbitMQ did not answer what ${queue} holds`, this.#clock);
      return { kind: "present", messages: found.messageCount, consumers: found.consumerCount };
    } catch (error) {
      switch (replyCode(error)) {
        case 404:
          return { kind: "absent" };
        case 405:
          return { kind: "locked" };
        default:
          throw error;
      }
    }
  }

  async claim(name: string): Promise<Claim | undefined> {
    return await claimName(this.#connected(), name, this.#clock);
  }

  emit(routingKey: string, body: Uint8Array): void {
    if (this.#closing !== undefined || this.#blockedBecause !== undefined) return;
    this.#emitter ??= new EventEmitter(this.#eventsOptions(this.#publishing));
    this.#emitter.emit(routingKey, body);
  }

  readEvents(pattern: string, onEvent: (routingKey: string, body: Uint8Array) => void): Subscription {
    const reader: Subscription = new EventReader(pattern, onEvent, {
      ...this.#eventsOptions(this.#consuming),
      onClosed: () => this.#subscriptions.delete(reader),
    });
    this.#subscriptions.add(reader);
    return reader;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const onChannels = [...this.#subscriptions, this.#publisher, this.#emitter];
    await Promise.all(onChannels.map((part) => part?.close()));
    await Promise.all([this.#publishing.close(), this.#consuming.close()]);
  }

  #problem(connected: boolean): string | undefined {
    if (this.#closing !== undefined) return "closed by this program";
    if (!connected) {
      const why = this.#publishing.why ?? this.#consuming.why;
      return why === undefined ? "not connected to RabbitMQ yet" : why.message;
    }
    if (this.#blockedBecause !== undefined) return `RabbitMQ takes no messages at the moment: ${this.#blockedBecause}`;
    return this.#publisher.open ? undefined : "the publishing channel is being opened";
  }

  #connected(): ChannelModel {
    const model = this.#consuming.current;
    if (model === undefined) throw new Error(this.#problem(false) ?? "Not connected to RabbitMQ");
    return model;
  }

  #onBlocked(reason: string | undefined): void {
    if (reason === this.#blockedBecause) return;
    this.#blockedBecause = reason;
    if (reason !== undefined) {
      this.#log.warn("amqp.blocked", `RabbitMQ takes no messages at the moment: ${reason}`);
      return;
    }
    this.#log.info("amqp.unblocked", "RabbitMQ takes messages again");
    this.#unblocked.resolve();
    this.#unblocked = Promise.withResolvers();
    this.#publisher.resume();
  }

  async #onUnroutable({ exchange, routingKey }: Publication): Promise<void> {
    if (!this.#declarations.knows(exchange, routingKey)) return;
    await this.#restore(`a message with key ${routingKey} found no queue`);
  }

  async #restore(because: string): Promise<void> {
    const model = this.#consuming.current;
    if (model !== undefined) await this.#declarations.restore(model, because);
  }

  #eventsOptions(connection: Kept<ChannelModel>) {
    return {
      connection,
      clock: this.#clock,
      onFailure: (why: Error) => this.#log.debug("amqp.events_interrupted", replyText(why)),
    };
  }
}
