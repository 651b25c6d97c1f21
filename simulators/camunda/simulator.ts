/**
 * A small Camunda 7 for the demo, the tests and the benchmark: deployed processes really run, workers see the REST contract
 * of 7.24, and faults come on demand. What it answers was compared with the real engine by tests/simulators/camunda/contract.ts.
 */
import { Hono } from "hono";
import { type Clock, systemClock } from "../../lib/time/clock.ts";
import { Engine } from "./engine.ts";
import { EngineError } from "./engine_error.ts";
import { type FaultControls, Faults } from "./faults.ts";
import { type Connection, serveHttp } from "./http_server.ts";
import type { TaskRecord } from "./ledger.ts";
import { LongPolls } from "./long_polls.ts";
import { definitionRoutes, deploymentRoutes } from "./routes_definition.ts";
import { externalTaskRoutes } from "./routes_external_task.ts";
import { historyRoutes, incidentRoutes, instanceRoutes, variableInstanceRoutes } from "./routes_instance.ts";
import { migrationRoutes } from "./routes_migration.ts";

export type { FailureAnswer, FaultControls, RequestPattern } from "./faults.ts";
export type { TaskRecord } from "./ledger.ts";

export interface CamundaSimulatorOptions {
  /** @default 0, a free one */
  readonly port?: number;
  /** @default "127.0.0.1" */
  readonly hostname?: string;
  /** @default systemClock */
  readonly clock?: Clock;
  /** Parked fetchAndLock requests above this number are answered with 500. @default 200 */
  readonly maxPendingPolls?: number;
  /** When given, every request needs it as Basic authentication. */
  readonly credentials?: { readonly username: string; readonly password: string };
}

export interface CamundaSimulator extends FaultControls, AsyncDisposable {
  /** `http://127.0.0.1:PORT/engine-rest`. */
  readonly baseUrl: string;
  /** What became of every task that was fetched or handled, by task id. */
  ledger(): ReadonlyMap<string, TaskRecord>;
  /** fetchAndLock requests that are parked now. */
  pendingPolls(): number;
  /**
   * Lets a waiting event happen: completes a user or receive task, fires a timer, a message or a boundary event by its id.
   * False when nothing waits there.
   */
  trigger(processInstanceId: string, activityId: string): boolean;
}

export async function startCamundaSimulator(options: CamundaSimulatorOptions = {}): Promise<CamundaSimulator> {
  const { port = 0, hostname = "127.0.0.1", clock = systemClock, maxPendingPolls = 200, credentials } = options;
  const stopping = new AbortController();
  const faults = new Faults(clock, stopping.signal);
  const engine: Engine = new Engine(clock, () => polls.wake());
  const polls = new LongPolls(clock, maxPendingPolls, (request) => engine.fetchAndLock(request));

  const app = new Hono<{ Bindings: Connection }>().basePath("/engine-rest");
  app.use(faults.middleware);
  if (credentials !== undefined) {
    const expected = `Basic ${btoa(`${credentials.username}:${credentials.password}`)}`;
    app.use(async (c, next) => {
      if (c.req.header("authorization") === expected) return await next();
      return c.body(null, 401, { "www-authenticate": 'Basic realm="default"' });
    });
  }
  app.get("/version", (c) => c.json({ version: "7.24.0" }));
  app.get("/engine", (c) => c.json([{ name: "default" }]));
  app.route("/deployment", deploymentRoutes(engine));
  app.route("/process-definition", definitionRoutes(engine));
  app.route("/process-instance", instanceRoutes(engine));
  app.route("/external-task", externalTaskRoutes(engine, polls));
  app.route("/variable-instance", variableInstanceRoutes(engine));
  app.route("/migration", migrationRoutes(engine));
  app.route("/history", historyRoutes(engine));
  app.route("/incident", incidentRoutes(engine));
  app.notFound((c) => c.json({ type: "NotFoundException", message: "HTTP 404 Not Found", code: null }, 404));
  app.onError((error, c) => {
    if (error instanceof EngineError) {
      const { type, message, code, details } = error;
      return c.json({ type, message, code, ...(details === undefined ? {} : { details }) }, error.status);
    }
    return c.json({ type: error.name, message: error.message, code: 0 }, 500);
  });

  const server = await serveHttp(hostname, port, (request, connection) => app.fetch(request, connection));
  return {
    baseUrl: `http://${hostname}:${server.port}/engine-rest`,
    failNext: (pattern, answer, times) => faults.failNext(pattern, answer, times),
    delay: (pattern, ms, times) => faults.delay(pattern, ms, times),
    dropConnection: (pattern, options) => faults.dropConnection(pattern, options),
    suspend: () => faults.suspend(),
    resume: () => faults.resume(),
    clearFaults: () => faults.clearFaults(),
    requestCounts: () => faults.requestCounts(),
    ledger: () => engine.ledger.records(),
    pendingPolls: () => polls.pending,
    trigger: (processInstanceId, activityId) => engine.trigger(processInstanceId, activityId),
    async [Symbol.asyncDispose]() {
      stopping.abort();
      faults.clearFaults();
      polls[Symbol.dispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}
