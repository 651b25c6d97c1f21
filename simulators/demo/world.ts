/** Everything around the programs of the demo: a StormBPMN, a Camunda with contracts, a portal with people, a broker. */
import { createEmbeddedBroker, type EmbeddedBroker } from "../../lib/amqp/embedded.ts";
import { systemClock } from "../../lib/time/clock.ts";
import { type Bitrix24Simulator, startBitrix24Simulator } from "../bitrix24/simulator.ts";
import { startCamundaSimulator } from "../camunda/simulator.ts";
import { startStormSimulator, type StormSimulator } from "../stormbpmn/simulator.ts";
import { camundaEnvironment, Contracts } from "./contracts.ts";
import { furnishPortal } from "./furnish_portal.ts";
import type { DemoOptions } from "./options.ts";
import { SimulatedPeople } from "./people.ts";
import type { DemoPages } from "./state.ts";

export interface DemoWorld extends AsyncDisposable {
  /** Empty: the diagram is still to be drawn. */
  readonly storm: StormSimulator;
  readonly contracts: Contracts;
  readonly portal: Bitrix24Simulator;
  readonly broker: EmbeddedBroker;
  readonly pages: DemoPages;
  /** What the settings of the programs are read from. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Simulated people work until `signal` aborts, unless somebody else does. */
export async function startWorld(
  { exit, people }: Pick<DemoOptions, "exit" | "people">,
  signal: AbortSignal,
): Promise<DemoWorld> {
  await using stack = new AsyncDisposableStack();
  const storm = stack.use(await startStormSimulator());
  const engine = stack.use(await startCamundaSimulator());
  const contracts = stack.use(new Contracts(engine));
  // Whoever watches shall have the time to see it; whoever waits for the verdict shall not.
  const pace = exit ? { leastMs: 200, mostMs: 800 } : { leastMs: 1_000, mostMs: 4_000 };
  const simulated = new SimulatedPeople(pace, { contracts, clock: systemClock, signal });
  const portal = stack.use(
    await startBitrix24Simulator({
      enforceResult: true,
      userCount: 10,
      ...people === "simulated" && { onTaskCreated: (task, colleagues) => void simulated.work(task, colleagues) },
    }),
  );
  furnishPortal(portal);
  const broker = createEmbeddedBroker();
  stack.defer(() => broker.close());
  const owned = stack.move();
  return {
    storm,
    contracts,
    portal,
    broker,
    pages: { bitrix24: portal.pageUrl, camunda: `${engine.baseUrl}/history/process-instance` },
    environment: {
      ...camundaEnvironment(engine),
      RABBITMQ_HOST: "embedded",
      RABBITMQ_USERNAME: "demo",
      RABBITMQ_PASSWORD: "demo",
      RABBITMQ_VIRTUAL_HOST: "demo",
      BITRIX_WEBHOOK_URL: portal.webhookUrl,
      BITRIX_RATE_PER_SECOND: "100",
      TRACKER_INTERVAL_SECONDS: "1",
      STORMBPMN_BASE_URL: storm.baseUrl,
      STORMBPMN_API_KEY: storm.apiKey,
      STORMBPMN_REQUESTS_PER_MINUTE: "0",
      SYNC_INTERVAL: "1",
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
