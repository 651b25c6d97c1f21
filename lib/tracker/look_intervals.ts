/** How often open tasks are looked at: what has been open for days is rarely done within the next minute. */
import { textSchema } from "../config/schemas.ts";

export interface SlowerLooks {
  /** How long a task has been open, in seconds. */
  readonly olderThanS: number;
  /** Then it is looked at once in so many seconds. */
  readonly everyS: number;
}

const LONGEST_S = 3600;

/** `604800:300,2592000:900`: older than a week every 5 minutes, than 30 days every 15. */
export const slowerLooks = textSchema(
  `must be pairs age:interval in seconds, both growing, separated by commas, with intervals of at most ${LONGEST_S}; or none`,
  (input): readonly SlowerLooks[] | undefined => {
    if (/^(none|0)?$/i.test(input)) return [];
    const pairs = input.split(",").map((pair) => /^\s*(\d{1,9})\s*:\s*(\d{1,4})\s*$/.exec(pair));
    const looks = pairs.flatMap((pair) =>
      pair === null ? [] : [{ olderThanS: Number(pair[1]), everyS: Number(pair[2]) }]
    );
    const grows = looks.every(({ olderThanS, everyS }, index) => {
      const before = looks[index - 1] ?? { olderThanS: 0, everyS: 0 };
      return olderThanS > before.olderThanS && everyS > before.everyS && everyS <= LONGEST_S;
    });
    return looks.length === pairs.length && grows ? looks : undefined;
  },
);

export class LookIntervals {
  readonly #slower: readonly SlowerLooks[];

  /** What is not slower than `everyS` changes nothing. */
  constructor(private readonly everyS: number, slower: readonly SlowerLooks[] = []) {
    this.#slower = slower.filter((looks) => looks.everyS > everyS);
  }

  /** In seconds, ascending; the first is that of new tasks. */
  get all(): readonly number[] {
    return [this.everyS, ...this.#slower.map(({ everyS }) => everyS)];
  }

  /** In seconds. @param openForMs 0 when nobody knows */
  of(openForMs: number): number {
    return this.#slower.findLast(({ olderThanS }) => openForMs > olderThanS * 1000)?.everyS ?? this.everyS;
  }
}
