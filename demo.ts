/**
 * `deno task demo`: the whole round in one process. Camunda and Bitrix24 are simulated and the broker is embedded; the
 * worker, the creator and the tracker between them are the real ones, and simulated people do the work.
 */
import { Command, InvalidArgumentError, Option } from "commander";
import { program as creator } from "./creator.ts";
import { createEmbeddedBroker } from "./lib/amqp/embedded.ts";
import { deploy, startProcess } from "./lib/camunda/deployment.ts";
import { camundaSettings } from "./lib/camunda/camunda_settings.ts";
import { CamundaClient } from "./lib/camunda/client.ts";
import { requireSettings } from "./lib/config/require_settings.ts";
import type { SettingsTable } from "./lib/config/setting.ts";
import { Health } from "./lib/program/health.ts";
import type { Program } from "./lib/program/program.ts";
import { configureLogging, writeLine } from "./lib/telemetry/configure_logging.ts";
import { logOf } from "./lib/telemetry/log.ts";
import { createMetrics } from "./lib/telemetry/metrics.ts";
import { systemClock } from "./lib/time/clock.ts";
import type { OpenTask, People } from "./simulators/bitrix24/people.ts";
import { startBitrix24Simulator } from "./simulators/bitrix24/simulator.ts";
import { startCamundaSimulator } from "./simulators/camunda/simulator.ts";
import demoProcess from "./simulators/demo_process.bpmn" with { type: "text" };
import { z } from "zod";
import { program as tracker } from "./tracker.ts";
import { program as worker } from "./worker.ts";

interface DemoOptions {
  readonly instances: number;
  /** End when all instances have, instead of staying up for people. */
  readonly exit: boolean;
  /** Who finishes tasks when the demo stays up: simulated people, or you on the portal's page. */
  readonly people: "simulated" | "me";
  readonly verbose: boolean;
}

const PROCESS_KEY = "contract_approval";
const TENANT = "demo";

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 10_000) {
    throw new InvalidArgumentError("It must be a number from 1 to 10000.");
  }
  return value;
}

const options = new Command("demo")
  .description("Carries tasks from a simulated Camunda to a simulated Bitrix24 and back, in this one process.")
  .option("--instances <number>", "process instances to start", count, 5)
  .option("--exit", "end when all of them are completed", false)
  .addOption(
    new Option("--people <who>", "who finishes the tasks: simulated people, or me on the page")
      .choices(["simulated", "me"]).default("simulated"),
  )
  .option("--verbose", "show every line the programs log", false)
  .exitOverride(({ exitCode }) => Deno.exit(exitCode === 0 ? 0 : 2))
  .parse(["deno", "demo", ...Deno.args]).opts<DemoOptions>();

const say = (line: string) => writeLine(Deno.stdout, line);
configureLogging({
  format: "pretty",
  level: options.verbose ? "info" : "warn",
  service: "demo",
  secrets: [],
  write: (line) => writeLine(Deno.stderr, line),
});

const stop = new AbortController();
const force = new AbortController();
const onSignal = () => (stop.signal.aborted ? force : stop).abort();
for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, onSignal);

await using engine = await startCamundaSimulator();
const refusedOnce = new Set<string>();
await using portal = await startBitrix24Simulator({
  onTaskCreated: (task, people) => {
    if (options.exit || options.people === "simulated") setTimeout(() => work(task, people), 200 + 600 * Math.random());
  },
});

/** A simulated person finishes a task; every fifth contract is refused once, so that the loop back is seen. */
function work(task: OpenTask, people: People): void {
  if (stop.signal.aborted) return;
  const contract = engine.ledger().get(task.externalTaskId)?.processInstanceId ?? task.externalTaskId;
  const refuse = task.answerExpected && instances.indexOf(contract) % 5 === 4 && !refusedOnce.has(contract);
  if (refuse) refusedOnce.add(contract);
  people.finish(task.id, task.answerExpected ? { answer: refuse ? "НЕТ" : "ДА" } : {});
}

await using broker = Object.assign(createEmbeddedBroker(), {
  [Symbol.asyncDispose]() {
    return broker.close();
  },
});
const environment = {
  CAMUNDA_BASE_URL: engine.baseUrl,
  CAMUNDA_AUTH_ENABLED: "false",
  CAMUNDA_TENANT_ID: TENANT,
  RABBITMQ_HOST: "embedded",
  RABBITMQ_USERNAME: "demo",
  RABBITMQ_PASSWORD: "demo",
  RABBITMQ_VIRTUAL_HOST: "demo",
  BITRIX_WEBHOOK_URL: portal.webhookUrl,
  BITRIX_RATE_PER_SECOND: "100",
  TRACKER_INTERVAL_SECONDS: "1",
};

function start<Table extends SettingsTable>(program: Program<Table>): Promise<void> {
  return program.run(requireSettings(program.settings, environment), {
    broker: broker.connection(program.name),
    clock: systemClock,
    signal: stop.signal,
    force: force.signal,
    health: new Health(),
    meter: createMetrics(`exchanger-${program.name}`, "demo").meter,
    log: logOf(program.name),
  });
}

const startedAt = Date.now();
const instances: string[] = [];
const completed = new Set<string>();
const programs = Promise.all([start(worker), start(creator), start(tracker)]);

const camunda = new CamundaClient(requireSettings(camundaSettings, environment), { log: logOf("demo") });
const resources = new Map([["contract_approval.bpmn", demoProcess]]);
await deploy(camunda, { name: "demo", resources, tenantId: TENANT });
for (let number = 1; number <= options.instances; number++) {
  const variables = { startedBy: { type: "String", value: "1", valueInfo: {} } };
  const start = { businessKey: `contract-${number}`, tenantId: TENANT, variables };
  instances.push(await startProcess(camunda, PROCESS_KEY, start));
}
say(`Bitrix24 (a person's page): ${portal.pageUrl}`);
say(`Camunda (REST): ${engine.baseUrl}`);
say(
  `${instances.length} contracts are on their way; ${
    options.exit ? "the demo ends with them" : "Ctrl-C ends the demo"
  }.`,
);

/** Asks the engine, not our own programs, which instances have ended. */
async function lookForEnds(): Promise<void> {
  const open = instances.filter((instance) => !completed.has(instance));
  await Promise.all(open.map(async (instance) => {
    const path = `/history/process-instance/${instance}`;
    const { state } = await camunda.rest.read(z.object({ state: z.string() }), { method: "GET", path });
    if (state === "COMPLETED") completed.add(instance);
  }));
}

const deadline = options.exit ? AbortSignal.timeout(60_000 + 1_000 * options.instances) : stop.signal;
const ends = AbortSignal.any([stop.signal, deadline]);
for (let shown = -1; !ends.aborted && !(options.exit && completed.size === instances.length);) {
  await lookForEnds();
  if (completed.size !== shown) {
    shown = completed.size;
    const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
    say(
      `${seconds} s: ${shown} of ${instances.length} processes completed, ${portal.people.openTasks().length} tasks open`,
    );
  }
  await systemClock.sleep(250, ends).catch(() => {});
}
await lookForEnds();
stop.abort();
await programs;
camunda.close();
for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.removeSignalListener(signal, onSignal);

const duplicated = [...portal.ledger().values()].filter((tasks) => tasks.length > 1).length;
const lost = options.exit ? instances.length - completed.size : 0;
say(`demo: ${instances.length} started, ${completed.size} completed, ${lost} lost, ${duplicated} duplicated`);
Deno.exitCode = lost + duplicated === 0 ? 0 : 1;
