import assert from "node:assert/strict";
import { z } from "zod";
import { TaskFetcher } from "../../../lib/camunda/fetcher.ts";
import { CamundaClient } from "../../../lib/camunda/client.ts";
import { HttpClient } from "../../../lib/http/http_client.ts";
import { systemClock } from "../../../lib/time/clock.ts";
import { ManualClock } from "../amqp/manual_clock.ts";
import { RecordedLog } from "../amqp/recorded_log.ts";
import { deadPort } from "../http/raw_server.ts";
import {
  camundaFailure,
  clientFor,
  type FakeCall,
  fetchedTask,
  settingsFor,
  silentLog,
  startFakeCamunda,
} from "./camunda_fixture.ts";

const signal = new AbortController().signal;
const fetchBody = z.object({
  maxTasks: z.number(),
  asyncResponseTimeout: z.number().optional(),
  topics: z.array(z.object({ topicName: z.string() })),
});

function topicsOf({ body }: FakeCall): string[] {
  return fetchBody.parse(body).topics.map(({ topicName }) => topicName);
}

function fetcherFor(baseUrl: string, clock = new ManualClock()) {
  const log = new RecordedLog();
  const camunda = clientFor(baseUrl);
  const deps = { camunda, clock, log, random: () => 1 };
  const fetcher = new TaskFetcher(settingsFor(baseUrl), deps);
  return { fetcher, log, clock, [Symbol.dispose]: () => camunda.close() };
}

Deno.test("one poll asks for all topics and is held for the configured time", async () => {
  await using fake = startFakeCamunda(() => Response.json([fetchedTask("t", "a")]));
  using it = fetcherFor(fake.baseUrl);
  const outcome = await it.fetcher.fetch({ topics: ["a", "b"], maxTasks: 7, signal });
  assert.equal(outcome.kind === "tasks" && outcome.tasks[0]?.id, "t");
  const [call] = fake.calls;
  assert.ok(call);
  assert.deepEqual(topicsOf(call), ["a", "b"]);
  assert.deepEqual([call.body["maxTasks"], call.body["asyncResponseTimeout"]], [7, 20_000]);
});

Deno.test("an outage is told once, waits longer each time, and a success resets it", async () => {
  let up = false;
  await using fake = startFakeCamunda(() =>
    up ? Response.json([fetchedTask("t", "a")]) : new Response("", { status: 503 })
  );
  using it = fetcherFor(fake.baseUrl);
  const fetch = () => it.fetcher.fetch({ topics: ["a"], maxTasks: 1, signal });
  const waits: number[] = [];
  for (let turn = 0; turn < 9; turn++) {
    const outcome = await fetch();
    assert.equal(outcome.kind, "failed");
    if (outcome.kind === "failed") waits.push(outcome.retryInMs);
  }
  assert.deepEqual(waits, [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  up = true;
  assert.equal((await fetch()).kind, "tasks");
  up = false;
  const again = await fetch();
  assert.equal(again.kind === "failed" && again.retryInMs, 500);
  assert.deepEqual(it.log.codes, ["camunda.fetch_failed", "camunda.fetch_recovered", "camunda.fetch_failed"]);
});

Deno.test("an engine that is not there is a failure with the remedy", async () => {
  using it = fetcherFor(`http://127.0.0.1:${deadPort()}/engine-rest`);
  const outcome = await it.fetcher.fetch({ topics: ["a"], maxTasks: 1, signal });
  assert.match(outcome.kind === "failed" ? outcome.reason : "", /connection refused.*CAMUNDA_BASE_URL/);
});

Deno.test("too many requests is waited for, and no topic is blamed", async () => {
  const text = "At the moment the server has to handle too many requests at the same time.";
  await using fake = startFakeCamunda(() => camundaFailure(500, text));
  using it = fetcherFor(fake.baseUrl);
  for (let turn = 0; turn < 5; turn++) {
    assert.equal((await it.fetcher.fetch({ topics: ["a", "b"], maxTasks: 1, signal })).kind, "failed");
  }
  assert.equal(fake.calls.length, 5);
});

Deno.test("a rotten task is locked away for a while, its topic rests, the others go on", async () => {
  const locked: string[] = [];
  await using fake = startFakeCamunda((call) => {
    if (call.path === "/external-task") return Response.json([fetchedTask("rotten", "b")]);
    if (call.path.endsWith("/lock")) {
      locked.push(call.path);
      return new Response(null, { status: 204 });
    }
    const topics = topicsOf(call);
    if (topics.includes("b") && locked.length === 0) return camundaFailure(500, "cannot read");
    return Response.json(topics.includes("c") ? [fetchedTask("sound", "c")] : []);
  });
  using it = fetcherFor(fake.baseUrl);
  const fetch = () => it.fetcher.fetch({ topics: ["a", "b", "c"], maxTasks: 10, signal });

  assert.equal((await fetch()).kind, "failed");
  const found = await fetch();
  assert.deepEqual(found.kind === "tasks" && found.tasks.map((task) => task.id), ["sound"]);
  assert.deepEqual(locked, ["/external-task/rotten/lock"]);
  assert.match(it.log.messages[it.log.codes.indexOf("camunda.task_unfetchable")] ?? "", /cannot read/);

  const asked = async () => {
    await fetch();
    const last = fake.calls.at(-1);
    return last && topicsOf(last);
  };
  assert.deepEqual(await asked(), ["a", "c"]);
  await it.clock.advance(60_000);
  assert.deepEqual(await asked(), ["a", "b", "c"]);
});

Deno.test("when no topic can be fetched none is blamed", async () => {
  await using fake = startFakeCamunda(() => camundaFailure(500, "the database is read-only"));
  using it = fetcherFor(fake.baseUrl);
  for (let turn = 0; turn < 3; turn++) {
    const outcome = await it.fetcher.fetch({ topics: ["a", "b", "c"], maxTasks: 10, signal });
    assert.match(outcome.kind === "failed" ? outcome.reason : "", /read-only/);
  }
  assert.deepEqual(it.log.codes, ["camunda.fetch_failed"]);
  assert.equal(fake.calls.some((call) => call.path.endsWith("/lock")), false);
});

Deno.test("after a batch of large tasks less is asked for, after small ones more again", async () => {
  let size = 4_000_000;
  await using fake = startFakeCamunda(() => {
    const variables = { text: { type: "Object", value: "x".repeat(size), valueInfo: {} } };
    return Response.json([fetchedTask("t", "a", { variables })]);
  });
  using it = fetcherFor(fake.baseUrl);
  const asked: unknown[] = [];
  for (let turn = 0; turn < 3; turn++) {
    await it.fetcher.fetch({ topics: ["a"], maxTasks: 100, signal });
    asked.push(fake.calls.at(-1)?.body["maxTasks"]);
    size = 10;
  }
  assert.deepEqual(asked, [100, 4, 100]);
});

Deno.test("when an answer is larger than memory allows, half as much is asked for", async () => {
  await using fake = startFakeCamunda(({ body }) => {
    const { maxTasks } = fetchBody.parse(body);
    return Response.json(Array.from({ length: maxTasks }, (_, index) => fetchedTask(`${index}`, "a")));
  });
  const settings = settingsFor(fake.baseUrl);
  const options = { name: "Camunda", settingName: "CAMUNDA_BASE_URL", timeoutMs: 5_000, maxResponseBytes: 3_000 };
  const http = new HttpClient({ ...options, baseUrl: fake.baseUrl });
  const camunda = new CamundaClient(settings, { log: silentLog, http });
  const fetcher = new TaskFetcher(settings, { camunda, clock: new ManualClock(), log: silentLog });
  const kinds: string[] = [];
  for (let turn = 0; turn < 4; turn++) kinds.push((await fetcher.fetch({ topics: ["a"], maxTasks: 100, signal })).kind);
  assert.deepEqual(kinds, ["failed", "failed", "failed", "tasks"]);
  assert.deepEqual(fake.calls.map(({ body }) => body["maxTasks"]), [100, 50, 25, 12]);
  camunda.close();
});

Deno.test("an engine that does not hold polls is not asked in a tight loop", async () => {
  await using fake = startFakeCamunda(() => Response.json([]));
  const camunda = clientFor(fake.baseUrl);
  const fetcher = new TaskFetcher(settingsFor(fake.baseUrl), { camunda, clock: systemClock, log: new RecordedLog() });
  const startedAt = performance.now();
  assert.equal((await fetcher.fetch({ topics: ["a"], maxTasks: 1, signal })).kind, "empty");
  assert.ok(performance.now() - startedAt >= 190);
  camunda.close();
});

Deno.test("an aborted poll ends at once and is no failure", async () => {
  const arrived = Promise.withResolvers<void>();
  const silent = Promise.withResolvers<void>();
  await using fake = startFakeCamunda(async () => {
    arrived.resolve();
    await silent.promise;
    return Response.json([]);
  });
  using _release = { [Symbol.dispose]: silent.resolve };
  using it = fetcherFor(fake.baseUrl);
  const stop = new AbortController();
  const outcome = it.fetcher.fetch({ topics: ["a"], maxTasks: 1, signal: stop.signal });
  await arrived.promise;
  stop.abort();
  assert.deepEqual(await outcome, { kind: "empty" });
  assert.deepEqual(it.log.codes, []);
});
