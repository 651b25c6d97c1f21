/** A target that is down for long, in simulated time: hours pass in seconds. */
import assert from "node:assert/strict";
import type { CreateOutcome } from "../../../adapters/target_system.ts";
import { Creator } from "../../../lib/creator/creator.ts";
import { Ledger } from "../../faults/ledger.ts";
import { readyIn } from "../amqp/broker_fixture.ts";
import { ManualClock } from "../amqp/manual_clock.ts";
import { delaysS, detourS, put, scriptedWorld } from "./scripted_system.ts";

const QUEUE = "bitrix24.queue";
const tasks = 300;
const HOUR_MS = 3_600_000;

/** One simulated run over `hours` of outage; `ambiguous` for a target that breaks off instead of refusing. */
async function outage(hours: number, ambiguous: boolean) {
  const clock = new ManualClock();
  await using world = await scriptedWorld(clock);
  const down: CreateOutcome = { kind: "down", reason: "502", ambiguous };
  world.adapter.onCreate = () => down;
  for (let number = 0; number < tasks; number++) {
    world.camunda.add(`t-${number}`);
    await put(world.broker, QUEUE, { task_id: `t-${number}` });
  }
  const options = { batchSize: 50, windowMs: 50, detourS, retryDelaysS: delaysS, leaseMs: 86_400_000, workerId: "w" };
  const creator = new Creator(options, world.deps, world.signals);
  const pass = async (ms: number, stepMs: number) => {
    for (let passed = 0; passed < ms; passed += stepMs) await clock.advance(stepMs);
  };
  await pass(hours * HOUR_MS, 10_000);
  const asked = world.adapter.created.length;
  const setAside = await readyIn(world.broker, "errors.camunda_tasks.queue");
  assert.match(world.deps.health.readiness().reasons.join(), /502/, "it says why nothing happens");

  const made: string[] = [];
  world.adapter.onCreate = ({ task_id: id }) => {
    made.push(id);
    return { kind: "created", id, response: {} };
  };
  await pass(5 * 60_000, 1_000);
  const sent = await readyIn(world.broker, "bitrix24.sent.queue");
  world.stop();
  await clock.advance(1_000);
  await creator.consumer.ended();
  return { asked, setAside, made, sent };
}

for (const [hours, ambiguous] of [[1, false], [1, true], [8, false]] as const) {
  const how = ambiguous ? "breaks off every request" : "refuses every request";
  Deno.test(`a target that ${how} for ${hours} h gets each of ${tasks} tasks once afterwards, and nothing is set aside`, async () => {
    const ledger = new Ledger(`target down for ${hours} h, ${how}`);
    for (let number = 0; number < tasks; number++) {
      ledger.attempt(`t-${number}`);
      ledger.acknowledge(`t-${number}`);
    }
    const { asked, setAside, made, sent } = await outage(hours, ambiguous);
    assert.equal(setAside, 0);
    // Five or six probes a minute, after the first few: nobody hammers a target that is down.
    assert.ok(asked > 10 && asked <= 340 * hours + 20, `${asked} requests`);
    made.forEach((id, index) => ledger.effect(id, `object ${index}`));
    ledger.balance();
    assert.equal(sent, tasks);
  });
}
