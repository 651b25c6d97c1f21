/** The worker is killed again and again at random instants while tasks go out and answers come in. */
import { writeLine } from "../../lib/telemetry/configure_logging.ts";
import { carryRound, HandOverBook, ResponseBook } from "./books.ts";
import { FaultWorld, ignore, stopsCleanly } from "./fault_world.ts";

const kills = 10;
const tasksPerLife = 30;
const steps = ["worker.fetched", "worker.published", "worker.completed"] as const;

Deno.test({
  name: "a worker that is killed ten times at random loses none of 300 tasks and none of their answers",
  ignore,
  async fn() {
    await using world = await FaultWorld.open();
    const handOver = new HandOverBook("ten random kills", world);
    const responses = new ResponseBook("ten random kills", world);
    const plan = Array.from({ length: kills }, () => ({
      step: steps[Math.floor(Math.random() * steps.length)] ?? steps[0],
      times: 1 + Math.floor(Math.random() * (tasksPerLife / 2)),
    }));
    writeLine(Deno.stdout, `killed at ${plan.map(({ step, times }) => `${step} #${times}`).join(", ")}`);

    const circle = carryRound(handOver, responses, kills * tasksPerLife, 90_000);
    for (const { step, times } of plan) {
      const worker = await world.startWorker();
      const killed = worker.kill9At(step, times);
      await handOver.start(tasksPerLife);
      await killed;
    }
    const last = await world.startWorker();
    await circle;
    await handOver.balance();
    await responses.balance();
    await responses.answersAre("ok");
    await stopsCleanly(last);
  },
});
