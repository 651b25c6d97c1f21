/**
 * Where benchmarks happen: RabbitMQ and Camunda on this machine, started unless RABBITMQ_URL and CAMUNDA_BASE_URL name
 * them, and the programs, compiled unless EXCHANGER_EXECUTABLES names a folder of them. Each benchmark takes a virtual host and tenants of its own.
 */
import { BareClient } from "./bare_client.ts";
import { Orders } from "./orders.ts";
import { compile, programs } from "../deploy/compile.ts";
import { eventually } from "../tests/lib/amqp/eventually.ts";
import { launchable } from "../tests/services/launch.ts";
import { type CamundaEngine, startCamunda } from "../tests/services/camunda.ts";
import { createVhost, installRabbitMq, startRabbitMqNode, type TestVhost } from "../tests/services/rabbitmq.ts";

const WARM_UP_ROUNDS = 8;
const WARM_UP_TASKS = 500;

export interface Place extends AsyncDisposable {
  /** The address of the engine; the first who asks starts it. */
  camunda(): Promise<string>;
  /** Rounds that count, at least 7. */
  readonly rounds: number;
  /** Progress, for whoever watches. */
  tell(what: string): void;
}

export async function openPlace(options: Pick<Place, "rounds" | "tell">): Promise<Place> {
  await using owned = new AsyncDisposableStack();
  const { tell } = options;
  if (!Deno.env.has("RABBITMQ_URL")) {
    tell("starting RabbitMQ");
    await installRabbitMq();
    const node = owned.use(await startRabbitMqNode());
    Deno.env.set("RABBITMQ_URL", node.url);
    Deno.env.set("RABBITMQ_MANAGEMENT_URL", node.managementUrl);
  }
  if (!launchable("executable")) {
    tell("compiling the programs");
    const folder = await Deno.makeTempDir({ prefix: "exchanger-bench-" });
    owned.defer(() => Deno.remove(folder, { recursive: true }));
    for (const program of programs) await compile(program, { output: folder });
    Deno.env.set("EXCHANGER_EXECUTABLES", folder);
  }
  const parts = owned.move();
  let camunda: Promise<string> | undefined;
  const startedCamunda = async () => {
    const given = Deno.env.get("CAMUNDA_BASE_URL");
    if (given !== undefined) return given;
    tell("starting Camunda");
    const engine = parts.use(await startCamunda({ analyzesItself: false }));
    await warmUp(engine);
    return engine.baseUrl;
  };
  return {
    ...options,
    camunda: () => camunda ??= startedCamunda(),
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

/**
 * An engine that has just started gets faster with every task, until what it does often is compiled. Its database counts its
 * rows while there are tasks, and never again.
 */
async function warmUp({ baseUrl, analyze }: CamundaEngine): Promise<void> {
  const tenantId = `bench-${crypto.randomUUID()}`;
  const orders = new Orders(baseUrl, tenantId);
  const client = new BareClient(baseUrl, tenantId);
  for (let round = 0; round < WARM_UP_ROUNDS; round++) {
    await orders.start(WARM_UP_TASKS);
    if (round === 0) await analyze();
    await client.complete(await client.lease(WARM_UP_TASKS), {});
    await orders.clear();
  }
}

/** A virtual host and a tenant: where one program works, undisturbed by others on the same services. */
export interface Corner extends AsyncDisposable {
  readonly vhost: TestVhost;
  readonly tenantId: string;
  /** Of a program that works here. */
  readonly settings: Readonly<Record<string, string>>;
  /** Resolves once the queue is there; with `consumers`, once a program takes from it. */
  queue(name: string, options?: { readonly consumers: number }): Promise<void>;
  /** Resolves once so many messages wait in it. */
  filled(name: string, many: number): Promise<void>;
}

export async function openCorner(camundaUrl: string): Promise<Corner> {
  const vhost = await createVhost();
  const tenantId = `bench-${crypto.randomUUID()}`;
  return {
    vhost,
    tenantId,
    settings: {
      ...vhost.settings,
      CAMUNDA_BASE_URL: camundaUrl,
      CAMUNDA_AUTH_ENABLED: "false",
      CAMUNDA_TENANT_ID: tenantId,
      // The benchmark itself reads what programs publish.
      EXCHANGER_ALLOW_FOREIGN_CONSUMERS: "true",
      // So that a poll begun before a queue closed is soon over.
      CAMUNDA_ASYNC_TIMEOUT: "1000",
    },
    queue: (name, { consumers } = { consumers: 0 }) =>
      eventually(
        async () => ((await vhost.queue(name))?.consumers ?? -1) >= consumers,
        `${name} with ${consumers} consumers`,
      ),
    filled: (name, many) =>
      vhost.withChannel((channel) =>
        eventually(
          async () => (await channel.checkQueue(name)).messageCount >= many,
          `${many} messages in ${name}`,
          120_000,
        )
      ),
    [Symbol.asyncDispose]: () => vhost[Symbol.asyncDispose](),
  };
}
