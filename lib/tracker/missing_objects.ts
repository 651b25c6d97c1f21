/**
 * Whether objects that a target does not show may be believed to be gone. A few are deleted by people every day; many at
 * once means that our rights changed, and their processes must not learn of it as failures.
 */
import type { Clock } from "../time/clock.ts";

export interface MissingObjectsOptions {
  /** The largest share of the objects looked at, 0 to 1, that may be gone. */
  readonly share: number;
  /** What is counted together: a little longer than the time between two looks at all open tasks. */
  readonly windowMs: number;
}

/** So few are always believed: of a single open task the only one may have been deleted. */
const ALWAYS_BELIEVED = 3;

interface Look {
  readonly atMs: number;
  readonly looked: number;
  readonly missing: number;
}

export class MissingObjects {
  #looks: readonly Look[] = [];

  constructor(private readonly options: MissingObjectsOptions, private readonly clock: Clock) {}

  /** Counts a look at this many objects. */
  count(looked: number, missing: number): void {
    this.#looks = [...this.#recent(), { atMs: this.clock.now(), looked, missing }];
  }

  /** Why what is missing is not believed, in words; `undefined` while it is. */
  get problem(): string | undefined {
    const looks = this.#recent();
    const looked = looks.reduce((sum, look) => sum + look.looked, 0);
    const missing = looks.reduce((sum, look) => sum + look.missing, 0);
    if (missing <= Math.max(ALWAYS_BELIEVED, this.options.share * looked)) return undefined;
    return `${missing} of ${looked} objects are not shown. Has the account that we use lost its rights? If they were ` +
      "deleted, raise TRACKER_MISSING_PERCENT for a while.";
  }

  #recent(): readonly Look[] {
    const sinceMs = this.clock.now() - this.options.windowMs;
    return this.#looks.filter(({ atMs }) => atMs > sinceMs);
  }
}
