/**
 * Makes room in a picture: everything right of a cut moves to the right, and what lies across it (lanes, sub-processes) grows.
 * So nothing that is put in can overlap what was there.
 */
/** A vertical line and how much wider the picture becomes there. */
export interface Cut {
  readonly x: number;
  readonly width: number;
}

/** How far points move; made for all cuts of a picture at once, so that many cuts cost no more than one. */
export class Room {
  readonly #cuts: readonly number[];
  /** By the number of cuts that lie before. */
  readonly #moved: readonly number[];

  constructor(cuts: readonly Cut[]) {
    const widths = new Map<number, number>();
    for (const { x, width } of cuts) widths.set(x, Math.max(width, widths.get(x) ?? 0));
    const sorted = [...widths].sort(([one], [other]) => one - other);
    this.#cuts = sorted.map(([x]) => x);
    const moved = [0];
    for (const [, width] of sorted) moved.push((moved.at(-1) ?? 0) + width);
    this.#moved = moved;
  }

  /** Where what stands at `x`, or begins there, is now. */
  beginAt(x: number): number {
    return x + (this.#moved[this.#count(x, true)] ?? 0);
  }

  /** Where what ends at `x` ends now: a cut at its very end is behind it. */
  endAt(x: number): number {
    return x + (this.#moved[this.#count(x, false)] ?? 0);
  }

  /** How many cuts lie before `x`, or at it. */
  #count(x: number, inclusive: boolean): number {
    let low = 0;
    let high = this.#cuts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const cut = this.#cuts[middle] ?? 0;
      if (cut < x || (inclusive && cut === x)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
