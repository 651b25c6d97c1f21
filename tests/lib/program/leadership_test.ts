import assert from "node:assert/strict";
import { lead, leadershipName } from "../../../lib/program/leadership.ts";
import { createEmbeddedBroker } from "../../../lib/amqp/embedded.ts";
import { embeddedWith } from "../amqp/broker_fixture.ts";
import { eventually } from "../amqp/eventually.ts";
import { ManualClock, turn } from "../amqp/manual_clock.ts";
import { RecordedLog } from "../amqp/recorded_log.ts";

const never = new AbortController().signal;
const name = leadershipName("creator", "bitrix24");

function leadOptions(signal: AbortSignal = never) {
  return { signal, clock: new ManualClock(), log: new RecordedLog(), retryMs: 1000 };
}

Deno.test("the name says the role and the system", () => {
  assert.equal(name, "exchanger.lead.creator.bitrix24");
  assert.equal(leadershipName("tracker", "1c"), "exchanger.lead.tracker.1c");
});

Deno.test("the first program leads at once and took nothing over", async () => {
  await using owned = await embeddedWith([]);
  const leadership = await lead(owned.broker, name, leadOptions());
  assert.equal(leadership.tookOver, false);
  assert.equal(leadership.lost.aborted, false);
  assert.deepEqual(await owned.broker.connection("other").inspect(name), { kind: "locked" });
});

Deno.test("a second program stands by, says so once, and takes over when the first is gone", async () => {
  await using owned = await embeddedWith([]);
  const first = await lead(owned.broker, name, leadOptions());
  const options = leadOptions();
  let leads = false;
  const second = lead(owned.broker.connection("second"), name, options).then((leadership) => {
    leads = true;
    return leadership;
  });
  for (let round = 0; round < 3; round++) {
    await eventually(() => options.clock.sleeping === 1, "standing by");
    await options.clock.advance(1000);
  }
  assert.equal(leads, false);
  assert.deepEqual(options.log.codes, ["program.standing_by"]);
  await first.release();
  await options.clock.advance(1000);
  assert.equal((await second).tookOver, true);
  assert.deepEqual(options.log.codes, ["program.standing_by", "program.leading"]);
});

Deno.test("a lost connection ends the lead, and leading again counts as taking over", async () => {
  await using owned = await embeddedWith([]);
  const leadership = await lead(owned.broker, name, leadOptions());
  owned.broker.breakConnections();
  assert.equal(leadership.lost.aborted, true);
  const again = await lead(owned.broker, name, { ...leadOptions(), ledBefore: true });
  assert.equal(again.tookOver, true);
});

Deno.test("standing by ends with the signal's reason", async () => {
  await using owned = await embeddedWith([]);
  await lead(owned.broker, name, leadOptions());
  const stop = new AbortController();
  const options = leadOptions(stop.signal);
  const standingBy = assert.rejects(lead(owned.broker.connection("second"), name, options), /stopping/);
  await eventually(() => options.clock.sleeping === 1, "standing by");
  stop.abort(new Error("stopping"));
  await standingBy;
  assert.equal(options.clock.sleeping, 0);
});

Deno.test("an unreachable broker is asked again, which is no stand-by", async () => {
  const unreachable = createEmbeddedBroker();
  await unreachable.close();
  const stop = new AbortController();
  const options = leadOptions(stop.signal);
  const waiting = assert.rejects(lead(unreachable, name, options), /stopping/);
  await eventually(() => options.clock.sleeping === 1, "waiting");
  await options.clock.advance(1000);
  await turn();
  assert.equal(options.clock.sleeping, 1);
  assert.deepEqual(options.log.codes, []);
  stop.abort(new Error("stopping"));
  await waiting;
});
