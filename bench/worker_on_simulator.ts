/** A worker on the Camunda simulator: an engine so fast that our own share of the work shows. */
import { type Result, resultOf } from "./figures.ts";
import { alternate, median, spreadOf } from "./measure.ts";
import type { Place } from "./place.ts";
import { startSimulator } from "./simulator_process.ts";
import { MeasuredWorker } from "./worker_rates.ts";

const TASKS = 2_000;

export async function workerOnSimulator(place: Place): Promise<Result[]> {
  await using simulator = await startSimulator("camunda");
  await using worker = await MeasuredWorker.start(simulator.url);
  const rates = await alternate({ worker: () => worker.rate(TASKS) }, place.rounds, place.tell);
  const each = rates.get("worker") ?? [];
  return [resultOf("worker.simulator_rate", median(each), { spread: spreadOf(each) })];
}
