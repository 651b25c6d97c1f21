/** A simulated StormBPMN and a client of it, with a clock in common and a state file of their own. */
import assert from "node:assert/strict";
import { readSettings } from "../../../lib/config/read_settings.ts";
import { openStorm } from "../../../lib/stormbpmn/open_storm.ts";
import type { StormClient } from "../../../lib/stormbpmn/storm_client.ts";
import { StormError } from "../../../lib/stormbpmn/storm_error.ts";
import { stormSettings } from "../../../lib/stormbpmn/storm_settings.ts";
import type { QuotaLimit } from "../../../simulators/stormbpmn/account_quota.ts";
import { startStormSimulator, type StormSimulator } from "../../../simulators/stormbpmn/simulator.ts";
import { RecordedLog } from "../amqp/recorded_log.ts";
import { SleepingClock } from "../bitrix24/sleeping_clock.ts";

export const never = new AbortController().signal;

export const KEY = "s3cret-key-of-the-team";
export const TOKEN = "s3cret-token-of-a-browser";

export interface PlaceOptions {
  /** @default "public" */
  readonly api?: "public" | "web" | "auto";
  /** What the simulator enforces. @default none */
  readonly limit?: QuotaLimit;
  /** Settings besides or instead of those of the simulator. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface Place extends AsyncDisposable {
  readonly simulator: StormSimulator;
  readonly clock: SleepingClock;
  readonly log: RecordedLog;
  readonly client: StormClient;
  readonly stateFile: string;
  /** How long the client said that it would wait, each time. */
  readonly waits: number[];
  /** As after a restart of the program. */
  reopen(): StormClient;
}

export async function openPlace(options: PlaceOptions = {}): Promise<Place> {
  await using stack = new AsyncDisposableStack();
  const clock = new SleepingClock();
  clock.ms = Date.UTC(2030, 0, 31, 8);
  const simulator = stack.use(
    await startStormSimulator({
      apiKey: KEY,
      bearerToken: TOKEN,
      clock,
      ...(options.limit === undefined ? {} : { limit: options.limit }),
    }),
  );
  const folder = await Deno.makeTempDir({ prefix: "storm-" });
  stack.defer(() => Deno.remove(folder, { recursive: true }));
  const stateFile = `${folder}/requests.json`;
  const { settings, faults } = readSettings(stormSettings, {
    STORMBPMN_BASE_URL: simulator.baseUrl,
    STORMBPMN_API: options.api ?? "public",
    STORMBPMN_API_KEY: KEY,
    STORMBPMN_BEARER_TOKEN: TOKEN,
    STORMBPMN_REQUESTS_PER_MINUTE: String(options.limit?.perMinute ?? 0),
    STORMBPMN_STATE_FILE: stateFile,
    ...options.settings,
  });
  assert.ok(settings, JSON.stringify(faults));
  const log = new RecordedLog();
  const waits: number[] = [];
  const open = () => openStorm(settings, { clock, log, onWait: (ms) => waits.push(ms), random: () => 1 });
  const client = stack.use(open());
  const owned = stack.move();
  return {
    simulator,
    clock,
    log,
    client,
    stateFile,
    waits,
    reopen: () => owned.use(open()),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** What it fails with, none of it a secret. */
export async function failureOf(call: Promise<unknown>): Promise<StormError> {
  const error: unknown = await call.then(() => undefined, (error) => error);
  assert.ok(error instanceof StormError, `expected a StormError, got ${error}`);
  assert.doesNotMatch(`${error.message}${error.stack}${error.cause}`, /s3cret/);
  return error;
}

/** A process of one task, that says who does it in StormBPMN's own attributes. */
export const DRAWING = `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:storm="http://storm.bpmn2.ru/ns" id="D">
  <bpmn:process id="Process_intake" isExecutable="false">
    <bpmn:startEvent id="Event_start" storm:HTMLDescription="null"/>
    <bpmn:task id="Activity_check" name="Check papers" storm:StormAssignee="4711" storm:StormEdgeId="12"
        storm:HTMLDescription="&lt;p&gt;ЧЕКЛИСТ: Docs&lt;/p&gt;&lt;ul&gt;&lt;li&gt;Invoice&lt;/li&gt;&lt;/ul&gt;"/>
    <bpmn:subProcess id="Activity_sub"><bpmn:task id="Activity_inner" storm:HTMLDescription="&lt;p&gt;inside&lt;/p&gt;"/></bpmn:subProcess>
  </bpmn:process>
</bpmn:definitions>`;
