/** How soon a finished task is answered when the portal calls: from a person's click to the answer for Camunda. */
import { startBitrix24Simulator } from "../simulators/bitrix24/simulator.ts";
import { launchOf } from "../tests/services/launch.ts";
import { type Result, resultOf } from "./figures.ts";
import { quantile, spreadOf } from "./measure.ts";
import { Orders } from "./orders.ts";
import { openCorner, type Place } from "./place.ts";
import { BenchProgram } from "./program.ts";
import { QueueReader } from "./queue_reader.ts";
import { startSimulator } from "./simulator_process.ts";

const TASKS = 100;
/** No tick comes while it is measured. */
const INTERVAL_S = 3_600;
const TOKEN = "token-of-the-webhook";

export async function bitrix24Webhook({ tell }: Place): Promise<Result[]> {
  await using camunda = await startSimulator("camunda");
  await using portal = await startBitrix24Simulator();
  await using corner = await openCorner(camunda.url);
  const port = freePort();
  portal.webhooks.register({ url: `http://127.0.0.1:${port}/webhooks/bitrix24`, applicationToken: TOKEN });
  const settings = {
    ...corner.settings,
    BITRIX_WEBHOOK_URL: portal.webhookUrl,
    TRACKER_INTERVAL_SECONDS: String(INTERVAL_S),
    TRACKER_WEBHOOK_PORT: String(port),
    BITRIX_APPLICATION_TOKEN: TOKEN,
    BITRIX_RATE_PER_SECOND: "100",
    BITRIX_RATE_BURST: "100",
  };
  await using running = new AsyncDisposableStack();
  const start = async (name: "worker" | "creator" | "tracker") =>
    running.use(await BenchProgram.start(name, launchOf(name, "executable"), settings));
  const [worker, creator, tracker] = [await start("worker"), await start("creator"), await start("tracker")];
  await new Orders(camunda.url, corner.tenantId).start(TASKS);
  await tracker.whileRunning(corner.filled(`bitrix24.waiting.${INTERVAL_S}s`, TASKS));
  await worker.stop(); // whose answers these are: they are to be seen here

  await using reader = await QueueReader.open(corner.vhost.url, "camunda.responses.queue");
  const tookMs: number[] = [];
  for (const [finished, { id }] of portal.people.openTasks().entries()) {
    const startedAt = performance.now();
    portal.people.finish(id, { answer: "ДА" });
    await tracker.whileRunning(reader.received(finished + 1));
    tookMs.push(performance.now() - startedAt);
  }
  tell(`${tookMs.length} answers, 99th percentile ${quantile(tookMs, 0.99).toFixed(0)} ms`);
  for (const program of [creator, tracker]) await program.stop();
  return [resultOf("bitrix24.webhook_p50_ms", quantile(tookMs, 0.5), { spread: spreadOf(tookMs) })];
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
