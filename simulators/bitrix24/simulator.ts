/**
 * A Bitrix24 portal for the demo, tests and benches: the classic REST methods that Exchanger uses, with the vendor's
 * envelopes, limits and oddities, outgoing webhooks, faults on demand, and people who work on tasks.
 */
import { Hono } from "hono";
import type { JsonObject } from "../../lib/messages/json.ts";
import { Addon } from "./addon_store.ts";
import type { CrmStore } from "./crm_store.ts";
import type { Disk } from "./disk.ts";
import { Faults } from "./faults.ts";
import { MethodCalls } from "./method_calls.ts";
import { OperatingBudget, type OperatingLimit } from "./operating_budget.ts";
import { type OpenTask, openTask, People } from "./people.ts";
import { peopleRoutes } from "./people_routes.ts";
import { Portal } from "./portal.ts";
import { type PortalField, standardFields } from "./portal_fields.ts";
import type { PortalRules } from "./portal_rules.ts";
import { RequestBucket } from "./request_bucket.ts";
import { restRoutes } from "./rest_routes.ts";
import type { UniversalLists } from "./universal_lists.ts";
import type { Users } from "./users.ts";
import { Visibility, WEBHOOK_USER } from "./visibility.ts";
import { Webhooks } from "./webhooks.ts";

export interface Bitrix24SimulatorOptions extends PortalRules {
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
  /** Whether the portal has the module `imena.camunda`. @default true */
  readonly addon?: boolean;
  /** Told of every call of a method before it is answered, those in a batch each by itself. */
  readonly onCall?: (method: string, params: JsonObject) => void;
  /** Simulated people: told of every task created through REST, before its creator is. */
  readonly onTaskCreated?: (task: OpenTask, people: People) => void;
}

export interface Bitrix24Simulator extends AsyncDisposable {
  /** What BITRIX_WEBHOOK_URL is set to. */
  readonly webhookUrl: string;
  /** The page for people. */
  readonly pageUrl: string;
  readonly people: People;
  /** What the module `imena.camunda` knows; a test fills it. */
  readonly addon: Addon;
  /** The whole portal, for a look at what REST does not show. */
  readonly portal: Portal;
  /** Employees 1 to `userCount`, and others that a test puts. */
  readonly users: Users;
  /** Files that can be attached. */
  readonly disk: Disk;
  /** Elements that questions of type `universal_list` are answered with. */
  readonly lists: UniversalLists;
  /** Ids of the groups that exist; only a portal with `strictReferences` looks at them. */
  readonly groups: Set<string>;
  readonly faults: Faults;
  /** Outgoing ones. */
  readonly webhooks: Webhooks;
  /** Deals, leads, contacts and companies; a test may take the webhook's rights for them away. */
  readonly crm: CrmStore;
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
  }, options);
  const addon = new Addon(portal);
  const people = new People(portal, addon);
  const budget = options.operatingLimit && new OperatingBudget(options.operatingLimit);
  const bucket = options.requestLimit && new RequestBucket(options.requestLimit, Date.now());
  const calls = new MethodCalls(
    { portal, visibility, addon: options.addon === false ? undefined : addon },
    faults,
    budget,
    options.onCall,
  );
  let requestCount = 0;
  app.route("/", peopleRoutes(people));
  app.route("/rest", restRoutes({ calls, faults, bucket, secret, onRequest: () => requestCount++ }));

  return Promise.resolve({
    webhookUrl: `${origin}/rest/${WEBHOOK_USER}/${secret}`,
    pageUrl: `${origin}/`,
    people,
    addon,
    portal,
    users: portal.users,
    disk: portal.disk,
    lists: portal.lists,
    groups: portal.groups,
    faults,
    webhooks,
    crm: portal.crm,
    fields: portal.fields,
    hide: (taskId) => visibility.hide(Number(taskId)),
    show: (taskId) => visibility.show(Number(taskId)),
    ledger: () =>
      new Map(
        [...Map.groupBy(portal.created, ({ externalId }) => externalId)]
          .map(([externalId, created]) => [externalId, created.map(({ taskId }) => taskId)]),
      ),
    comments: (taskId) => portal.comments.of(Number(taskId)).map(({ text }) => text),
    get requestCount() {
      return requestCount;
    },
    async [Symbol.asyncDispose]() {
      await server.shutdown();
      await webhooks[Symbol.asyncDispose]();
    },
  });
}
