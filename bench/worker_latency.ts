/** How long a task that comes to an idle worker takes into its queue, beyond the time the engine itself needs to wake a poll. */
import { BareClient } from "./bare_client.ts";
import { type Result, resultOf } from "./figures.ts";
import { alternate, quantile } from "./measure.ts";
import { Orders } from "./orders.ts";
import { openCorner, type Place } from "./place.ts";
import { MeasuredWorker } from "./worker_rates.ts";

/** Of each kind in a round. */
const SAMPLES = 30;
const POLL_MS = 20_000;

export async function workerLatency(place: Place): Promise<Result[]> {
  const { rounds, tell } = place;
  const camundaUrl = await place.camunda();
  await using worker = await MeasuredWorker.start(camundaUrl);
  await using corner = await openCorner(camundaUrl);
  const orders = new Orders(camundaUrl, corner.tenantId);
  const bare = new BareClient(camundaUrl, corner.tenantId);
  const latencies = { engine: new Array<number>(), worker: new Array<number>() };

  /** Milliseconds from the request that starts an instance until `seen`. */
  async function sample(ofWhom: number[], from: Orders, watch: () => Promise<unknown>): Promise<void> {
    // Idle, and not in step with anything.
    await new Promise((resolve) => setTimeout(resolve, 40 + Math.random() * 60));
    const seen = watch();
    await new Promise((resolve) => setTimeout(resolve, 20)); // the poll has reached the engine
    const startedAt = performance.now();
    const started = from.startOne();
    await seen;
    ofWhom.push(performance.now() - startedAt);
    await started;
  }
  const medianOf = (ofWhom: readonly number[]) => quantile(ofWhom.slice(-SAMPLES), 0.5);

  await alternate(
    {
      engine: async () => {
        await orders.prepare();
        for (let n = 0; n < SAMPLES; n++) await sample(latencies.engine, orders, () => bare.fetchAndLock(1, POLL_MS));
        await orders.clear();
        return medianOf(latencies.engine);
      },
      worker: async () => {
        await using open = await worker.open();
        await worker.orders.prepare();
        for (let n = 0; n < SAMPLES; n++) {
          await sample(
            latencies.worker,
            worker.orders,
            () => worker.program.whileRunning(open.reader.received(open.reader.messages.length + 1)),
          );
        }
        return medianOf(latencies.worker);
      },
    },
    rounds,
    tell,
  );

  // The warm-up round stands first.
  const [engine, ours] = [latencies.engine.slice(SAMPLES), latencies.worker.slice(SAMPLES)];
  const over = (share: number) => quantile(ours, share) - quantile(engine, share);
  return [
    resultOf("worker.latency_over_engine_p50_ms", over(0.5), { baseline: quantile(engine, 0.5) }),
    resultOf("worker.latency_over_engine_p99_ms", over(0.99), { baseline: quantile(engine, 0.99) }),
  ];
}
