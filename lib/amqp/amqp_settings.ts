/** How to reach RabbitMQ, how hard to lean on it, and the names of the public contract. */
import { boolean, choice, integer, text } from "../config/schemas.ts";
import type { SettingsOf, SettingsTable } from "../config/setting.ts";
import { type ContractNames, contractNames } from "./topology.ts";

export const amqpSettings = {
  RABBITMQ_HOST: {
    schema: text,
    doc: "Host name of the broker, without scheme or port.",
    example: "rabbitmq.internal",
  },
  RABBITMQ_PORT: {
    schema: integer({ min: 1, max: 65_535 }),
    doc: "AMQP port. Without it 5672, or 5671 with RABBITMQ_TLS.",
    example: "5672",
    optional: true,
  },
  RABBITMQ_USERNAME: { schema: text, doc: "User of the broker.", example: "exchanger" },
  RABBITMQ_PASSWORD: { schema: text, doc: "Password of RABBITMQ_USERNAME.", example: "change-me", secret: true },
  RABBITMQ_VIRTUAL_HOST: {
    schema: text,
    doc: "Virtual host; it keeps environments apart, so there is no default.",
    example: "/prod",
  },
  RABBITMQ_TLS: {
    schema: boolean,
    doc: "Speak AMQPS. The broker's certificate is always verified against RABBITMQ_HOST.",
    example: "true",
    default: "false",
  },
  RABBITMQ_CA_FILE: {
    schema: text,
    doc:
      "PEM file of the authority that signed the broker's certificate, when it is a private one. Needs RABBITMQ_TLS.",
    example: "/etc/exchanger/rabbitmq-ca.pem",
    optional: true,
  },
  RABBITMQ_HEARTBEAT: {
    schema: integer({ min: 2, max: 600 }),
    doc: "Seconds, 2 to 600. A broker that went silent is noticed within twice this time.",
    example: "30",
    default: "30",
  },
  RABBITMQ_QUEUE_TYPE: {
    schema: choice(["quorum", "classic"]),
    doc: "Type of the task, sent, response and error queues that are made new; existing ones are used as they are.",
    example: "quorum",
    default: "quorum",
  },
  RABBITMQ_CONFIRM_WINDOW: {
    schema: integer({ min: 1, max: 5000 }),
    doc: "Most messages sent and not yet confirmed by the broker. More than 1000 brings nothing.",
    example: "200",
    default: "200",
  },
  RABBITMQ_MAX_MESSAGE_BYTES: {
    // The broker's own limit (max_message_size) is 128 MiB before 4.0 and 16 MiB since.
    schema: integer({ min: 1024, max: 134_217_728 }),
    doc: "Largest message body in bytes. A larger task is not sent but becomes an incident.",
    example: "8388608",
    default: "8388608",
  },
  RABBITMQ_TASKS_EXCHANGE: {
    schema: text,
    doc: "Topic exchange that takes the tasks.",
    example: contractNames.tasksExchange,
    default: contractNames.tasksExchange,
    aliases: ["RABBITMQ_TASKS_EXCHANGE_NAME"],
  },
  RABBITMQ_ALTERNATE_EXCHANGE: {
    schema: text,
    doc: "Fanout exchange that takes tasks which no binding of the tasks exchange takes.",
    example: contractNames.unroutedExchange,
    default: contractNames.unroutedExchange,
    aliases: ["RABBITMQ_ALTERNATE_EXCHANGE_NAME"],
  },
  RABBITMQ_RESPONSES_EXCHANGE: {
    schema: text,
    doc: "Direct exchange that takes the responses.",
    example: contractNames.responsesExchange,
    default: contractNames.responsesExchange,
    aliases: ["RABBITMQ_RESPONSES_EXCHANGE_NAME"],
  },
  RABBITMQ_RESPONSES_QUEUE: {
    schema: text,
    doc: "Queue of the responses.",
    example: contractNames.responsesQueue,
    default: contractNames.responsesQueue,
    aliases: ["RABBITMQ_RESPONSES_QUEUE_NAME"],
  },
} as const satisfies SettingsTable;

/** The names of the public contract as these settings have them. */
export function contractNamesOf(settings: SettingsOf<typeof amqpSettings>): ContractNames {
  return {
    tasksExchange: settings.RABBITMQ_TASKS_EXCHANGE,
    unroutedExchange: settings.RABBITMQ_ALTERNATE_EXCHANGE,
    responsesExchange: settings.RABBITMQ_RESPONSES_EXCHANGE,
    responsesQueue: settings.RABBITMQ_RESPONSES_QUEUE,
  };
}
