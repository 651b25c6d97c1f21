import assert from "node:assert/strict";
import { requireSettings } from "../../../../lib/config/require_settings.ts";
import { Health } from "../../../../lib/program/health.ts";
import { openWatch } from "../../../../lib/sync/commands/watch.ts";
import { syncSettings } from "../../../../lib/sync/sync_settings.ts";
import type { Log, LogFields } from "../../../../lib/telemetry/log.ts";
import { createMetrics } from "../../../../lib/telemetry/metrics.ts";
import { drawnDiagrams } from "../../../../simulators/stormbpmn/drawn_diagrams.ts";
import { eventually } from "../../amqp/eventually.ts";
import { ManualClock } from "../../amqp/manual_clock.ts";
import { openSyncPlace, type SyncPlace } from "./place.ts";

const [contract, order] = drawnDiagrams;
assert.ok(contract && order);

/** The service, with its log and a clock that stands still until it is moved. */
class RunningWatch implements AsyncDisposable {
  readonly clock = new ManualClock();
  readonly health = new Health();
  readonly metrics = createMetrics("exchanger-sync", "test");
  readonly lines: { readonly code: string; readonly message: string; readonly fields: LogFields }[] = [];
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  readonly #close: () => Promise<void>;

  constructor(place: SyncPlace, more: Readonly<Record<string, string>> = {}, dryRun = false) {
    const settings = requireSettings(syncSettings, { ...place.settings, SYNC_INTERVAL: "600", ...more });
    const opened = openWatch(settings, { dryRun }, {
      clock: this.clock,
      signal: this.#stop.signal,
      force: this.#stop.signal,
      health: this.health,
      meter: this.metrics.meter,
      log: this.#log(),
    });
    this.#close = opened.close;
    this.#running = opened.run();
  }

  codes(): string[] {
    return this.lines.map(({ code }) => code);
  }

  /** Waits for the pause after so many looks. */
  async looked(times: number): Promise<void> {
    const looks = () => this.codes().filter((code) => code.startsWith("sync.round")).length;
    await eventually(() => looks() === times && this.clock.sleeping === 1, `${times} looks`);
  }

  async stop(): Promise<void> {
    this.#stop.abort(new DOMException("SIGTERM", "AbortError"));
    await this.#running;
  }

  async [Symbol.asyncDispose]() {
    await this.stop();
    await this.#close();
  }

  #log(): Log {
    const write = (code: string, message: string, fields: LogFields = {}) => {
      this.lines.push({ code, message, fields });
    };
    return { debug: () => {}, info: write, warn: write, error: write, with: () => this.#log() };
  }
}

Deno.test("watch deploys what is there, and after the interval what changed since", async () => {
  await using place = await openSyncPlace();
  await using watch = new RunningWatch(place);
  await watch.looked(1);
  assert.equal(watch.codes().filter((code) => code === "sync.deployed").length, 7);
  assert.deepEqual(watch.health.readiness(), { ready: true, reasons: [] });
  assert.match(watch.health.status(), /the next look, every 600 s/);

  place.storm.diagrams.redraw(order.id, order.xml.replaceAll("Приём заказа", "Приём заказов"));
  await watch.clock.advance(599_000);
  assert.equal(watch.clock.sleeping, 1, "it still sleeps");
  await watch.clock.advance(1_000);
  await watch.looked(2);
  const told = watch.lines.filter(({ code }) => code === "sync.deployed").slice(7);
  assert.deepEqual(told.map(({ message }) => message), ["Приём заказа: deployed Process_order_intake v2"]);

  const figures = await watch.metrics.render();
  assert.match(figures, /^exchanger_sync_rounds_total\{result="ok"\} 2$/m);
  assert.match(figures, /^exchanger_sync_deployments_total 8$/m);
  assert.match(figures, /^exchanger_sync_diagrams\{result="unchanged"\} 6$/m);
  assert.match(figures, /^exchanger_sync_last_good_round_age_seconds 0$/m);
});

Deno.test("a refused diagram is told once, and not pulled again before it changes", async () => {
  await using place = await openSyncPlace();
  const { diagrams, requests } = place.storm;
  const pulls = () => requests.filter((path) => path.includes(`diagramId=${contract.id}`)).length;
  diagrams.redraw(contract.id, "<html/>");
  await using watch = new RunningWatch(place, { SYNC_INCLUDE_ONLY_DIAGRAM_IDS: contract.id });
  await watch.looked(1);
  await watch.clock.advance(600_000);
  await watch.looked(2);
  assert.equal(watch.codes().filter((code) => code === "sync.refused").length, 1);
  assert.equal(pulls(), 1);
  assert.match(await watch.metrics.render(), /^exchanger_sync_diagrams\{result="refused"\} 1$/m);

  diagrams.redraw(contract.id, contract.xml);
  await watch.clock.advance(600_000);
  await watch.looked(3);
  assert.deepEqual(watch.codes().slice(-2), ["sync.deployed", "sync.round"]);
});

Deno.test("a StormBPMN that is down is a reason of /readyz until it is back; the service goes on", async () => {
  await using place = await openSyncPlace();
  place.storm.faults.down = true;
  await using watch = new RunningWatch(place);
  await watch.looked(1);
  assert.match(watch.health.readiness().reasons.join(), /^sync: StormBPMN answered 502/);
  assert.equal(watch.health.liveness().alive, true);
  place.storm.faults.down = false;
  await watch.clock.advance(600_000);
  await watch.looked(2);
  assert.deepEqual(watch.health.readiness().reasons, []);
  assert.match(await watch.metrics.render(), /^exchanger_sync_rounds_total\{result="failed"\} 1$/m);
});

Deno.test("watch with SYNC_ENABLED=false looks at nothing and stops at once", async () => {
  await using place = await openSyncPlace();
  await using watch = new RunningWatch(place, { SYNC_ENABLED: "false" });
  await eventually(() => watch.clock.sleeping === 1, "it waits");
  assert.deepEqual(watch.codes(), ["sync.disabled"]);
  await watch.stop();
  assert.deepEqual(place.storm.requests, []);
});

Deno.test("watch --dry-run logs what would be deployed, with the warnings of a deployment, and deploys nothing", async () => {
  await using place = await openSyncPlace();
  const settings = { SYNC_INCLUDE_ONLY_DIAGRAM_IDS: order.id, SYNC_TOPIC: "close_month" };
  await using watch = new RunningWatch(place, settings, true);
  await watch.looked(1);
  assert.deepEqual(watch.codes().filter((code) => code !== "sync.round"), ["sync.would_deploy", "sync.warning"]);
  assert.match(watch.lines[1]?.message ?? "", /^No worker fetches the topic «close_month»/);
  assert.equal(place.camunda.requestCounts()["POST /deployment/create"], undefined);
});
