import assert from "node:assert/strict";
import { HttpAnswer } from "../../../lib/http/http_client.ts";
import { LimiterFile } from "../../../lib/stormbpmn/limiter_file.ts";
import { FRESH_STATE } from "../../../lib/stormbpmn/limiter_state.ts";
import { RequestLimiter } from "../../../lib/stormbpmn/request_limiter.ts";
import { StormError } from "../../../lib/stormbpmn/storm_error.ts";
import { RecordedLog } from "../amqp/recorded_log.ts";
import { SleepingClock } from "../bitrix24/sleeping_clock.ts";

const never = new AbortController().signal;

async function folder() {
  const path = await Deno.makeTempDir({ prefix: "limiter-" });
  return { file: `${path}/requests.json`, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

Deno.test("what was kept is found again, by whoever names the same file, and nobody else can read it", async () => {
  await using place = await folder();
  const state = { countedUntilMs: [5, 7], notBeforeMs: 3, overrunsMs: [1] };
  await new LimiterFile(place.file).update((found) => {
    assert.deepEqual(found, FRESH_STATE);
    return [state, undefined];
  });
  assert.deepEqual(await new LimiterFile(place.file).update((found) => [found ?? FRESH_STATE, found]), state);
  assert.equal(((await Deno.stat(place.file)).mode ?? 0) & 0o777, 0o600);
});

Deno.test("a shorter state leaves nothing of a longer one behind", async () => {
  await using place = await folder();
  const file = new LimiterFile(place.file);
  const long = { ...FRESH_STATE, countedUntilMs: Array.from({ length: 50 }, (_, n) => n) };
  await file.update(() => [long, undefined]);
  await file.update(() => [FRESH_STATE, undefined]);
  assert.deepEqual(await file.update((found) => [found ?? long, found]), FRESH_STATE);
});

Deno.test("of changes that come together none is lost", async () => {
  await using place = await folder();
  const programs = Array.from({ length: 8 }, () => new LimiterFile(place.file));
  const add = (program: LimiterFile) =>
    program.update((state = FRESH_STATE) => [{ ...state, overrunsMs: [...state.overrunsMs, 1] }, undefined]);
  await Promise.all(Array.from({ length: 10 }, () => programs.map(add)).flat());
  const { overrunsMs } = await new LimiterFile(place.file).update((state = FRESH_STATE) => [state, state]);
  assert.equal(overrunsMs.length, 80);
});

for (
  const [what, text] of [["half a text", '{"countedUntilMs":[1'], ["another shape", "[]"], [
    "a size",
    "1".repeat(1e6),
  ]] as const
) {
  Deno.test(`a file that was damaged (${what}) costs a minute, is told and mended`, async () => {
    await using place = await folder();
    await Deno.writeTextFile(place.file, text);
    const clock = new SleepingClock();
    const log = new RecordedLog();
    const limiter = new RequestLimiter({ perMinute: 5, longestRequestMs: 30_000 }, {
      store: new LimiterFile(place.file),
      clock,
      log,
    });
    const answer = new HttpAnswer(200, new Headers(), new Uint8Array(), { name: "", settingName: "" });
    for (let n = 0; n < 2; n++) await limiter.run(() => Promise.resolve(answer), never);
    assert.equal(clock.ms, 61_000);
    assert.deepEqual(log.codes, ["storm.state_damaged"]);
    // As if one request had been over the limit: one more such day is the last.
    assert.deepEqual(JSON.parse(await Deno.readTextFile(place.file)).overrunsMs, [0]);
  });
}

Deno.test("a file that cannot be written is an error that names the setting", async () => {
  await using place = await folder();
  const update = new LimiterFile(`${place.file}/below-a-file`).update(() => [FRESH_STATE, undefined]);
  await assert.rejects(update, (error) => error instanceof StormError && /STORMBPMN_STATE_FILE/.test(error.message));
});
