import assert from "node:assert/strict";
import { Bitrix24Error } from "../../../lib/bitrix24/bitrix24_error.ts";
import { Bitrix24Client } from "../../../lib/bitrix24/client.ts";
import { systemClock } from "../../../lib/time/clock.ts";
import { startBitrix24Simulator } from "../../../simulators/bitrix24/simulator.ts";

const never = new AbortController().signal;
const SECRET = "s3cret-webhook-code";

async function portal(options: { readonly timeoutMs?: number; readonly webhookUrl?: string } = {}) {
  await using stack = new AsyncDisposableStack();
  const simulator = stack.use(await startBitrix24Simulator({ secret: SECRET }));
  const client = stack.use(
    new Bitrix24Client({
      webhookUrl: options.webhookUrl ?? simulator.webhookUrl,
      timeoutMs: options.timeoutMs ?? 5_000,
      limit: { perSecond: 100, burst: 100 },
      clock: systemClock,
    }),
  );
  const owned = stack.move();
  return { simulator, client, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

async function failureOf(call: Promise<unknown>): Promise<Bitrix24Error> {
  const error: unknown = await call.then(() => undefined, (error) => error);
  assert.ok(error instanceof Bitrix24Error, `expected a Bitrix24Error, got ${error}`);
  assert.doesNotMatch(`${error.message}${error.stack}${error.cause}`, new RegExp(SECRET));
  return error;
}

const addTask = (title: string) => ({
  method: "tasks.task.add",
  params: { fields: { TITLE: title, RESPONSIBLE_ID: 1 } },
});

Deno.test("a batch returns each command's result or error, in order", async () => {
  await using place = await portal();
  const results = await place.client.batch(
    [addTask("Проверить & подписать = 100%"), addTask(""), { method: "tasks.task.get", params: { taskId: 77 } }],
    never,
  );
  const [added, refused, missing] = results;
  assert.deepEqual(added?.ok && JSON.stringify(added.result).includes("Проверить & подписать = 100%"), true);
  assert.ok(refused?.ok === false);
  assert.equal(refused.error.failure, "rejected");
  assert.match(refused.error.message, /ERROR_CORE: Не указано название задачи\./);
  assert.deepEqual(missing, { ok: true, result: [] });
});

Deno.test("a batch in which everything failed is read although PHP writes its results as a list", async () => {
  await using place = await portal();
  const results = await place.client.batch([addTask("")], never);
  assert.deepEqual(results.map(({ ok }) => ok), [false]);
});

Deno.test("a command that a batch would not carry faithfully goes alone, in its turn", async () => {
  await using place = await portal();
  const { client, simulator } = place;
  const many = Object.fromEntries(Array.from({ length: 1001 }, (_, n) => [`X${n}`, n]));
  const large = { method: "tasks.task.add", params: { fields: { TITLE: "большая", RESPONSIBLE_ID: 1, ...many } } };
  const quoting = addTask("цитата $result[c0][task][title]");
  const results = await client.runAll([addTask("a"), quoting, large, addTask("b"), addTask("c")], 50, never);
  assert.ok(results.every(({ ok }) => ok));
  assert.equal(simulator.requestCount, 4); // a; the quotation; the large one; b and c
  const titles = simulator.people.openTasks().map(({ title }) => title);
  assert.deepEqual(titles, ["a", "цитата $result[c0][task][title]", "большая", "b", "c"]);
});

Deno.test("a refused command that went alone fails by itself, as in a batch", async () => {
  await using place = await portal();
  const wrong = { method: "tasks.task.add", params: { fields: { TITLE: "$result[x]", RESPONSIBLE_ID: 9999 } } };
  const results = await place.client.runAll([wrong, addTask("b")], 50, never);
  assert.deepEqual(results.map((result) => result.ok ? "ok" : result.error.failure), ["rejected", "ok"]);
});

const GRADES = [
  { status: 503, error: "QUERY_LIMIT_EXCEEDED", failure: "limited", ambiguous: false },
  { status: 429, error: "OPERATION_TIME_LIMIT", failure: "limited", ambiguous: false },
  { status: 500, error: "INTERNAL_SERVER_ERROR", failure: "fault", ambiguous: true },
  { status: 403, error: "insufficient_scope", failure: "denied", ambiguous: false },
  { status: 400, error: "ERROR_CORE", failure: "rejected", ambiguous: false },
  { status: 400, error: "ERROR_NOT_FOUND", failure: "not_found", ambiguous: false },
];
for (const { status, error, failure, ambiguous } of GRADES) {
  Deno.test(`the portal's ${status} ${error} is ${failure}${ambiguous ? " and ambiguous" : ""}`, async () => {
    await using place = await portal();
    place.simulator.faults.failNext({ status, error });
    const thrown = await failureOf(place.client.call("tasks.task.list", {}, never));
    assert.deepEqual([thrown.failure, thrown.code, thrown.ambiguous], [failure, error, ambiguous]);
  });
}

Deno.test("a gateway's page instead of the portal is unavailable, and whether the portal acted is unknown", async () => {
  await using place = await portal();
  place.simulator.faults.down = true;
  const thrown = await failureOf(place.client.call("tasks.task.list", {}, never));
  assert.deepEqual([thrown.failure, thrown.ambiguous], ["unavailable", true]);
});

Deno.test("an answer that breaks off is unavailable and ambiguous", async () => {
  await using place = await portal();
  place.simulator.faults.dropAnswer("tasks.task.add");
  const thrown = await failureOf(place.client.batch([addTask("A")], never));
  assert.deepEqual([thrown.failure, thrown.ambiguous], ["unavailable", true]);
  assert.equal(place.simulator.people.openTasks().length, 1);
});

Deno.test("nobody listening, a time-out and a wrong webhook name no secret and say what to look at", async () => {
  const gone = await startBitrix24Simulator({ secret: SECRET });
  await gone[Symbol.asyncDispose]();
  await using away = await portal({ webhookUrl: gone.webhookUrl });
  const refused = await failureOf(away.client.call("tasks.task.list", {}, never));
  assert.deepEqual([refused.failure, refused.ambiguous], ["unavailable", false]);
  assert.match(refused.message, /BITRIX_WEBHOOK_URL/);

  await using slow = await portal({ timeoutMs: 50 });
  slow.simulator.faults.latencyMs = 300;
  assert.equal((await failureOf(slow.client.call("tasks.task.list", {}, never))).code, "timeout");

  await using place = await portal();
  const url = place.simulator.webhookUrl.replace(SECRET, `other-${SECRET}`);
  await using wrong = await portal({ webhookUrl: url });
  const denied = await failureOf(wrong.client.call("tasks.task.list", {}, never));
  assert.deepEqual([denied.failure, denied.code], ["denied", "NO_AUTH_FOUND"]);
});

Deno.test("after a batch that failed as a whole the commands behind it are not sent", async () => {
  await using place = await portal();
  place.simulator.faults.failNext({ status: 500, error: "INTERNAL_SERVER_ERROR" });
  const results = await place.client.runAll([addTask("A"), addTask("B"), addTask("C")], 2, never);
  assert.deepEqual(
    results.map((result) => result.ok ? "ok" : [result.error.failure, result.error.ambiguous]),
    [["unavailable", true], ["unavailable", true], ["unavailable", false]],
  );
  assert.equal(place.simulator.requestCount, 1);
  assert.equal(place.simulator.people.openTasks().length, 0);
});
