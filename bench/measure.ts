/** What a benchmark does with its numbers: alternating rounds, medians, the spread that says how far to trust them. */

/** @param share 0 to 1; 0.5 is the median */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const below = sorted[Math.floor(at)];
  const above = sorted[Math.ceil(at)];
  if (below === undefined || above === undefined) throw new RangeError("There is no quantile of nothing");
  return below + (above - below) * (at - Math.floor(at));
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The third quartile over the first: 1 when every round gave the same. */
export function spreadOf(values: readonly number[]): number {
  return quantile(values, 0.75) / quantile(values, 0.25);
}

/** A program measured against itself varies this much on two cores; what varies more is inconclusive. */
export const CONCLUSIVE_SPREAD = 1.15;

/** How many a second `act` does that does so many. */
export async function perSecond(many: number, act: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await act();
  return many / (performance.now() - startedAt) * 1000;
}

/** By name; each call measures one round and returns its number. */
export type Subjects = Readonly<Record<string, () => Promise<number>>>;

/**
 * Measures the subjects in turn, so that whatever else the machine does meets all of them; every other round in reverse
 * order. A first round warms up and does not count. Returns each subject's numbers, round by round.
 */
export async function alternate(
  subjects: Subjects,
  rounds: number,
  tell: (what: string) => void = () => {},
): Promise<ReadonlyMap<string, readonly number[]>> {
  const measured = new Map(Object.keys(subjects).map((name): [string, number[]] => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    const order = Object.entries(subjects);
    for (const [name, measure] of round % 2 === 0 ? order : order.toReversed()) {
      const value = await measure();
      tell(`${round === 0 ? "warm-up" : `round ${round}/${rounds}`}, ${name}: ${value.toPrecision(3)}`);
      if (round > 0) measured.get(name)?.push(value);
    }
  }
  return measured;
}

/** Each round's value over the same round's baseline. */
export function ratios(values: readonly number[], baselines: readonly number[]): number[] {
  return values.map((value, round) => value / (baselines[round] ?? NaN));
}
