import assert from "node:assert/strict";
import type { Webhook, WebhookCall, WebhookHint } from "../../../adapters/target_system.ts";
import { SettingsError } from "../../../lib/config/require_settings.ts";
import { createMetrics } from "../../../lib/telemetry/metrics.ts";
import { HintLine, type HintOutcome } from "../../../lib/tracker/hint_line.ts";
import { openWebhookPort, startWebhookServer } from "../../../lib/tracker/webhook_server.ts";
import { RecordedLog } from "../amqp/recorded_log.ts";
import { eventually } from "../amqp/eventually.ts";

/** A server for one system, whose hints are read as the test says. */
function startPlace(read: (call: WebhookCall) => WebhookHint = () => ({ kind: "hint", ids: ["7"] })) {
  const metrics = createMetrics("test", "0");
  const line = new HintLine("bitrix24", metrics.meter);
  const webhook: Webhook = { read, objectOf: () => undefined };
  const log = new RecordedLog();
  const stop = new AbortController();
  const taken: string[] = [];
  const connection = line.connect((ids) => taken.push(...ids));
  const options = { hostname: "127.0.0.1", systems: new Map([["bitrix24", { webhook, line }]]), log };
  const server = startWebhookServer({ ...options, port: 0, signal: stop.signal });
  return {
    ...options,
    taken,
    connection,
    stop,
    port: server.port,
    /** The status of the answer. */
    async call(path = "/webhooks/bitrix24", init: RequestInit = {}): Promise<number> {
      const response = await fetch(`http://127.0.0.1:${server.port}${path}`, { method: "POST", body: "a=b", ...init });
      await response.body?.cancel();
      return response.status;
    },
    async counted(outcome: HintOutcome): Promise<number> {
      const pattern = new RegExp(`^exchanger_hints_total\\{[^}]*outcome="${outcome}"[^}]*\\} (\\d+)`, "m");
      return Number(pattern.exec(await metrics.render())?.[1] ?? 0);
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

Deno.test("a call is read with its headers and its body, and its ids are passed on", async () => {
  const calls: WebhookCall[] = [];
  await using place = startPlace((call) => {
    calls.push(call);
    return { kind: "hint", ids: ["7", "8"] };
  });
  assert.equal(await place.call("/webhooks/bitrix24", { body: "event=ü", headers: { "x-signature": "s" } }), 200);
  assert.equal(await place.call("/webhooks/bitrix24/?from=proxy"), 200);
  assert.equal(new TextDecoder().decode(calls[0]?.body), "event=ü");
  assert.equal(calls[0]?.headers.get("x-signature"), "s");
  assert.deepEqual(place.taken, ["7", "8", "7", "8"]);
});

Deno.test("what is no call of a known system is not read", async () => {
  await using place = startPlace(() => {
    throw new Error("read");
  });
  for (const path of ["/", "/webhooks", "/webhooks/openproject", "/webhooks/bitrix24/more", "/webhooks/__proto__"]) {
    assert.equal(await place.call(path), 404, path);
  }
  for (const method of ["GET", "PUT", "DELETE"]) {
    assert.equal(await place.call(undefined, { method, body: null }), 405, method);
  }
  assert.deepEqual(place.log.codes, []);
});

Deno.test("calls that mean nothing to us and calls that are refused are counted; a wrong token is told once", async () => {
  let hint: WebhookHint = { kind: "ignored" };
  await using place = startPlace(() => hint);
  assert.equal(await place.call(), 200);
  hint = { kind: "refused", status: 403, reason: "its token is wrong" };
  assert.deepEqual([await place.call(), await place.call()], [403, 403]);
  hint = { kind: "refused", status: 400, reason: "it makes no sense" };
  assert.equal(await place.call(), 400);
  assert.deepEqual([await place.counted("ignored"), await place.counted("refused")], [1, 3]);
  assert.deepEqual(place.log.codes, ["tracker.webhook_failed"]);
  assert.match(place.log.messages[0] ?? "", /its token is wrong/);
  assert.deepEqual(place.taken, []);
});

Deno.test("a body may have 64 KB, whether its length is announced or not", async () => {
  await using place = startPlace();
  const streamed = (size: number) => new Blob([new Uint8Array(size)]).stream();
  assert.equal(await place.call(undefined, { body: new Uint8Array(64 * 1024) }), 200);
  assert.equal(await place.call(undefined, { body: streamed(64 * 1024) }), 200);
  assert.equal(await place.call(undefined, { body: new Uint8Array(64 * 1024 + 1) }), 413);
  assert.equal(await place.call(undefined, { body: streamed(64 * 1024 + 1) }), 413);
  assert.equal(await place.counted("refused"), 2);
  assert.equal(await place.call(), 200, "and the server goes on");
});

Deno.test("a caller that goes away in the middle of its call does no harm", async () => {
  await using place = startPlace();
  {
    using socket = await Deno.connect({ hostname: "127.0.0.1", port: place.port });
    const head = "POST /webhooks/bitrix24 HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf";
    await socket.write(new TextEncoder().encode(head));
  }
  await eventually(async () => await place.counted("refused") === 1, "noticed");
  assert.equal(await place.call(), 200);
});

Deno.test("a tracker that does not lead says so, for a proxy that has another one behind it", async () => {
  await using place = startPlace();
  place.connection[Symbol.dispose]();
  assert.equal(await place.call(), 503);
  assert.equal(await place.counted("dropped"), 1);
});

Deno.test("a program that begins to stop takes no more calls", async () => {
  await using place = startPlace();
  assert.equal(await place.call(), 200);
  place.stop.abort();
  await eventually(() => place.call().then(() => false, () => true), "refused connections");
});

Deno.test("no port is opened unless one is set, and one that is taken is a fault of settings", async () => {
  await using place = startPlace();
  const open = (port: number) =>
    openWebhookPort({ TRACKER_WEBHOOK_HOST: "127.0.0.1", TRACKER_WEBHOOK_PORT: port }, place.systems, {
      log: place.log,
      signal: place.stop.signal,
    });
  assert.equal(open(0), undefined);
  assert.throws(() => open(place.port), (error) => {
    assert.ok(error instanceof SettingsError);
    assert.match(error.message, new RegExp(`TRACKER_WEBHOOK_PORT ${place.port} on 127\\.0\\.0\\.1 is taken`));
    return true;
  });
});
