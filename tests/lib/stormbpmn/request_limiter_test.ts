import assert from "node:assert/strict";
import fc from "fast-check";
import { HttpAnswer } from "../../../lib/http/http_client.ts";
import { LimiterMemory } from "../../../lib/stormbpmn/limiter_state.ts";
import { RequestLimiter } from "../../../lib/stormbpmn/request_limiter.ts";
import { AccountQuota, CLOUD_LIMIT } from "../../../simulators/stormbpmn/account_quota.ts";
import { ManualClock, turn } from "../amqp/manual_clock.ts";
import { RecordedLog } from "../amqp/recorded_log.ts";
import { SleepingClock } from "../bitrix24/sleeping_clock.ts";

const never = new AbortController().signal;
const source = { name: "StormBPMN", settingName: "STORMBPMN_BASE_URL" };

function answer(status = 200, headers: Record<string, string> = {}): HttpAnswer {
  return new HttpAnswer(status, new Headers(headers), new Uint8Array(), source);
}

function limiterWith(clock: ManualClock | SleepingClock, store = new LimiterMemory(), log = new RecordedLog()) {
  return new RequestLimiter({ perMinute: 5, longestRequestMs: 30_000 }, { store, clock, log });
}

Deno.test("five requests go at once, the sixth a minute after the first was answered", async () => {
  const clock = new ManualClock();
  const limiter = limiterWith(clock);
  const made: number[] = [];
  const request = () => {
    made.push(clock.now());
    return Promise.resolve(answer());
  };
  const startMs = clock.now();
  const running = Promise.all(Array.from({ length: 6 }, () => limiter.run(request, never)));
  await turn();
  assert.deepEqual([made.length, clock.sleeping], [5, 1]);
  await clock.advance(59_000);
  assert.equal(made.length, 5);
  await clock.advance(2_000);
  await running;
  assert.deepEqual(made.map((ms) => ms - startMs), [0, 0, 0, 0, 0, 61_000]);
});

Deno.test("a request counts from its answer on, since only then has StormBPMN surely counted it", async () => {
  const clock = new ManualClock();
  const limiter = limiterWith(clock);
  const slow = Promise.withResolvers<HttpAnswer>();
  const first = limiter.run(() => slow.promise, never);
  await turn();
  for (let n = 0; n < 4; n++) await limiter.run(() => Promise.resolve(answer()), never);
  await clock.advance(20_000);
  slow.resolve(answer());
  await first;
  await clock.advance(41_000); // the four are forgotten, the slow one is not
  for (let n = 0; n < 4; n++) await limiter.run(() => Promise.resolve(answer()), never);
  const fifth = limiter.run(() => Promise.resolve(answer()), never);
  await turn();
  assert.equal(clock.sleeping, 1);
  await clock.advance(20_000);
  await fifth;
});

Deno.test("a request that failed without an answer counts as well", async () => {
  const clock = new ManualClock();
  const limiter = limiterWith(clock);
  for (let n = 0; n < 5; n++) {
    await assert.rejects(limiter.run(() => Promise.reject(new Error("broken")), never), /broken/);
  }
  const sixth = limiter.run(() => Promise.resolve(answer()), never);
  await turn();
  assert.equal(clock.sleeping, 1);
  await clock.advance(61_000);
  await sixth;
});

Deno.test("a request whose program died is counted for as long as it may have gone on", async () => {
  const clock = new ManualClock();
  const store = new LimiterMemory();
  for (let n = 0; n < 5; n++) limiterWith(clock, store).run(() => new Promise(() => {}), never);
  await turn();
  let made = false;
  const next = limiterWith(clock, store).run(() => {
    made = true;
    return Promise.resolve(answer());
  }, never);
  await turn();
  await clock.advance(90_900);
  assert.equal(made, false);
  await clock.advance(100);
  await next;
});

Deno.test("a wait ends with the signal and takes no place", async () => {
  const clock = new ManualClock();
  const limiter = limiterWith(clock);
  for (let n = 0; n < 5; n++) await limiter.run(() => Promise.resolve(answer()), never);
  const stop = new AbortController();
  const waiting = limiter.run(() => Promise.resolve(answer()), stop.signal);
  await turn();
  stop.abort(new Error("stopped"));
  await assert.rejects(waiting, /stopped/);
  await clock.advance(61_000);
  for (let n = 0; n < 5; n++) await limiter.run(() => Promise.resolve(answer()), never);
});

Deno.test("fewer requests left than we have counted belong to somebody else", async () => {
  const clock = new ManualClock();
  const limiter = limiterWith(clock);
  await limiter.run(() => Promise.resolve(answer(200, { "X-Rate-Limit-Remaining": "1" })), never);
  await limiter.run(() => Promise.resolve(answer(200, { "X-Rate-Limit-Remaining": "0" })), never);
  const third = limiter.run(() => Promise.resolve(answer()), never);
  await turn();
  assert.equal(clock.sleeping, 1);
  await clock.advance(61_000);
  await third;
});

Deno.test("a clock that was set back by a year makes nobody wait a year", async () => {
  const clock = new SleepingClock();
  clock.ms = 365 * 24 * 3_600_000;
  const store = new LimiterMemory();
  const limiter = limiterWith(clock, store);
  for (let n = 0; n < 5; n++) await limiter.run(() => Promise.resolve(answer()), never);
  clock.ms = 0;
  await limiter.run(() => Promise.resolve(answer()), never);
  assert.ok(clock.ms <= 91_000, `${clock.ms}`);
});

Deno.test("whatever the pauses and the times that requests take on the way, no minute has a sixth", async () => {
  const step = fc.record({
    pauseMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 90_000 })),
    toServerMs: fc.integer({ min: 0, max: 15_000 }),
    backMs: fc.integer({ min: 0, max: 15_000 }),
    restarts: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60 }), async (steps) => {
      const clock = new SleepingClock();
      const store = new LimiterMemory();
      const account = new AccountQuota(CLOUD_LIMIT);
      let limiter = limiterWith(clock, store);
      for (const { pauseMs, toServerMs, backMs, restarts } of steps) {
        if (restarts) limiter = limiterWith(clock, store);
        clock.ms += pauseMs;
        await limiter.run(() => {
          clock.ms += toServerMs;
          const verdict = account.take(clock.ms);
          assert.equal(verdict.kind, "allowed");
          clock.ms += backMs;
          return Promise.resolve(answer());
        }, never);
      }
    }),
    { numRuns: 100 },
  );
});
