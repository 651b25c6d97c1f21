/** A virtual host of a test's own on the broker that RABBITMQ_URL names, with the means to look into it and to break it. */
import amqp from "amqplib";
import type { Channel, Options } from "amqplib";
import { Buffer } from "node:buffer";
import { z } from "zod";

export interface TestQueue {
  /** Ready messages: those a consumer has in hand are not counted. */
  readonly messages: number;
  readonly consumers: number;
  readonly type: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

export interface DrainedMessage {
  readonly exchange: string;
  readonly routingKey: string;
  readonly body: string;
  readonly redelivered: boolean;
  readonly messageId: string | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  /** All AMQP properties, as amqplib names them. */
  readonly properties: Readonly<Record<string, unknown>>;
}

export interface TestVhost extends AsyncDisposable {
  readonly name: string;
  /** With the virtual host, for amqplib. */
  readonly url: string;
  /** The RABBITMQ_* settings that lead here. */
  readonly settings: Readonly<Record<string, string>>;
  /** `undefined` when there is no such queue. */
  queue(name: string): Promise<TestQueue | undefined>;
  deleteQueue(name: string): Promise<void>;
  publishRaw(exchange: string, routingKey: string, body: string | Uint8Array, options?: Options.Publish): Promise<void>;
  /** Takes every ready message out of the queue. */
  drainQueue(name: string): Promise<DrainedMessage[]>;
  /** Does something over a connection and channel of its own. */
  withChannel<T>(use: (channel: Channel) => Promise<T>): Promise<T>;
  /** Names of the connections into this virtual host. New ones are listed late: waits until this many are. */
  connections(atLeast: number): Promise<string[]>;
  /** Cuts the connections from the broker's side, after waiting for this many, and returns how many they were. */
  closeConnections(atLeast: number): Promise<number>;
  /** Calls the management API with a path below `/api/`; returns the parsed answer, or `undefined` for 404. */
  manage(method: "GET" | "PUT" | "DELETE" | "POST", path: string, body?: unknown): Promise<unknown>;
}

const queueInfo = z.object({ type: z.string(), arguments: z.record(z.string(), z.unknown()) });
const connectionList = z.array(z.object({ name: z.string() }));

export async function createVhost(): Promise<TestVhost> {
  const broker = new URL(requiredEnv("RABBITMQ_URL"));
  const management = new URL(requiredEnv("RABBITMQ_MANAGEMENT_URL"));
  const name = `test-${crypto.randomUUID()}`;
  const url = Object.assign(new URL(broker), { pathname: `/${name}` }).href;

  const manage: TestVhost["manage"] = async (method, path, body) => {
    const response = await fetch(`${management.origin}/api/${path}`, {
      method,
      headers: {
        authorization: `Basic ${btoa(`${management.username}:${management.password}`)}`,
        "content-type": "application/json",
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (response.status === 404) return undefined;
    if (!response.ok) throw new Error(`${method} /api/${path}: ${response.status} ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  };

  const withChannel: TestVhost["withChannel"] = async (use) => {
    const connection = await amqp.connect(url);
    // A channel error that is not awaited must not end the test run; the call it belongs to rejects anyway.
    connection.on("error", () => {});
    try {
      const channel = await connection.createChannel();
      channel.on("error", () => {});
      return await use(channel);
    } finally {
      await connection.close().catch(() => {});
    }
  };

  const connections: TestVhost["connections"] = async (atLeast) => {
    const deadline = performance.now() + 15_000;
    for (;;) {
      const listed = connectionList.parse(await manage("GET", `vhosts/${name}/connections`));
      if (listed.length >= atLeast) return listed.map((connection) => connection.name);
      if (performance.now() > deadline) {
        throw new Error(`Only ${listed.length} of ${atLeast} connections into ${name} are listed`);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };

  await manage("PUT", `vhosts/${name}`);
  await manage("PUT", `permissions/${name}/${broker.username}`, { configure: ".*", write: ".*", read: ".*" });

  return {
    name,
    url,
    settings: {
      RABBITMQ_HOST: broker.hostname,
      RABBITMQ_PORT: broker.port || "5672",
      RABBITMQ_USERNAME: decodeURIComponent(broker.username),
      RABBITMQ_PASSWORD: decodeURIComponent(broker.password),
      RABBITMQ_VIRTUAL_HOST: name,
    },
    manage,
    withChannel,
    async queue(queue) {
      const found = await manage("GET", `queues/${name}/${encodeURIComponent(queue)}?disable_stats=true`);
      if (found === undefined) return undefined;
      const counts = await withChannel((channel) => channel.checkQueue(queue));
      return { ...queueInfo.parse(found), messages: counts.messageCount, consumers: counts.consumerCount };
    },
    async deleteQueue(queue) {
      await withChannel((channel) => channel.deleteQueue(queue));
    },
    async publishRaw(exchange, routingKey, body, options = {}) {
      const connection = await amqp.connect(url);
      try {
        const channel = await connection.createConfirmChannel();
        channel.publish(exchange, routingKey, Buffer.from(body), options);
        await channel.waitForConfirms();
      } finally {
        await connection.close();
      }
    },
    drainQueue: (queue) =>
      withChannel(async (channel) => {
        const drained: DrainedMessage[] = [];
        for (;;) {
          const message = await channel.get(queue, { noAck: true });
          if (message === false) return drained;
          const { fields, properties, content } = message;
          drained.push({
            exchange: fields.exchange,
            routingKey: fields.routingKey,
            body: content.toString("utf8"),
            redelivered: fields.redelivered,
            messageId: properties.messageId,
            headers: properties.headers ?? {},
            properties: { ...properties },
          });
        }
      }),
    connections,
    async closeConnections(atLeast) {
      const names = await connections(atLeast);
      await Promise.all(names.map((connection) => manage("DELETE", `connections/${encodeURIComponent(connection)}`)));
      return names.length;
    },
    async [Symbol.asyncDispose]() {
      await manage("DELETE", `vhosts/${name}`);
    },
  };
}

function requiredEnv(name: string): string {
  const value = Deno.env.get(name);
  if (value === undefined) throw new Error(`${name} is not set; run the tests with deno task test`);
  return value;
}
