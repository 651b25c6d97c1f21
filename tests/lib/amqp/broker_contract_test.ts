/** The broker contract on the embedded broker; `rabbitmq_contract_test.ts` runs it on RabbitMQ. */
import { createEmbeddedBroker } from "../../../lib/amqp/embedded.ts";
import { brokerContract } from "./broker_contract.ts";

brokerContract("embedded broker", () => {
  const broker = createEmbeddedBroker({ maxBodyBytes: 64 * 1024 });
  return Promise.resolve({
    broker,
    secondConnection: () => Promise.resolve(broker.connection("second")),
    breakConnections: () => Promise.resolve(broker.breakConnections()),
    deleteQueue: (name: string) => Promise.resolve(broker.deleteQueue(name)),
    [Symbol.asyncDispose]: () => broker.close(),
  });
});
