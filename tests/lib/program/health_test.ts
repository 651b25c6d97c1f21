import assert from "node:assert/strict";
import { Health } from "../../../lib/program/health.ts";

function healthAt() {
  const clock = { nowMs: 0 };
  return { clock, health: new Health({ limitMs: 1000, now: () => clock.nowMs }) };
}

Deno.test("a program is ready until a named reason says otherwise, and again when it is gone", () => {
  const { health } = healthAt();
  assert.deepEqual(health.readiness(), { ready: true, reasons: [] });
  health.set("topology", "camunda.responses.queue is missing");
  assert.deepEqual(health.readiness(), { ready: false, reasons: ["topology: camunda.responses.queue is missing"] });
  health.set("topology", undefined);
  assert.equal(health.readiness().ready, true);
});

Deno.test("watched reasons are looked up when somebody asks", () => {
  const { health } = healthAt();
  const broker = { problem: "" };
  health.watch("broker", () => broker.problem || undefined);
  assert.equal(health.readiness().ready, true);
  broker.problem = "connection refused";
  assert.deepEqual(health.readiness().reasons, ["broker: connection refused"]);
  health.forget("broker");
  assert.equal(health.readiness().ready, true);
});

Deno.test("a loop is watched from its first turn and fails the program once it stands still for too long", () => {
  const { clock, health } = healthAt();
  clock.nowMs = 10_000;
  assert.equal(health.liveness().alive, true);
  health.turned("fetch");
  clock.nowMs += 1000;
  assert.equal(health.liveness().alive, true);
  clock.nowMs += 1;
  assert.deepEqual(health.liveness(), { alive: false, reasons: ["fetch has not moved for 1 s"] });
  assert.equal(health.readiness().ready, false);
});

Deno.test("one loop that turns does not hide another that stands still", () => {
  const { clock, health } = healthAt();
  health.turned("fetch");
  health.turned("responses");
  clock.nowMs = 2000;
  health.turned("fetch");
  assert.deepEqual(health.liveness().reasons, ["responses has not moved for 2 s"]);
});

Deno.test("a loop that waits for a named reason may wait for ever", () => {
  const { clock, health } = healthAt();
  health.waiting("the portal to come back", "bitrix24");
  clock.nowMs = 1e9;
  assert.equal(health.liveness().alive, true);
  assert.equal(health.status(), "bitrix24 waits: the portal to come back");
  health.turned("bitrix24");
  clock.nowMs += 2000;
  assert.equal(health.liveness().alive, false);
});

Deno.test("a loop that has ended is watched no more", () => {
  const { clock, health } = healthAt();
  health.turned();
  health.ended();
  clock.nowMs = 2000;
  assert.equal(health.liveness().alive, true);
  assert.equal(health.status(), "running");
});
