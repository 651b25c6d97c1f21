/** The broker contract on both brokers. */
import { amqpSettings } from "../../../lib/amqp/amqp_settings.ts";
import { createEmbeddedBroker } from "../../../lib/amqp/embedded.ts";
import { connectRabbitMq } from "../../../lib/amqp/rabbitmq.ts";
import { readSettings } from "../../../lib/config/read_settings.ts";
import { createVhost, rabbitMqAvailable } from "../../services/rabbitmq.ts";
import { brokerContract, type BrokerUnderTest } from "./broker_contract.ts";
import { eventually } from "./eventually.ts";
import { RecordedLog } from "./recorded_log.ts";

const maxBodyBytes = 64 * 1024;

function embedded(): Promise<BrokerUnderTest> {
  const broker = createEmbeddedBroker({ maxBodyBytes });
  return Promise.resolve({
    broker,
    secondConnection: () => Promise.resolve(broker.connection("second")),
    breakConnections: () => Promise.resolve(broker.breakConnections()),
    deleteQueue: (name: string) => Promise.resolve(broker.deleteQueue(name)),
    [Symbol.asyncDispose]: () => broker.close(),
  });
}

async function rabbitMq(): Promise<BrokerUnderTest> {
  const vhost = await createVhost();
  const environment = { ...vhost.settings, RABBITMQ_MAX_MESSAGE_BYTES: String(maxBodyBytes) };
  const { settings, faults } = readSettings(amqpSettings, environment);
  if (settings === undefined) throw new Error(faults.map(({ name, problem }) => `${name} ${problem}`).join("; "));
  const connect = async (clientName: string) => {
    const broker = connectRabbitMq(settings, { log: new RecordedLog(), clientName });
    await eventually(() => broker.state().connected && broker.state().writable, "both connections of the broker");
    return broker;
  };
  const broker = await connect("contract");
  const brokers = [broker];
  return {
    broker,
    secondConnection: async () => {
      const second = await connect("contract second");
      brokers.push(second);
      return second;
    },
    // Each broker has a connection for publishing and one for consuming.
    breakConnections: async () => void await vhost.closeConnections(2 * brokers.length),
    deleteQueue: (name) => vhost.deleteQueue(name),
    async [Symbol.asyncDispose]() {
      await Promise.all(brokers.map((each) => each.close()));
      await vhost[Symbol.asyncDispose]();
    },
  };
}

brokerContract("embedded broker", embedded);
brokerContract("RabbitMQ", rabbitMq, { ignore: !rabbitMqAvailable });
