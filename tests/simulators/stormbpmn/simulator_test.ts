/** What the vendor documents, seen without our client. */
import assert from "node:assert/strict";
import { CLOUD_LIMIT } from "../../../simulators/stormbpmn/account_quota.ts";
import {
  startStormSimulator,
  type StormSimulator,
  type StormSimulatorOptions,
} from "../../../simulators/stormbpmn/simulator.ts";
import { SleepingClock } from "../../lib/bitrix24/sleeping_clock.ts";

async function storm(options: StormSimulatorOptions = {}) {
  const clock = new SleepingClock();
  clock.ms = Date.UTC(2030, 0, 31, 8);
  const simulator = await startStormSimulator({ clock, ...options });
  return { simulator, clock, [Symbol.asyncDispose]: () => simulator[Symbol.asyncDispose]() };
}

async function get({ baseUrl, apiKey, bearerToken }: StormSimulator, path: string, headers?: Record<string, string>) {
  const credentials = { "x-api-key": apiKey, authorization: `Bearer ${bearerToken}` };
  const answer = await fetch(`${baseUrl}${path}`, { headers: headers ?? credentials });
  return { status: answer.status, headers: answer.headers, body: await answer.json() };
}

const LIST = "/public-api/v1/get-diagram-list";

Deno.test("the public list has pages of 20, counted from 0, and demands the page", async () => {
  await using place = await storm();
  const { simulator } = place;
  for (let n = 0; n < 21; n++) simulator.diagrams.add({ name: `D${n}`, xml: "<x/>" });
  const { body } = await get(simulator, `${LIST}?page=1`);
  assert.deepEqual([body.totalElements, body.page, body.size, body.returnDiagrams.length], [21, 1, 20, 1]);
  const [diagram] = body.returnDiagrams;
  assert.deepEqual(
    [diagram.id, diagram.name, diagram.status, diagram.versionNumber, diagram.updatedOn, diagram.body],
    ["00000000-0000-4000-8000-000000000021", "D20", "IN_PROGRESS", 1, "2030-01-31T08:00:00.000000", undefined],
  );
  assert.equal((await get(simulator, LIST)).status, 400);
});

Deno.test("a diagram by its id is flat in the public API and lies in an envelope in the web application's", async () => {
  await using place = await storm();
  const id = place.simulator.diagrams.add({ name: "D", xml: "<x/>" });
  const flat = await get(place.simulator, `/public-api/v1/get-diagram-by-id?diagramId=${id}`);
  assert.deepEqual([flat.body.body, flat.body.updateBy], ["<x/>", "analyst@example.com"]);
  const enveloped = await get(place.simulator, `/api/v1/diagram/${id}`);
  assert.deepEqual([enveloped.body.permission, enveloped.body.diagram.body], ["EDIT", "<x/>"]);
});

Deno.test("people's changes move the time, and only a new drawing the version", async () => {
  await using place = await storm();
  const { simulator: { diagrams }, clock } = place;
  const id = diagrams.add({ name: "D", xml: "<x/>" });
  const steps = [
    () => diagrams.setStatus(id, "DONE"),
    () => diagrams.rename(id, "E"),
    () => diagrams.redraw(id, "<y/>"),
    () => diagrams.assign(id, { elementId: "Activity_1", assigneeName: "Lead" }),
    () => diagrams.link(id, "Activity_2", id),
  ];
  const seen = steps.map((step) => {
    clock.ms += 1_000;
    step();
    const { updatedMs, versionNumber } = diagrams.get(id);
    return [updatedMs === clock.ms, versionNumber];
  });
  assert.deepEqual(seen, [[true, 1], [true, 1], [true, 2], [true, 2], [true, 2]]);
});

Deno.test("without the key, or the token, nothing is shown", async () => {
  await using place = await storm();
  const { simulator } = place;
  assert.equal((await get(simulator, `${LIST}?page=0`, {})).status, 401);
  assert.equal((await get(simulator, `${LIST}?page=0`, { "x-api-key": "other" })).status, 401);
  assert.equal((await get(simulator, "/api/v1/diagram/filter", { "x-api-key": simulator.apiKey })).status, 401);
  assert.equal((await get(simulator, "/api/v1/diagram/filter")).status, 200);
  simulator.expireToken();
  assert.equal((await get(simulator, "/api/v1/diagram/filter")).status, 401);
  assert.equal((await get(simulator, `${LIST}?page=0`)).status, 200);
});

Deno.test("the limit is told in every answer, and going beyond it as the vendor shows, until the account is blocked", async () => {
  await using place = await storm({ limit: CLOUD_LIMIT });
  const { simulator, clock } = place;
  const ask = () => get(simulator, `${LIST}?page=0`);
  for (const remaining of ["4", "3", "2", "1", "0"]) {
    const { status, headers } = await ask();
    assert.deepEqual([status, headers.get("x-rate-limit-remaining")], [200, remaining]);
  }
  clock.ms += 12_500;
  const { status, headers, body } = await ask();
  assert.deepEqual([status, headers.get("x-rate-limit-retry-after-seconds")], [429, "48"]);
  assert.deepEqual(body, {
    timestamp: "2030-01-31T08:00:12.500+00:00",
    status: 429,
    error: "Too Many Requests",
    message: "You have exhausted your API Request Quota",
    path: LIST,
  });
  for (let n = 0; n < 3; n++) assert.equal((await ask()).status, 429);
  clock.ms += 3_600_000;
  assert.deepEqual([(await ask()).status, simulator.quota?.isBlocked], [403, true]);
  // The web application goes on.
  assert.equal((await get(simulator, "/api/v1/diagram/filter")).status, 200);
});

Deno.test("faults hit the requests that they are meant for, and end", async () => {
  await using place = await storm();
  const { simulator } = place;
  const id = simulator.diagrams.add({ name: "D", xml: "<x/>" });
  const byId = `/public-api/v1/get-diagram-by-id?diagramId=${id}`;
  simulator.faults.failNext({ status: 503, headers: { "retry-after": "9" } }, { path: "by-id", times: 2 });
  assert.equal((await get(simulator, `${LIST}?page=0`)).status, 200);
  const failed = await get(simulator, byId);
  assert.deepEqual([failed.status, failed.body.error], [503, "Service Unavailable"]);
  assert.equal((await get(simulator, byId)).status, 503);
  assert.equal((await get(simulator, byId)).status, 200);
  simulator.faults.garbleNext("truncated");
  await assert.rejects(get(simulator, byId), SyntaxError);
  simulator.faults.garbleNext("broken");
  await assert.rejects(get(simulator, byId), TypeError);
  simulator.faults.down = true;
  await assert.rejects(get(simulator, byId), SyntaxError);
  assert.equal(simulator.requests.length, 7);
});
