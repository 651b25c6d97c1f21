import assert from "node:assert/strict";
import { startStormSimulator } from "../../../simulators/stormbpmn/simulator.ts";
import { DRAWING, failureOf, KEY, never, openPlace, type Place, TOKEN } from "./storm_place.ts";

function draw({ simulator }: Place): string {
  return simulator.diagrams.add({ name: "Intake", xml: DRAWING });
}

const GRADES = [
  { status: 400, failure: "rejected", requests: 1 },
  { status: 401, failure: "denied", requests: 1 },
  { status: 403, failure: "forbidden", requests: 1 },
  { status: 404, failure: "not_found", requests: 1 },
  { status: 302, failure: "denied", requests: 1 },
  { status: 429, failure: "limited", requests: 2 },
  { status: 500, failure: "fault", requests: 3 },
  { status: 502, failure: "unavailable", requests: 3 },
  { status: 503, failure: "unavailable", requests: 3 },
];
for (const { status, failure, requests } of GRADES) {
  Deno.test(`${status} for a diagram is ${failure}, after ${requests} ${requests === 1 ? "request" : "requests"}`, async () => {
    await using place = await openPlace();
    place.simulator.faults.failNext({ status, message: `No, ${KEY} said` }, { times: 10 });
    const error = await failureOf(place.client.diagram(draw(place), never));
    assert.deepEqual([error.failure, error.code], [failure, `http_${status}`]);
    assert.match(error.message, /No, \*\*\* said/);
    assert.equal(place.simulator.requests.length, requests);
  });
}

Deno.test("403 and 404 for the list are about the settings and not about a diagram", async () => {
  await using place = await openPlace();
  place.simulator.faults.failNext({ status: 403 });
  const forbidden = await failureOf(place.client.pages({}, never).next());
  assert.deepEqual([forbidden.failure, forbidden.isAboutService], ["denied", true]);
  assert.match(forbidden.message, /STORMBPMN_API_KEY/);

  await using wrong = await openPlace({ settings: { STORMBPMN_API_VERSION: "v9" } });
  const missing = await failureOf(wrong.client.pages({}, never).next());
  assert.deepEqual([missing.failure, missing.isAboutService], ["denied", true]);
  assert.match(missing.message, /STORMBPMN_API_VERSION/);
});

Deno.test("a diagram that is gone or hidden says nothing about the others", async () => {
  await using place = await openPlace({ api: "web" });
  const [gone, hidden, there] = [draw(place), draw(place), draw(place)];
  place.simulator.diagrams.remove(gone);
  place.simulator.diagrams.hide(hidden);
  const errors = [
    await failureOf(place.client.diagram(gone, never)),
    await failureOf(place.client.diagram(hidden, never)),
  ];
  assert.deepEqual(errors.map(({ failure }) => failure), ["not_found", "forbidden"]);
  assert.ok(errors.every(({ isAboutService }) => !isAboutService));
  assert.equal((await place.client.diagram(there, never)).name, "Intake");
});

Deno.test("404 without a body is a diagram that is gone, with a page the wrong address", async () => {
  await using place = await openPlace();
  const id = draw(place);
  place.simulator.faults.failNext({ status: 404, body: "" });
  assert.equal((await failureOf(place.client.diagram(id, never))).failure, "not_found");
  place.simulator.faults.failNext({ status: 404, body: "<h1>nginx</h1>" });
  const error = await failureOf(place.client.diagram(id, never));
  assert.deepEqual([error.failure, error.isAboutService], ["denied", true]);
});

Deno.test("a key that is wrong and a token that has ended name the setting, and are tried once", async () => {
  await using keyed = await openPlace({ settings: { STORMBPMN_API_KEY: "s3cret-other" } });
  const wrong = await failureOf(keyed.client.diagram(draw(keyed), never));
  assert.equal(wrong.failure, "denied");
  assert.match(wrong.message, /STORMBPMN_API_KEY/);
  assert.equal(keyed.simulator.requests.length, 1);

  await using web = await openPlace({ api: "web" });
  const id = draw(web);
  web.simulator.expireToken();
  const expired = await failureOf(web.client.assignees({ id, xml: DRAWING }, never));
  assert.equal(expired.failure, "denied");
  assert.match(expired.message, /STORMBPMN_BEARER_TOKEN current\? It lives about a week/);
});

Deno.test("what failed in passing is repeated, after delays that double", async () => {
  await using place = await openPlace();
  const { simulator, client, clock } = place;
  const id = draw(place);
  simulator.faults.failNext({ status: 503 });
  simulator.faults.garbleNext("broken");
  const startedMs = clock.ms;
  assert.equal((await client.diagram(id, never)).name, "Intake");
  assert.equal(simulator.requests.length, 3);
  assert.equal(clock.ms - startedMs, 1_000 + 2_000);
});

Deno.test("half an answer, and a page in place of one, are no diagrams", async () => {
  await using place = await openPlace();
  const { simulator, client } = place;
  const id = draw(place);
  simulator.faults.garbleNext("truncated");
  const half = await failureOf(client.diagram(id, never));
  assert.deepEqual([half.failure, half.code, half.isAboutService], ["fault", "strange_answer", false]);
  simulator.faults.garbleNext("html");
  const page = await failureOf(client.diagram(id, never));
  assert.deepEqual([page.failure, page.code, page.isAboutService], ["unavailable", "strange_answer", true]);
  assert.match(page.message, /STORMBPMN_BASE_URL/);
  assert.equal(simulator.requests.length, 2);
});

Deno.test("JSON of another shape is a fault of this answer, and says which field", async () => {
  await using place = await openPlace();
  place.simulator.faults.failNext({ status: 200, body: '{"name": "no id"}' });
  const error = await failureOf(place.client.diagram(draw(place), never));
  assert.deepEqual([error.failure, error.code], ["fault", "strange_answer"]);
  assert.match(error.message, /id: /);
});

Deno.test("an answer of 50 MB is refused, once", async () => {
  await using place = await openPlace();
  const id = place.simulator.diagrams.add({ name: "huge", xml: "x".repeat(50 * 1024 * 1024) });
  const error = await failureOf(place.client.diagram(id, never));
  assert.deepEqual([error.failure, error.code, error.isAboutService], ["rejected", "too_large", false]);
  assert.equal(place.simulator.requests.length, 1);
});

Deno.test("what cannot be the id of a diagram is refused without a request", async () => {
  await using place = await openPlace();
  for (const id of ["17", "../../api/v1/users", ""]) {
    const error = await failureOf(place.client.diagram(id, never));
    assert.deepEqual([error.failure, error.code], ["rejected", "not_an_id"]);
  }
  assert.equal(place.simulator.requests.length, 0);
});

Deno.test("a server that hangs is given up after STORMBPMN_TIMEOUT", async () => {
  await using place = await openPlace({ settings: { STORMBPMN_TIMEOUT: "1", STORMBPMN_RETRY_ATTEMPTS: "1" } });
  place.simulator.faults.latencyMs = 1_200;
  const error = await failureOf(place.client.diagram(draw(place), never));
  assert.deepEqual([error.failure, error.code], ["unavailable", "timeout"]);
});

Deno.test("nobody listening names the setting", async () => {
  const gone = await startStormSimulator();
  await gone[Symbol.asyncDispose]();
  await using place = await openPlace({ settings: { STORMBPMN_BASE_URL: gone.baseUrl } });
  const error = await failureOf(place.client.pages({}, never).next());
  assert.deepEqual([error.failure, error.code], ["unavailable", "refused"]);
  assert.match(error.message, /STORMBPMN_BASE_URL/);
});

Deno.test("a request ends with the caller's signal, and none begins after it", async () => {
  await using place = await openPlace();
  const { simulator, client } = place;
  const id = draw(place);
  simulator.faults.latencyMs = 100;
  const stop = new AbortController();
  const reading = failureOf(client.diagram(id, stop.signal));
  setTimeout(() => stop.abort(), 20);
  assert.equal((await reading).code, "aborted");
  assert.equal((await failureOf(client.diagram(id, stop.signal))).code, "aborted");
  assert.equal(simulator.requests.length, 1);
});

Deno.test("no line of the log holds a secret", async () => {
  await using place = await openPlace({ api: "auto" });
  const id = draw(place);
  place.simulator.faults.failNext({ status: 500, message: `${KEY} and ${TOKEN}` });
  await place.client.diagram(id, never);
  await place.client.assignees({ id, xml: DRAWING }, never);
  assert.ok(place.log.codes.includes("storm.retry"));
  assert.doesNotMatch(place.log.messages.join("\n"), /s3cret/);
});

Deno.test("a request whose connection breaks is not sent again unasked: the limiter would not know of it", async () => {
  const seen: string[] = [];
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const serve = async (connection: Deno.Conn) => {
    const buffer = new Uint8Array(65_536);
    for (let length = await connection.read(buffer); length !== null; length = await connection.read(buffer)) {
      seen.push(new TextDecoder().decode(buffer.subarray(0, length)).split(" ")[1] ?? "");
      if (seen.length > 1) break;
      await connection.write(new TextEncoder().encode("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"));
    }
    connection.close();
  };
  const serving = (async () => {
    for await (const connection of listener) await serve(connection);
  })();
  const settings = { STORMBPMN_BASE_URL: `http://127.0.0.1:${listener.addr.port}`, STORMBPMN_RETRY_ATTEMPTS: "1" };
  {
    await using place = await openPlace({ settings });
    await failureOf(place.client.pages({}, never).next());
    await failureOf(place.client.pages({}, never).next());
  }
  listener.close();
  await serving;
  assert.equal(seen.length, 2);
});
