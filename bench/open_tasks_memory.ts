/** How much memory the tracker takes while many tasks are open and looked at again and again. */
import { launchOf } from "../tests/services/launch.ts";
import { type Result, resultOf } from "./figures.ts";
import { residentMb } from "./memory.ts";
import { Orders } from "./orders.ts";
import { openCorner, type Place } from "./place.ts";
import { BenchProgram } from "./program.ts";
import { startSimulator } from "./simulator_process.ts";

const TASKS = 10_000;
/** Instances at once, so that engine and broker are not measured too. */
const PORTION = 1_000;
const INTERVAL_S = 10;
/** Looks at all of them before the memory counts. */
const TICKS = 3;

export async function openTasksMemory({ tell }: Place): Promise<Result[]> {
  await using camunda = await startSimulator("camunda");
  await using portal = await startSimulator("bitrix24");
  await using corner = await openCorner(camunda.url);
  const settings = {
    ...corner.settings,
    BITRIX_WEBHOOK_URL: portal.url,
    BITRIX_RATE_PER_SECOND: "100",
    BITRIX_RATE_BURST: "100",
    TRACKER_INTERVAL_SECONDS: String(INTERVAL_S),
  };
  await using running = new AsyncDisposableStack();
  const start = async (name: "worker" | "creator" | "tracker") =>
    running.use(await BenchProgram.start(name, launchOf(name, "executable"), settings));
  const [worker, creator, tracker] = [await start("worker"), await start("creator"), await start("tracker")];
  const orders = new Orders(camunda.url, corner.tenantId);
  for (let started = 0; started < TASKS; started += PORTION) await orders.start(PORTION);
  await tracker.whileRunning(corner.filled(`bitrix24.waiting.${INTERVAL_S}s`, TASKS));
  await new Promise((resolve) => setTimeout(resolve, TICKS * INTERVAL_S * 1000));
  const mb = await residentMb(tracker);
  tell(`with ${TASKS} open tasks: tracker ${mb.toFixed(0)} MB`);
  for (const program of [worker, creator, tracker]) await program.stop();
  return [resultOf("tracker.rss_10000_mb", mb)];
}
