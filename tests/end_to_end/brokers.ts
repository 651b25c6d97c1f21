/** Where the connections of a world come from: a broker in this process, or a virtual host of its own on RabbitMQ. */
import type { Broker } from "../../lib/amqp/broker.ts";
import { amqpSettings } from "../../lib/amqp/amqp_settings.ts";
import { createEmbeddedBroker } from "../../lib/amqp/embedded.ts";
import { connectRabbitMq } from "../../lib/amqp/rabbitmq.ts";
import { requireSettings } from "../../lib/config/require_settings.ts";
import { logOf } from "../../lib/telemetry/log.ts";
import { createMetrics } from "../../lib/telemetry/metrics.ts";
import { createVhost } from "../services/rabbitmq.ts";

export interface Brokers extends AsyncDisposable {
  /** The RABBITMQ_* settings that lead here. */
  readonly settings: Readonly<Record<string, string>>;
  /** @param environment settings of the one who connects; only RabbitMQ cares */
  connect(name: string, environment?: Readonly<Record<string, string>>): Broker;
  deleteQueue(name: string): Promise<void>;
}

/** @param maxMessageBytes RABBITMQ_MAX_MESSAGE_BYTES */
export function embeddedBrokers(maxMessageBytes?: number): Promise<Brokers> {
  const host = createEmbeddedBroker(maxMessageBytes === undefined ? {} : { maxBodyBytes: maxMessageBytes });
  return Promise.resolve({
    settings: {
      RABBITMQ_HOST: "embedded",
      RABBITMQ_USERNAME: "test",
      RABBITMQ_PASSWORD: "test",
      RABBITMQ_VIRTUAL_HOST: "test",
    },
    connect: (name) => host.connection(name),
    deleteQueue: (name) => Promise.resolve(host.deleteQueue(name)),
    [Symbol.asyncDispose]: () => host.close(),
  });
}

export async function realBrokers(maxMessageBytes?: number): Promise<Brokers> {
  const vhost = await createVhost();
  const settings = {
    ...vhost.settings,
    ...(maxMessageBytes === undefined ? {} : { RABBITMQ_MAX_MESSAGE_BYTES: String(maxMessageBytes) }),
  };
  return {
    settings,
    connect(name, environment = settings) {
      const { meter } = createMetrics(name, "test");
      return connectRabbitMq(requireSettings(amqpSettings, environment), { log: logOf(name), meter, clientName: name });
    },
    deleteQueue: (name) => vhost.deleteQueue(name),
    [Symbol.asyncDispose]: () => vhost[Symbol.asyncDispose](),
  };
}
