/** How long the conversion of a diagram takes, how that grows with its size, and the memory of converting many. */
import { convert } from "../lib/bpmn/convert/convert.ts";
import { launchOf } from "../tests/services/launch.ts";
import { drawnProcess } from "./drawn_process.ts";
import { type Result, resultOf } from "./figures.ts";
import { alternate, median, ratios, spreadOf } from "./measure.ts";
import type { Place } from "./place.ts";

const SMALL = 200;
const LARGE = 2_000;
/** Of a round: a single conversion is too short to be timed among collections of garbage. */
const REPEATS = { [SMALL]: 20, [LARGE]: 2 };
/** Nobody converts the same diagram over and over: ten small ones are as much text as a large one, and as many ids. */
const DRAWN = {
  [SMALL]: Array.from({ length: LARGE / SMALL }, (_, which) => drawnProcess(SMALL, which)),
  [LARGE]: [drawnProcess(LARGE)],
};
/** In place of one round of other figures: two cores do not give one time twice, and a conversion is over soon. */
const MORE_ROUNDS = 5;
/** Before the rounds: the compiler of the runtime needs that many to be done. */
const WARM_UP = 100;
const MANY = 500;
const LOOK_MS = 100;

export async function conversion({ rounds, tell }: Place, wanted: (name: string) => boolean): Promise<Result[]> {
  const results: Result[] = [];
  if (wanted("sync.convert_200_ms") || wanted("sync.scale_2000_over_200")) {
    await perConversionMs(SMALL, WARM_UP);
    const measured = await alternate(
      { small: () => perConversionMs(SMALL), large: () => perConversionMs(LARGE) },
      rounds * MORE_ROUNDS,
      tell,
    );
    const [small = [], large = []] = [measured.get("small"), measured.get("large")];
    const scale = ratios(large, small);
    results.push(
      resultOf("sync.convert_200_ms", median(small), { spread: spreadOf(small) }),
      resultOf("sync.scale_2000_over_200", median(scale), { baseline: median(small), spread: spreadOf(scale) }),
    );
  }
  if (wanted("sync.rss_500_mb")) results.push(resultOf("sync.rss_500_mb", await peakOfManyMb()));
  return results.filter(({ name }) => wanted(name));
}

async function perConversionMs(elements: typeof SMALL | typeof LARGE, many = REPEATS[elements]): Promise<number> {
  const drawn = DRAWN[elements];
  const startedAt = performance.now();
  for (let count = 0; count < many; count++) {
    const { kind } = await convert(drawn[count % drawn.length] ?? "");
    if (kind !== "converted") throw new Error("The drawn process was refused");
  }
  return (performance.now() - startedAt) / many;
}

/** The highest resident memory of one `exchanger-sync lint` over many files. */
async function peakOfManyMb(): Promise<number> {
  const folder = await Deno.makeTempDir({ prefix: "exchanger-bench-" });
  try {
    const files = Array.from({ length: MANY }, (_, index) => `${folder}/${index}.bpmn`);
    for (const [index, file] of files.entries()) {
      await Deno.writeTextFile(file, drawnProcess(SMALL).replace('id="P"', `id="P${index}"`));
    }
    const { command, args, env } = launchOf("sync", "executable");
    const lint = new Deno.Command(command, {
      args: [...args, "lint", ...files],
      clearEnv: true,
      env,
      stdin: "null",
      stdout: "null",
      stderr: "inherit",
    }).spawn();
    let peakMb = 0;
    const look = setInterval(() => peakMb = Math.max(peakMb, highWaterMb(lint.pid)), LOOK_MS);
    const { code } = await lint.status.finally(() => clearInterval(look));
    if (code !== 0) throw new Error(`exchanger-sync lint ended with ${code}`);
    return peakMb;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** 0 for a process that has ended. */
function highWaterMb(pid: number): number {
  try {
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(Deno.readTextFileSync(`/proc/${pid}/status`))?.[1] ?? 0) / 1024;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}
