/**
 * A StormBPMN for the demo, tests and benches: the vendor's public API and the web application's, with the cloud's limit
 * and its block, people who change diagrams, and faults on demand.
 */
import { Hono } from "hono";
import { type Clock, systemClock } from "../../lib/time/clock.ts";
import { AccountQuota, type QuotaLimit } from "./account_quota.ts";
import { Diagrams } from "./diagrams.ts";
import { Faults } from "./faults.ts";
import { gateway } from "./gateway.ts";
import { publicRoutes } from "./public_routes.ts";
import { refusalAnswer, StormRefusal } from "./storm_refusal.ts";
import { webRoutes } from "./web_routes.ts";

export interface StormSimulatorOptions {
  /** @default 0, a free one */
  readonly port?: number;
  /** Of the team. @default "simulated-key" */
  readonly apiKey?: string;
  /** Of a person in a browser. @default "simulated-token" */
  readonly bearerToken?: string;
  /** Of the public API; the web application's is not known to have one. @default none */
  readonly limit?: QuotaLimit;
  /** For the times of changes and the limit. @default systemClock */
  readonly clock?: Clock;
}

export interface StormSimulator extends AsyncDisposable {
  /** What STORMBPMN_BASE_URL is set to. */
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly bearerToken: string;
  /** A test or the demo fills it; its methods are what people do. */
  readonly diagrams: Diagrams;
  readonly faults: Faults;
  /** `undefined` without a limit. */
  readonly quota: AccountQuota | undefined;
  /** The browser's session has ended: the token is refused. */
  expireToken(): void;
  /** Paths of all requests so far, with their queries. */
  readonly requests: readonly string[];
}

export function startStormSimulator(options: StormSimulatorOptions = {}): Promise<StormSimulator> {
  const { apiKey = "simulated-key", bearerToken = "simulated-token", clock = systemClock } = options;
  const diagrams = new Diagrams(clock);
  const faults = new Faults();
  const quota = options.limit && new AccountQuota(options.limit);
  const requests: string[] = [];
  let tokenIsCurrent = true;

  const app = new Hono();
  app.use(async (context, next) => {
    const { pathname, search } = new URL(context.req.url);
    requests.push(`${pathname}${search}`);
    return await gateway(faults, context, next);
  });
  app.use("/public-api/*", async (context, next) => {
    if (context.req.header("x-api-key") !== apiKey) throw new StormRefusal(401, "Full authentication is required");
    const verdict = quota?.take(clock.now());
    if (verdict?.kind === "blocked") throw new StormRefusal(403, "Account is blocked");
    if (verdict?.kind === "over") {
      context.header("X-Rate-Limit-Retry-After-Seconds", String(verdict.retryAfterS));
      throw new StormRefusal(429, "You have exhausted your API Request Quota");
    }
    await next();
    if (verdict !== undefined) context.res.headers.set("X-Rate-Limit-Remaining", String(verdict.remaining));
  });
  app.use("/api/*", async (context, next) => {
    const isKnown = context.req.header("authorization") === `Bearer ${bearerToken}`;
    if (!isKnown || !tokenIsCurrent) throw new StormRefusal(401, "Full authentication is required");
    return await next();
  });
  app.route("/public-api/v1", publicRoutes(diagrams));
  app.route("/api/v1", webRoutes(diagrams));
  app.notFound((context) => refusalAnswer(new StormRefusal(404, "No endpoint"), context.req.path, clock.now()));
  app.onError((error, context) => {
    if (!(error instanceof StormRefusal)) throw error;
    const answer = refusalAnswer(error, context.req.path, clock.now());
    for (const [name, value] of context.res.headers) {
      if (name.startsWith("x-rate-limit")) answer.headers.set(name, value);
    }
    return answer;
  });

  const server = Deno.serve(
    { hostname: "127.0.0.1", port: options.port ?? 0, onListen() {} },
    (request) => app.fetch(request),
  );
  return Promise.resolve({
    baseUrl: `http://127.0.0.1:${server.addr.port}`,
    apiKey,
    bearerToken,
    diagrams,
    faults,
    quota,
    expireToken: () => tokenIsCurrent = false,
    requests,
    [Symbol.asyncDispose]: () => server.shutdown(),
  });
}
