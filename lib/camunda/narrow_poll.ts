/**
 * Finds what makes a fetch fail, when one rotten task answers 500 for all topics that are asked for together: first by
 * topics, then by the number of tasks. What the successful fetches bring on the way is kept.
 */
import type { LockedTask } from "./types.ts";

/** One fetch that answers at once; `undefined` when it fails in the way that is being searched for. */
export type TryFetch = (topics: readonly string[], maxTasks: number) => Promise<readonly LockedTask[] | undefined>;

export interface NarrowedPoll {
  readonly tasks: readonly LockedTask[];
  /** Topics whose very next task cannot be fetched. */
  readonly offenders: readonly string[];
}

/**
 * `topics` together are known to fail. Rejects only when `tryFetch` does before anything was fetched; after that what was
 * fetched counts more.
 */
export async function narrowPoll(
  topics: readonly string[],
  maxTasks: number,
  tryFetch: TryFetch,
): Promise<NarrowedPoll> {
  const tasks: LockedTask[] = [];
  const offenders: string[] = [];

  const free = () => maxTasks - tasks.length;

  /** How many came; `undefined` when it fails. */
  async function attempt(some: readonly string[], most: number): Promise<number | undefined> {
    const fetched = await tryFetch(some, Math.min(most, free()));
    tasks.push(...fetched ?? []);
    return fetched?.length;
  }

  async function search(failing: readonly string[]): Promise<void> {
    const [topic] = failing;
    if (topic === undefined) return;
    if (failing.length === 1) return await searchTopic(topic);
    const middle = Math.ceil(failing.length / 2);
    for (const half of [failing.slice(0, middle), failing.slice(middle)]) {
      if (free() > 0 && await attempt(half, free()) === undefined) await search(half);
    }
  }

  /** Tasks come in a fixed order, so growing steps take what lies before the rotten one, or meet it first of all. */
  async function searchTopic(topic: string): Promise<void> {
    for (let most = 1; free() > 0; most *= 2) {
      const came = await attempt([topic], most);
      if (came === undefined && most === 1) offenders.push(topic);
      if (came === undefined || came < most) return;
    }
  }

  try {
    await search(topics);
  } catch (error) {
    if (tasks.length === 0) throw error;
  }
  return { tasks, offenders };
}
