/** What `check` looks at in every program: Camunda, RabbitMQ, the target systems; one line each. */
import { type AdapterSettings, openAdapters } from "../../adapters/registry.ts";
import type { Broker } from "../amqp/broker.ts";
import type { CamundaSettings } from "../camunda/camunda_settings.ts";
import { CamundaClient } from "../camunda/client.ts";
import type { ProgramContext } from "./program.ts";
import { logOf } from "../telemetry/log.ts";
import { errorText } from "../telemetry/error_text.ts";
import type { CheckResult } from "../telemetry/check_result.ts";
import { joinSignals } from "../time/joined_signal.ts";

/** With `topics`, also whether the engine has others that nobody fetches. */
export async function checkCamunda(
  camunda: CamundaClient,
  signal: AbortSignal,
  topics?: readonly string[],
): Promise<CheckResult[]> {
  const reachable = await attempt(
    "Camunda",
    "Is CAMUNDA_BASE_URL right, is the engine running, are user and password those of an engine user?",
    async () => `version ${await camunda.version(signal)} answers`,
  );
  if (!reachable.ok || topics === undefined) return [reachable];
  const known = new Set(topics);
  const found = await attempt("Camunda: topics", "The user needs READ on process instances.", async () => {
    const inEngine = await camunda.topicNames(signal);
    const unknown = inEngine.filter((topic) => !known.has(topic));
    const note = unknown.length === 0 ? "" : `; not fetched (see WORKER_EXTRA_TOPICS): ${unknown.join(", ")}`;
    return `${topics.length} topics are fetched, tasks of ${inEngine.length} topics are in the engine${note}`;
  });
  return [reachable, found];
}

/** Waits briefly for the connection: a program that starts connects in the background. */
export async function checkBroker(
  broker: Broker,
  queues: readonly string[],
  signal: AbortSignal,
): Promise<CheckResult[]> {
  using soon = joinSignals(signal, AbortSignal.timeout(5_000));
  const connected = await attempt(
    "RabbitMQ",
    "Are RABBITMQ_HOST, RABBITMQ_PORT, RABBITMQ_VIRTUAL_HOST, RABBITMQ_USERNAME and RABBITMQ_PASSWORD right?",
    async () => {
      await broker.whenWritable(soon.signal).catch(() => {
        throw new Error(broker.state().problem ?? "no connection within 5 s");
      });
      return "connected, takes messages";
    },
  );
  if (!connected.ok) return [connected];
  const looks = await Promise.all(
    queues.map((queue) =>
      attempt(`RabbitMQ: ${queue}`, "The user needs the right to read this queue.", async () => {
        const state = await broker.inspect(queue);
        switch (state.kind) {
          case "absent":
            return "not there yet, will be declared";
          case "locked":
            throw new Error("exclusive to another connection");
          case "present":
            return `${state.messages} messages, ${state.consumers} consumers`;
        }
      })
    ),
  );
  return [connected, ...looks];
}

/** The look of a creator or tracker: `queuesOf` names the queues it consumes when it serves these systems. */
export async function checkAll(
  settings: AdapterSettings & CamundaSettings,
  { broker, signal, clock }: Pick<ProgramContext, "broker" | "signal" | "clock">,
  queuesOf: (systems: readonly string[]) => readonly string[],
): Promise<CheckResult[]> {
  const systems = openAdapters(settings, { clock, log: logOf("check") });
  const camunda = new CamundaClient(settings, { log: logOf("check") });
  try {
    const results = await Promise.all([
      checkCamunda(camunda, signal),
      checkBroker(broker, queuesOf(systems.map(({ name }) => name)), signal),
      ...systems.map((system) => system.check(signal)),
    ]);
    return results.flat();
  } finally {
    for (const system of systems) system[Symbol.dispose]();
    camunda.close();
  }
}

async function attempt(name: string, remedy: string, look: () => Promise<string>): Promise<CheckResult> {
  try {
    return { name, ok: true, detail: await look() };
  } catch (error) {
    return { name, ok: false, detail: errorText(error), remedy };
  }
}
