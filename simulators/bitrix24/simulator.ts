/**
 * A Bitrix24 portal for the demo, tests and benches: the classic REST methods that Exchanger uses, with the vendor's
 * envelopes, limits and oddities, faults on demand, and people who finish tasks.
 */
import { type Context, Hono } from "hono";
import type { Json, JsonObject } from "../../lib/messages/json.ts";
import { jsonObject } from "../../lib/messages/json.ts";
import { Faults } from "./faults.ts";
import { callMethod, type MethodAnswer } from "./methods.ts";
import { type OpenTask, openTask, People } from "./people.ts";
import { peoplePage } from "./people_page.ts";
import { parsePhpQuery } from "./php_params.ts";
import { objectOf, Portal, PortalError, type PortalField, standardFields, textOf } from "./portal.ts";
import { RequestBucket } from "./request_bucket.ts";

export interface Bitrix24SimulatorOptions {
  /** @default 0, a free one */
  readonly port?: number;
  /** The webhook's code in the URL. @default "simulated-secret" */
  readonly secret?: string;
  /** Requests over it are answered 503 QUERY_LIMIT_EXCEEDED. @default none */
  readonly requestLimit?: { readonly perSecond: number; readonly burst: number };
  /** Users 1 to this exist. @default 100 */
  readonly userCount?: number;
  /** Simulated people: told of every new task, before its creator is. */
  readonly onTaskCreated?: (task: OpenTask, people: People) => void;
}

export interface Bitrix24Simulator extends AsyncDisposable {
  /** What BITRIX_WEBHOOK_URL is set to. */
  readonly webhookUrl: string;
  /** The page for people. */
  readonly pageUrl: string;
  readonly people: People;
  readonly faults: Faults;
  /** The portal's task fields; a test may take one away. */
  readonly fields: PortalField[];
  /** Task ids ever created for each external task id; more than one is a duplicate. */
  ledger(): ReadonlyMap<string, readonly string[]>;
  /** Texts of the comments on a task. */
  comments(taskId: string): readonly string[];
  /** HTTP requests answered so far, a batch counting as one. */
  readonly requestCount: number;
}

const BATCH_LIMIT = 50;

export function startBitrix24Simulator(options: Bitrix24SimulatorOptions = {}): Promise<Bitrix24Simulator> {
  const secret = options.secret ?? "simulated-secret";
  const fields = standardFields();
  const faults = new Faults();
  const bucket = options.requestLimit && new RequestBucket(options.requestLimit, Date.now());
  const portal: Portal = new Portal(
    fields,
    options.userCount ?? 100,
    (task) => options.onTaskCreated?.(openTask(task), people),
  );
  const people = new People(portal);
  let requestCount = 0;

  const app = new Hono();
  app.get("/", (context) => context.html(peoplePage(people.openTasks())));
  app.post("/tasks/:id/:action{finish|decline}", async (context) => {
    const { answer } = await context.req.parseBody();
    const id = context.req.param("id");
    if (context.req.param("action") === "decline") people.decline(id);
    else people.finish(id, typeof answer === "string" && answer !== "" ? { answer } : {});
    return context.redirect("/");
  });
  app.on(["GET", "POST"], "/rest/:user/:secret/:method", async (context) => {
    requestCount++;
    if (faults.latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, faults.latencyMs));
    if (faults.down) return context.html("<h1>502 Bad Gateway</h1>", 502);
    if (context.req.param("secret") !== secret) throw new PortalError("NO_AUTH_FOUND", "Wrong authorization data", 401);
    const method = context.req.param("method").replace(/\.json$/, "");
    const params = await parametersOf(context);
    const methods = [method, ...Object.values(objectOf(params["cmd"])).map((command) => methodOf(textOf(command)))];
    const failure = faults.takeFailure(methods);
    if (failure !== undefined) {
      throw new PortalError(failure.error, failure.description ?? failure.error, failure.status);
    }
    if (bucket?.take(Date.now()) === false) throw new PortalError("QUERY_LIMIT_EXCEEDED", "Too many requests", 503);
    const startMs = Date.now();
    const answer = method === "batch" ? batch(portal, params) : callMethod(portal, method, params, startMs);
    if (faults.takeDrop(methods)) return brokenAnswer();
    return context.json({ ...answer, time: timeOf(startMs) });
  });
  app.onError((error) => {
    if (!(error instanceof PortalError)) throw error;
    return Response.json({ error: error.code, error_description: error.message }, { status: error.status });
  });

  const server = Deno.serve({ hostname: "127.0.0.1", port: options.port ?? 0, onListen() {} }, app.fetch);
  const origin = `http://127.0.0.1:${server.addr.port}`;
  return Promise.resolve({
    webhookUrl: `${origin}/rest/1/${secret}`,
    pageUrl: `${origin}/`,
    people,
    faults,
    fields,
    ledger: () =>
      new Map(
        [...Map.groupBy(portal.created, ({ externalId }) => externalId)]
          .map(([externalId, created]) => [externalId, created.map(({ taskId }) => taskId)]),
      ),
    comments: (taskId) =>
      portal.comments.filter((comment) => String(comment.taskId) === taskId).map(({ text }) => text),
    get requestCount() {
      return requestCount;
    },
    [Symbol.asyncDispose]: () => server.shutdown(),
  });
}

async function parametersOf(context: Context): Promise<JsonObject> {
  const query = parsePhpQuery(new URL(context.req.url).search.slice(1));
  if (context.req.method === "GET") return query;
  const body = await context.req.text();
  const isJson = context.req.header("content-type")?.includes("json") === true;
  return { ...query, ...(isJson ? jsonObject.parse(JSON.parse(body || "{}")) : parsePhpQuery(body)) };
}

/** Commands run one after the other; each fails by itself unless `halt` is set. */
function batch(portal: Portal, params: JsonObject): MethodAnswer {
  const commands = Object.entries(objectOf(params["cmd"]));
  if (commands.length > BATCH_LIMIT) {
    throw new PortalError("ERROR_BATCH_LENGTH_EXCEEDED", "Max batch length exceeded");
  }
  const answers: [string, MethodAnswer, number][] = [];
  const errors: [string, Json][] = [];
  for (const [key, command] of commands) {
    const startMs = Date.now();
    try {
      answers.push([key, runCommand(portal, textOf(command)), startMs]);
    } catch (error) {
      if (!(error instanceof PortalError)) throw error;
      errors.push([key, { error: error.code, error_description: error.message }]);
      if (textOf(params["halt"]) === "1") break;
    }
  }
  const pick = (value: (answer: MethodAnswer, startMs: number) => Json | undefined) =>
    phpMap(answers.flatMap(([key, answer, startMs]): [string, Json][] => {
      const picked = value(answer, startMs);
      return picked === undefined ? [] : [[key, picked]];
    }));
  return {
    result: {
      result: pick(({ result }) => result),
      result_error: phpMap(errors),
      result_total: pick(({ total }) => total),
      result_next: pick(({ next }) => next),
      result_time: pick((_, startMs) => timeOf(startMs)),
    },
  };
}

function runCommand(portal: Portal, command: string): MethodAnswer {
  const method = methodOf(command);
  if (method === "batch") {
    throw new PortalError("ERROR_BATCH_METHOD_NOT_ALLOWED", "Method is not allowed in batch", 405);
  }
  return callMethod(portal, method, parsePhpQuery(command.slice(command.indexOf("?") + 1)), Date.now());
}

function methodOf(command: string): string {
  return command.split("?")[0] ?? command;
}

/** PHP writes an empty map as an empty list, and a map with the keys 0, 1, 2… as a list. */
function phpMap(entries: readonly (readonly [string, Json])[]): Json {
  const isList = entries.every(([key], index) => key === String(index));
  return isList ? entries.map(([, value]) => value) : Object.fromEntries(entries);
}

function timeOf(startMs: number): JsonObject {
  const finishMs = Date.now();
  const date = (ms: number) => new Date(ms).toISOString().replace(/\.\d+Z$/, "+00:00");
  return {
    start: startMs / 1000,
    finish: finishMs / 1000,
    duration: (finishMs - startMs) / 1000,
    processing: (finishMs - startMs) / 1000,
    date_start: date(startMs),
    date_finish: date(finishMs),
    operating: 0,
  };
}

/** Promises more than it sends, so the connection breaks: all a client can know is that something may have happened. */
function brokenAnswer(): Response {
  const body = new ReadableStream({ start: (controller) => controller.close() });
  return new Response(body, { headers: { "content-type": "application/json", "content-length": "100" } });
}
