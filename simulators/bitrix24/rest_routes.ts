/** The REST interface over HTTP: the webhook's secret, the request limit, faults on demand, the vendor's envelopes. */
import { type Context, Hono } from "hono";
import { json, type JsonObject } from "../../lib/messages/json.ts";
import type { Faults } from "./faults.ts";
import { type MethodCalls, methodsCalled } from "./method_calls.ts";
import { parsePhpQuery } from "./php_params.ts";
import { objectOf } from "./php_values.ts";
import { PortalError } from "./portal_error.ts";
import type { RequestBucket } from "./request_bucket.ts";

export interface RestRoutesDeps {
  readonly calls: MethodCalls;
  readonly faults: Faults;
  /** `undefined` for a portal that does not limit requests. */
  readonly bucket: RequestBucket | undefined;
  readonly secret: string;
  readonly onRequest: () => void;
}

export function restRoutes({ calls, faults, bucket, secret, onRequest }: RestRoutesDeps): Hono {
  const app = new Hono();
  app.on(["GET", "POST"], "/:user/:secret/:method", async (context) => {
    onRequest();
    if (faults.latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, faults.latencyMs));
    if (faults.down) return context.html("<h1>502 Bad Gateway</h1>", 502);
    if (context.req.param("secret") !== secret) throw new PortalError("NO_AUTH_FOUND", "Wrong authorization data", 401);
    const method = context.req.param("method").replace(/\.json$/, "");
    const params = await parametersOf(context);
    const methods = methodsCalled(method, params);
    const failure = faults.takeFailure(methods);
    if (failure !== undefined) {
      throw new PortalError(failure.error, failure.description ?? failure.error, failure.status);
    }
    if (bucket?.take(Date.now()) === false) throw new PortalError("QUERY_LIMIT_EXCEEDED", "Too many requests", 503);
    const garbling = faults.takeGarbling(methods);
    if (garbling === "html") return context.html("<h1>Портал на обслуживании</h1>");
    const answer = await calls.call(method, params);
    if (faults.takeDrop(methods)) return brokenAnswer();
    return garbling === "truncated" ? truncatedAnswer(answer) : Response.json(answer);
  });
  app.onError((error) => {
    if (!(error instanceof PortalError)) throw error;
    return Response.json({ error: error.code, error_description: error.message }, { status: error.status });
  });
  return app;
}

async function parametersOf(context: Context): Promise<JsonObject> {
  const query = parsePhpQuery(new URL(context.req.url).search.slice(1));
  if (context.req.method === "GET") return query;
  const body = await context.req.text();
  const isJson = context.req.header("content-type")?.includes("json") === true;
  return { ...query, ...(isJson ? objectOf(json.parse(JSON.parse(body || "{}"))) : parsePhpQuery(body)) };
}

/** Promises more than it sends, so the connection breaks: all a client can know is that something may have happened. */
function brokenAnswer(): Response {
  const body = new ReadableStream({ start: (controller) => controller.close() });
  return new Response(body, { headers: { "content-type": "application/json", "content-length": "100" } });
}

/** Complete as HTTP goes, but cut as JSON. */
function truncatedAnswer(answer: object): Response {
  const text = JSON.stringify(answer);
  return new Response(text.slice(0, text.length / 2), { headers: { "content-type": "application/json" } });
}
