/**
 * Stands between our programs and Camunda, like the proxy in front of a real engine, and fails on demand. So that the same
 * faults can be provoked on the simulator and on the real engine, which would not fail at our bidding.
 */
import { Hono } from "hono";
import { systemClock } from "../../lib/time/clock.ts";
import { type FaultControls, Faults } from "../../simulators/camunda/faults.ts";
import { type Connection, serveHttp } from "../../simulators/camunda/http_server.ts";

export interface Gateway extends AsyncDisposable {
  /** `http://127.0.0.1:PORT/engine-rest`. */
  readonly baseUrl: string;
  readonly faults: Omit<FaultControls, "requestCounts">;
  /** What was asked for so far, faults included: `POST /external-task/ID/complete`. */
  readonly requests: readonly string[];
}

const BASE = "/engine-rest";

/** @param engineUrl the engine's REST API, ending in `/engine-rest` */
export async function startGateway(engineUrl: string): Promise<Gateway> {
  const stopping = new AbortController();
  const faults = new Faults(systemClock, stopping.signal);
  const requests: string[] = [];

  const app = new Hono<{ Bindings: Connection }>().basePath(BASE);
  app.use((context, next) => {
    requests.push(`${context.req.method} ${context.req.path.slice(BASE.length)}`);
    return next();
  });
  app.use(faults.middleware);
  app.all("*", async ({ req }) => {
    const { pathname, search } = new URL(req.url);
    const body = req.method === "GET" ? {} : { body: await req.arrayBuffer() };
    const contentType = req.header("content-type");
    const answer = await fetch(`${engineUrl}${pathname.slice(BASE.length)}${search}`, {
      method: req.method,
      headers: contentType === undefined ? {} : { "content-type": contentType },
      signal: stopping.signal,
      ...body,
    });
    const headers = { "content-type": answer.headers.get("content-type") ?? "application/json" };
    return new Response(answer.status === 204 ? null : await answer.arrayBuffer(), { status: answer.status, headers });
  });
  app.onError((error) => Response.json({ gateway: error.message }, { status: 502 }));

  const server = await serveHttp("127.0.0.1", 0, (request, connection) => app.fetch(request, connection));
  return {
    baseUrl: `http://127.0.0.1:${server.port}${BASE}`,
    faults,
    requests,
    async [Symbol.asyncDispose]() {
      // A poll that a stopped worker has left may still be parked behind us.
      stopping.abort();
      faults.clearFaults();
      await server[Symbol.asyncDispose]();
    },
  };
}
