/** The cloud's limit end to end: the client against a simulator that enforces it. */
import assert from "node:assert/strict";
import { CLOUD_LIMIT } from "../../../simulators/stormbpmn/account_quota.ts";
import { DRAWING, failureOf, KEY, never, openPlace, type Place } from "./storm_place.ts";

function draw({ simulator }: Place, count: number): string[] {
  return Array.from({ length: count }, (_, n) => simulator.diagrams.add({ name: `Diagram ${n}`, xml: DRAWING }));
}

/** Somebody else with the same key. */
async function spend({ simulator }: Place, count: number): Promise<void> {
  for (let n = 0; n < count; n++) {
    const answer = await fetch(`${simulator.baseUrl}/public-api/v1/get-diagram-list?page=0`, {
      headers: { "x-api-key": KEY },
    });
    await answer.body?.cancel();
  }
}

Deno.test("fifty diagrams are read in ten minutes, and none of the requests is one too many", async () => {
  await using place = await openPlace({ limit: CLOUD_LIMIT });
  const { simulator, client, clock } = place;
  const ids = draw(place, 50);
  const startedMs = clock.ms;
  for (const id of ids) await client.diagram(id, never);
  assert.equal(simulator.quota?.overruns(clock.ms), 0);
  assert.equal(simulator.requests.length, 50);
  const minutes = (clock.ms - startedMs) / 60_000;
  assert.ok(minutes >= 9 && minutes <= 9.5, `${minutes} minutes`);
  assert.equal(place.waits.length, 9);
});

Deno.test("a restart forgets no request", async () => {
  await using place = await openPlace({ limit: CLOUD_LIMIT });
  const { simulator, clock } = place;
  for (const id of draw(place, 30)) await place.reopen().diagram(id, never);
  assert.equal(simulator.quota?.overruns(clock.ms), 0);
  assert.ok(place.waits.length > 0);
});

Deno.test("two programs with one state file keep the limit together", async () => {
  await using place = await openPlace({ limit: CLOUD_LIMIT });
  const { simulator, clock } = place;
  const programs = [place.client, place.reopen()];
  await Promise.all(programs.map(async (program) => {
    for (const id of draw(place, 20)) await program.diagram(id, never);
  }));
  assert.equal(simulator.requests.length, 40);
  assert.equal(simulator.quota?.overruns(clock.ms), 0);
});

Deno.test("what somebody else spends is seen in the answers, and left to them", async () => {
  await using place = await openPlace({ limit: CLOUD_LIMIT });
  const { simulator, client, clock } = place;
  const ids = draw(place, 6);
  await spend(place, 3);
  for (const id of ids) await client.diagram(id, never);
  assert.equal(simulator.quota?.overruns(clock.ms), 0);
});

Deno.test("429 is waited for as long as StormBPMN says, and the request made once more", async () => {
  await using place = await openPlace({ limit: CLOUD_LIMIT });
  const { simulator, client, clock } = place;
  const [id = ""] = draw(place, 1);
  await spend(place, 5);
  clock.ms += 20_000;
  const startedMs = clock.ms;
  assert.equal((await client.diagram(id, never)).name, "Diagram 0");
  const waitedS = (clock.ms - startedMs) / 1000;
  assert.ok(waitedS >= 40 && waitedS <= 43, `${waitedS} s`);
  assert.equal(simulator.quota?.overruns(clock.ms), 1);
  assert.ok(place.log.codes.includes("storm.over_limit"));
});

Deno.test("after two requests over the limit nothing is asked for a day, also after a restart", async () => {
  await using place = await openPlace({ limit: CLOUD_LIMIT });
  const { simulator, clock } = place;
  const [id = ""] = draw(place, 1);
  simulator.faults.failNext({ status: 429 }, { times: 2 });
  assert.equal((await failureOf(place.client.diagram(id, never))).code, "http_429");
  const asked = simulator.requests.length;
  for (let hour = 0; hour < 23; hour++) {
    const error = await failureOf(place.reopen().diagram(id, never));
    assert.deepEqual([error.failure, error.code, error.isAboutService], ["limited", "quota_guard", true]);
    assert.match(error.message, /2030-02-01T08:\d\d:\d\d.*STORMBPMN_STATE_FILE/);
    clock.ms += 3_600_000;
  }
  assert.equal(simulator.requests.length, asked);
  clock.ms += 3_700_000;
  assert.equal((await place.reopen().diagram(id, never)).name, "Diagram 0");
});

Deno.test("a person who has settled it may delete the state file", async () => {
  await using place = await openPlace({ limit: CLOUD_LIMIT });
  const [id = ""] = draw(place, 1);
  place.simulator.faults.failNext({ status: 429 }, { times: 2 });
  await failureOf(place.client.diagram(id, never));
  await Deno.remove(place.stateFile);
  assert.equal((await place.client.diagram(id, never)).name, "Diagram 0");
});

Deno.test("a wait of an hour is left to the caller, who is told until when", async () => {
  await using place = await openPlace({ limit: CLOUD_LIMIT });
  const { simulator, client, clock } = place;
  const [id = ""] = draw(place, 1);
  simulator.faults.failNext({ status: 429, headers: { "X-Rate-Limit-Retry-After-Seconds": "3600" } });
  const startedMs = clock.ms;
  const error = await failureOf(client.diagram(id, never));
  assert.deepEqual([error.failure, error.code], ["limited", "told_to_wait"]);
  assert.match(error.message, /before 2030-01-31T09:00:01/);
  assert.ok(clock.ms - startedMs < 5_000);
  assert.equal(simulator.requests.length, 1);
});

Deno.test("an account that is blocked is a refusal that names the key, not one to be repeated", async () => {
  await using place = await openPlace({ limit: CLOUD_LIMIT });
  const [id = ""] = draw(place, 1);
  await spend(place, 9);
  assert.equal(place.simulator.quota?.isBlocked, true);
  const error = await failureOf(place.client.pages({}, never).next());
  assert.equal(error.failure, "denied");
  assert.match(error.message, /Account is blocked/);
  place.simulator.quota?.unblock();
  place.clock.ms += 60_000;
  assert.equal((await place.client.diagram(id, never)).name, "Diagram 0");
});

Deno.test("without a limit nothing waits, and no file is written; a 429 is heeded all the same", async () => {
  await using place = await openPlace();
  const { simulator, client, clock } = place;
  const startedMs = clock.ms;
  const ids = draw(place, 30);
  for (const id of ids) await client.diagram(id, never);
  assert.equal(clock.ms, startedMs);
  await assert.rejects(Deno.stat(place.stateFile), Deno.errors.NotFound);
  simulator.faults.failNext({ status: 429, headers: { "Retry-After": "30" } });
  await client.diagram(ids[0] ?? "", never);
  assert.equal(clock.ms - startedMs, 31_000);
});

Deno.test("where the state cannot be kept nothing is asked", async () => {
  const settings = { STORMBPMN_STATE_FILE: "/proc/no-such-folder/requests.json" };
  await using place = await openPlace({ limit: CLOUD_LIMIT, settings });
  const error = await failureOf(place.client.diagram(draw(place, 1)[0] ?? "", never));
  assert.deepEqual([error.failure, error.code], ["limited", "state_file"]);
  assert.match(error.message, /STORMBPMN_STATE_FILE/);
  assert.equal(place.simulator.requests.length, 0);
});
