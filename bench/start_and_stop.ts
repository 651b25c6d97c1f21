/** How long an executable takes to be ready, and to end when it has nothing to do. */
import { launchOf, type ProgramName, programNames } from "../tests/services/launch.ts";
import { type Result, resultOf } from "./figures.ts";
import { median, spreadOf } from "./measure.ts";
import { openCorner, type Place } from "./place.ts";
import { BenchProgram } from "./program.ts";
import { startSimulator } from "./simulator_process.ts";

const STARTS = 10;
/** Long enough for everything that goes on after a start, so that the program is idle. */
const IDLE_AFTER_MS = 500;

export async function startAndStop(place: Place, wanted: (name: string) => boolean): Promise<Result[]> {
  await using portal = await startSimulator("bitrix24");
  const results: Result[] = [];
  for (const name of programNames) {
    if (![`${name}.ready_ms`, `${name}.idle_stop_ms`].some(wanted)) continue;
    await using corner = await openCorner(await place.camunda());
    const settings = { ...corner.settings, BITRIX_WEBHOOK_URL: portal.url, WORKER_NEEDS_CONSUMER: "false" };
    const rounds = await repeated(name, settings, place.tell);
    const [readyMs, stopMs] = [rounds.map(({ readyMs }) => readyMs), rounds.map(({ stopMs }) => stopMs)];
    results.push(
      resultOf(`${name}.ready_ms`, median(readyMs), { spread: spreadOf(readyMs) }),
      resultOf(`${name}.idle_stop_ms`, median(stopMs), { spread: spreadOf(stopMs) }),
    );
  }
  return results;
}

/** Each start on what the one before left; the first finds no files in the system's cache, nor queues, and does not count. */
async function repeated(name: ProgramName, settings: Readonly<Record<string, string>>, tell: Place["tell"]) {
  const rounds: { readyMs: number; stopMs: number }[] = [];
  for (let start = 0; start <= STARTS; start++) {
    await using program = await BenchProgram.start(name, launchOf(name, "executable"), settings);
    await new Promise((resolve) => setTimeout(resolve, IDLE_AFTER_MS));
    const stopMs = await program.stop();
    const { readyMs } = program;
    tell(
      `${start === 0 ? "warm-up" : `start ${start}/${STARTS}`}, ${name}: ready in ${
        readyMs.toFixed(0)
      } ms, stopped in ${stopMs.toFixed(0)} ms`,
    );
    if (start > 0) rounds.push({ readyMs, stopMs });
  }
  return rounds;
}
