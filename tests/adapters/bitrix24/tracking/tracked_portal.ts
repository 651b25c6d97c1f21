/** A simulated portal, and the tracking of its tasks alone: what creates them is not under test here. */
import assert from "node:assert/strict";
import { bitrixSettings } from "../../../../adapters/bitrix24/bitrix_settings.ts";
import { TrackedTasks } from "../../../../adapters/bitrix24/tracking/track_tasks.ts";
import { withdrawTasks } from "../../../../adapters/bitrix24/tracking/withdraw_tasks.ts";
import type { Progress } from "../../../../adapters/target_system.ts";
import { Bitrix24Client } from "../../../../lib/bitrix24/client.ts";
import { readSettings } from "../../../../lib/config/read_settings.ts";
import type { JsonObject } from "../../../../lib/messages/json.ts";
import type { SentMessage } from "../../../../lib/messages/sent_message.ts";
import { createMetrics } from "../../../../lib/telemetry/metrics.ts";
import { systemClock } from "../../../../lib/time/clock.ts";
import { type Bitrix24SimulatorOptions, startBitrix24Simulator } from "../../../../simulators/bitrix24/simulator.ts";
import { RecordedLog } from "../../../lib/amqp/recorded_log.ts";
import { sent } from "../messages.ts";

const never = new AbortController().signal;

export interface TrackedPortalOptions extends Bitrix24SimulatorOptions {
  /** Whether the tracking believes that the portal has the add-on. @default true */
  readonly hasAddon?: boolean;
}

export async function trackedPortal(
  environment: Readonly<Record<string, string>> = {},
  { hasAddon = true, ...options }: TrackedPortalOptions = {},
) {
  await using stack = new AsyncDisposableStack();
  const simulator = stack.use(await startBitrix24Simulator(options));
  const { settings } = readSettings(bitrixSettings, environment);
  assert.ok(settings);
  let passedMs = 0;
  const clock = { now: () => Date.now() + passedMs, sleep: systemClock.sleep };
  const client = stack.use(
    new Bitrix24Client({
      webhookUrl: simulator.webhookUrl,
      timeoutMs: 10_000,
      limit: { perSecond: 100, burst: 1_000 },
      clock,
    }),
  );
  const log = new RecordedLog();
  const metrics = createMetrics("test", "0");
  const open = () =>
    new TrackedTasks(settings, { client, clock, log, meter: metrics.meter, hasAddon: () => Promise.resolve(hasAddon) });
  const tracked = open();
  const owned = stack.move();
  return {
    simulator,
    people: simulator.people,
    log,
    /** Another program, or the same one after a restart. */
    restarted: open,
    metrics: () => metrics.render(),
    passTime: (ms: number) => {
      passedMs += ms;
    },
    /** Makes a task and returns its id. */
    add(fields: JsonObject = {}): string {
      const task = simulator.portal.addTask({ TITLE: "Проверить договор", RESPONSIBLE_ID: 7, ...fields }, Date.now());
      return String(task.id);
    },
    /** As the webhook's user. */
    call: (method: string, params: JsonObject) => client.call(method, params, never),
    track: (...messages: readonly SentMessage[]): Promise<Progress[]> => tracked.track(messages, never),
    withdraw: (...messages: readonly SentMessage[]) => withdrawTasks(messages, settings, { client, log }, never),
    /** How many requests the portal answers meanwhile. */
    async requestsOf(what: () => Promise<unknown>): Promise<number> {
      const before = simulator.requestCount;
      await what();
      return simulator.requestCount - before;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** The message as the tracker puts it back, with what the look noted. */
export function afterLook(message: SentMessage, progress: Progress | undefined): SentMessage {
  assert.equal(progress?.kind, "open", JSON.stringify(progress));
  return progress.notes === undefined ? message : { ...message, notes: progress.notes };
}

/** What a finished task says. */
export function doneOf(progress: Progress | undefined): Extract<Progress, { readonly kind: "done" }> {
  assert.equal(progress?.kind, "done", JSON.stringify(progress));
  return progress;
}

/** The message about the portal's task with this id. */
export function about(id: string, original: JsonObject = {}): SentMessage {
  const message = sent(`ext-${id}`, id);
  return { ...message, original_message: { ...message.original_message, ...original } };
}
