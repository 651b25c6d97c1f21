/** The broker contract on RabbitMQ. */
import { rabbitMqAvailable } from "../../services/rabbitmq.ts";
import { brokerContract } from "./broker_contract.ts";
import { connect, connectToOwnVhost, type RabbitMqUnderTest, ready } from "./rabbitmq_fixture.ts";

brokerContract("RabbitMQ", async () => {
  const settings = { RABBITMQ_MAX_MESSAGE_BYTES: String(64 * 1024) };
  const { broker, vhost } = await connectToOwnVhost(settings);
  const others: RabbitMqUnderTest[] = [];
  return {
    broker,
    async secondConnection() {
      const other = connect({ ...vhost.settings, ...settings });
      others.push(other);
      await ready(other.broker);
      return other.broker;
    },
    async breakConnections() {
      await vhost.closeConnections(2 * (1 + others.length));
    },
    deleteQueue: (name: string) => vhost.deleteQueue(name),
    async [Symbol.asyncDispose]() {
      for (const other of others) await other.broker.close();
      await broker.close();
      await vhost[Symbol.asyncDispose]();
    },
  };
}, { ignore: !rabbitMqAvailable });
