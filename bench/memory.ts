/** How much memory the programs take while tasks go their whole round, and whether it grows with what has gone through. */
import { launchOf, type ProgramName, programNames } from "../tests/services/launch.ts";
import { type Result, resultOf } from "./figures.ts";
import { median } from "./measure.ts";
import { Orders } from "./orders.ts";
import { openCorner, type Place } from "./place.ts";
import { BenchProgram } from "./program.ts";
import { startSimulator } from "./simulator_process.ts";

const TASKS = 10_000;
/** Instances at once: what is open at a time is a load, not a heap of orders. */
const PORTION = 1_000;
/** Looks at the memory, a second apart: the collector works in steps. */
const LOOKS = 5;

export async function memory(place: Place, wanted: (name: string) => boolean): Promise<Result[]> {
  const { tell } = place;
  await using camunda = await startSimulator("camunda");
  await using portal = await startSimulator("bitrix24", "--diligent");
  await using corner = await openCorner(camunda.url);
  const settings = {
    ...corner.settings,
    BITRIX_WEBHOOK_URL: portal.url,
    BITRIX_RATE_PER_SECOND: "100",
    BITRIX_RATE_BURST: "100",
    TRACKER_INTERVAL_SECONDS: "1",
  };
  await using running = new AsyncDisposableStack();
  const programs = new Map<ProgramName, BenchProgram>();
  for (const name of programNames) {
    programs.set(name, running.use(await BenchProgram.start(name, launchOf(name, "executable"), settings)));
  }
  const orders = new Orders(camunda.url, corner.tenantId);
  const afterTenThousand = async (which: string) => {
    for (let started = 0; started < TASKS; started += PORTION) {
      await orders.start(PORTION);
      await orders.allCompleted();
    }
    const used = new Map<ProgramName, number>();
    for (const [name, program] of programs) used.set(name, await residentMb(program));
    tell(`${which}: ${[...used].map(([name, mb]) => `${name} ${mb.toFixed(0)} MB`).join(", ")}`);
    return used;
  };
  const first = await afterTenThousand("after 10,000 tasks");
  const second = await afterTenThousand("after 20,000 tasks");
  const results = programNames.flatMap((name) => {
    const [before = NaN, after = NaN] = [first.get(name), second.get(name)];
    return [
      resultOf(`${name}.rss_mb`, before),
      resultOf(`${name}.rss_growth_mb`, after - before, { baseline: before }),
    ];
  });
  for (const program of programs.values()) await program.stop();
  return results.filter(({ name }) => wanted(name));
}

/** The median of some looks at it. */
export async function residentMb(program: BenchProgram): Promise<number> {
  const looks: number[] = [];
  for (let look = 0; look < LOOKS; look++) {
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    looks.push(await program.residentMb());
  }
  return median(looks);
}
