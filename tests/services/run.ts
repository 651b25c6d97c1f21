/**
 * `deno task test [deno test arguments]`: starts RabbitMQ and Camunda (installing them if it can) and compiles the programs,
 * runs the tests against them, stops them. What RABBITMQ_URL, CAMUNDA_BASE_URL or EXCHANGER_EXECUTABLES already name is used
 * as it is. What cannot be had is one line, and its tests are skipped; with CI=true it is a failure, since then the tests
 * are the proof.
 */
import { compile, programs } from "../../deploy/compile.ts";
import { startCamunda } from "./camunda.ts";
import { installRabbitMq, startRabbitMqNode } from "./rabbitmq.ts";

/** What a started service adds to the environment of the tests. */
type ServiceEnvironment = Readonly<Record<string, string>>;

await using services = new AsyncDisposableStack();
const say = (line: string) => Deno.stderr.writeSync(new TextEncoder().encode(`${line}\n`));
const inCi = Deno.env.get("CI") === "true";

async function rabbitMq(): Promise<ServiceEnvironment> {
  if (Deno.env.has("RABBITMQ_URL")) return {};
  await installRabbitMq();
  const node = services.use(await startRabbitMqNode());
  return { RABBITMQ_URL: node.url, RABBITMQ_MANAGEMENT_URL: node.managementUrl };
}

async function camunda(): Promise<ServiceEnvironment> {
  if (Deno.env.has("CAMUNDA_BASE_URL")) return {};
  const engine = services.use(await startCamunda());
  return { CAMUNDA_BASE_URL: engine.baseUrl };
}

async function executables(): Promise<ServiceEnvironment> {
  if (Deno.env.has("EXCHANGER_EXECUTABLES")) return {};
  const folder = await Deno.makeTempDir({ prefix: "exchanger-executables-" });
  services.defer(() => Deno.remove(folder, { recursive: true }));
  for (const program of programs) await compile(program, { output: folder });
  return { EXCHANGER_EXECUTABLES: folder };
}

async function provide(
  name: string,
  start: () => Promise<ServiceEnvironment>,
): Promise<ServiceEnvironment | undefined> {
  const startedAt = performance.now();
  try {
    const environment = await start();
    say(`${name}: ready after ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
    return environment;
  } catch (error) {
    say(`${name}: ${inCi ? "missing" : "its tests are skipped"}: ${error instanceof Error ? error.message : error}`);
    return undefined;
  }
}

const provided = await Promise.all([
  provide("RabbitMQ", rabbitMq),
  provide("Camunda", camunda),
  provide("Compiled programs", executables),
]);
if (inCi && provided.includes(undefined)) {
  await services.disposeAsync();
  Deno.exit(1);
}

const chosen = Deno.args.length > 0 ? Deno.args : ["tests/"];
const tests = new Deno.Command(Deno.execPath(), {
  args: ["test", "-A", "--sanitize-ops", "--sanitize-resources", ...chosen],
  env: Object.assign({}, ...provided),
}).spawn();

// The terminal signals the whole process group; a supervisor only us. Either way the services must still be stopped.
const stop = () => tests.kill("SIGTERM");
for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, stop);
const { code } = await tests.status;
await services.disposeAsync();
Deno.exit(code);
