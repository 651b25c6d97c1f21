/** The worker is killed again and again at random instants while tasks go out and answers come in. */
import assert from "node:assert/strict";
import { writeLine } from "../../lib/telemetry/configure_logging.ts";
import { carryRound, HandOverBook, ResponseBook } from "./books.ts";
import { ignore, openFaultWorld, stopsCleanly } from "./fault_world.ts";

const kills = 10;
const tasksPerLife = 30;
const steps = ["worker.fetched", "worker.published", "worker.completed"] as const;

Deno.test({
  name: "a worker that is killed ten times at random loses none of 300 tasks and none of their answers",
  ignore,
  async fn() {
    await using world = await openFaultWorld();
    const handOver = new HandOverBook("ten random kills", world);
    const responses = new ResponseBook("ten random kills", world);
    const plan = Array.from({ length: kills }, () => ({
      step: steps[Math.floor(Math.random() * steps.length)] ?? steps[0],
      times: 1 + Math.floor(Math.random() * (tasksPerLife / 2)),
    }));
    writeLine(Deno.stdout, `killed at ${plan.map(({ step, times }) => `${step} #${times}`).join(", ")}`);

    await carryRound(handOver, responses, kills * tasksPerLife, async () => {
      for (const { step, times } of plan) {
        const worker = await world.startWorker();
        await Promise.all([worker.kill9At(step, times), handOver.start(tasksPerLife)]);
      }
      await world.startWorker();
    });
    await handOver.balance();
    await responses.balance();
    await responses.answersAre("ok");
    const last = world.workers.at(-1);
    assert.ok(last);
    await stopsCleanly(last);
  },
});
