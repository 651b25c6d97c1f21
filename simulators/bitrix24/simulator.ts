/**
 * A Bitrix24 portal for the demo, tests and benches: the classic REST methods that Exchanger uses, with the vendor's
 * envelopes, limits and oddities, outgoing webhooks, faults on demand, and people who work on tasks.
 */
import { Hono } from "hono";
import { Faults } from "./faults.ts";
import { MethodCalls } from "./method_calls.ts";
import { OperatingBudget, type OperatingLimit } from "./operating_budget.ts";
import { type OpenTask, openTask, People } from "./people.ts";
import { peopleRoutes } from "./people_routes.ts";
import { Portal } from "./portal.ts";
import { type PortalField, standardFields } from "./portal_fields.ts";
import { RequestBucket } from "./request_bucket.ts";
import { restRoutes } from "./rest_routes.ts";
import { Visibility, WEBHOOK_USER } from "./visibility.ts";
import { Webhooks } from "./webhooks.ts";

export interface Bitrix24SimulatorOptions {
  /** @default 0, a free one */
  readonly port?: number;
  /** The webhook's code in the URL. @default "simulated-secret" */
  readonly secret?: string;
  /** Requests over it are answered 503 QUERY_LIMIT_EXCEEDED. @default none */
  readonly requestLimit?: { readonly perSecond: number; readonly burst: number };
  /** Calls over it, also inside a batch, are answered 429 OPERATION_TIME_LIMIT. @default none */
  readonly operatingLimit?: OperatingLimit;
  /** Users 1 to this exist. @default 100 */
  readonly userCount?: number;
  /** Whether the webhook's user (1) sees all tasks; else only those they take part in. @default true */
  readonly admin?: boolean;
  /** Simulated people: told of every task created through REST, before its creator is. */
  readonly onTaskCreated?: (task: OpenTask, people: People) => void;
}

export interface Bitrix24Simulator extends AsyncDisposable {
  /** What BITRIX_WEBHOOK_URL is set to. */
  readonly webhookUrl: string;
  /** The page for people. */
  readonly pageUrl: string;
  readonly people: People;
  readonly faults: Faults;
  /** Outgoing ones. */
  readonly webhooks: Webhooks;
  /** The portal's task fields; a test may take one away. */
  readonly fields: PortalField[];
  /** From now on the webhook's user does not see the task, people do. */
  hide(taskId: string): void;
  /** Ends `hide`. */
  show(taskId: string): void;
  /** Task ids ever created through REST for each external task id; more than one is a duplicate. */
  ledger(): ReadonlyMap<string, readonly string[]>;
  /** Texts of the comments on a task. */
  comments(taskId: string): readonly string[];
  /** HTTP requests answered so far, a batch counting as one. */
  readonly requestCount: number;
}

export function startBitrix24Simulator(options: Bitrix24SimulatorOptions = {}): Promise<Bitrix24Simulator> {
  const app = new Hono();
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: options.port ?? 0, onListen() {} },
    (request) => app.fetch(request),
  );
  const origin = `http://127.0.0.1:${server.addr.port}`;
  const secret = options.secret ?? "simulated-secret";
  const faults = new Faults();
  const webhooks = new Webhooks(origin);
  const visibility = new Visibility(options.admin ?? true);
  const portal: Portal = new Portal(standardFields(), options.userCount ?? 100, {
    onEvent: (event, taskId) => webhooks.notify(event, taskId),
    onTaskCreated: (task) => options.onTaskCreated?.(openTask(task), people),
  });
  const people = new People(portal);
  const budget = options.operatingLimit && new OperatingBudget(options.operatingLimit);
  const bucket = options.requestLimit && new RequestBucket(options.requestLimit, Date.now());
  const calls = new MethodCalls({ portal, visibility }, faults, budget);
  let requestCount = 0;
  app.route("/", peopleRoutes(people));
  app.route("/rest", restRoutes({ calls, faults, bucket, secret, onRequest: () => requestCount++ }));

  return Promise.resolve({
    webhookUrl: `${origin}/rest/${WEBHOOK_USER}/${secret}`,
    pageUrl: `${origin}/`,
    people,
    faults,
    webhooks,
    fields: portal.fields,
    hide: (taskId) => visibility.hide(Number(taskId)),
    show: (taskId) => visibility.show(Number(taskId)),
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
    async [Symbol.asyncDispose]() {
      await server.shutdown();
      await webhooks[Symbol.asyncDispose]();
    },
  });
}
