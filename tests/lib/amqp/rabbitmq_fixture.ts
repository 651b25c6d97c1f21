/** A RabbitMQ broker object on a virtual host (or a node) that a test owns. */
import { amqpSettings } from "../../../lib/amqp/amqp_settings.ts";
import type { Broker } from "../../../lib/amqp/broker.ts";
import { connectRabbitMq } from "../../../lib/amqp/rabbitmq.ts";
import { requireSettings } from "../../../lib/config/require_settings.ts";
import { createMetrics, type Metrics } from "../../../lib/telemetry/metrics.ts";
import { createVhost, type TestVhost } from "../../services/rabbitmq.ts";
import { eventually } from "./eventually.ts";
import { RecordedLog } from "./recorded_log.ts";

export interface RabbitMqUnderTest extends AsyncDisposable {
  readonly broker: Broker;
  readonly log: RecordedLog;
  readonly metrics: Metrics;
}

/** @param settings RABBITMQ_* as in the environment */
export function connect(settings: Readonly<Record<string, string>>): RabbitMqUnderTest {
  const log = new RecordedLog();
  const metrics = createMetrics("test", "0");
  const { meter } = metrics;
  const broker = connectRabbitMq(requireSettings(amqpSettings, settings), { log, meter, clientName: "test" });
  return { broker, log, metrics, [Symbol.asyncDispose]: () => broker.close() };
}

export interface OwnedVhost extends RabbitMqUnderTest {
  readonly vhost: TestVhost;
}

/** A broker object on a virtual host of its own, connected. */
export async function connectToOwnVhost(settings: Readonly<Record<string, string>> = {}): Promise<OwnedVhost> {
  const vhost = await createVhost();
  const under = connect({ ...vhost.settings, ...settings });
  await ready(under.broker);
  return {
    ...under,
    vhost,
    async [Symbol.asyncDispose]() {
      await under.broker.close();
      await vhost[Symbol.asyncDispose]();
    },
  };
}

/** Resolves when both connections are up and messages can be published. */
export function ready(broker: Broker): Promise<void> {
  const isReady = () => broker.state().connected && broker.state().writable;
  return eventually(isReady, `a connected broker (${broker.state().problem})`, 30_000);
}
